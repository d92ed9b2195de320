/** The tables of savings: mechanisms, hosts, guests, changes. Their sums are the ledger's own, never added up anew. */
import type { HistoryEvent } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Harm, HostLedger, Ledger, LedgerScope } from '#shared/model/ledger.ts';
import type { PlanView } from '#shared/model/plan.ts';
import type { ReportCell, ReportTable } from '#shared/model/report.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { figure, money, momentText, nothing, words } from '../format.ts';
import { names } from '../words.ts';
import { harmOf, mechanismSums, works } from './figures.ts';

const GiB = 1024 ** 3;
const mostGuests = 20;

type Column = ReportTable['columns'][number];
export const left = (title: string): Column => ({ title, align: 'left' });
export const right = (title: string): Column => ({ title, align: 'right' });

export function mechanismTable(ledger: Ledger): ReportTable {
  const { sums } = ledger;
  const rows = mechanismSums(ledger).map((row) => [
    words(mechanismTitles[row.mechanism]),
    figure(row.hosts, 'count'),
    figure(row.gross, 'bytes'),
    figure(row.overhead, 'bytes'),
    figure(row.net, 'bytes'),
    figure(row.capacity, 'bytes'),
    figure(row.moved, 'bytes'),
    figure(row.lent, 'bytes'),
    figure(row.readsAvoided, 'pages'),
    figure(row.writesAvoided, 'pages'),
  ]);
  return {
    id: 'mechanisms',
    title: 'Mechanisms',
    columns: [
      left('Mechanism'),
      right('Hosts'),
      right('Gross'),
      right('Overhead'),
      right('Net saved'),
      right('Capacity gained'),
      right('Moved'),
      right('Lent'),
      right('Reads avoided'),
      right('Writes avoided'),
    ],
    rows: [
      ...rows,
      [
        words('All'),
        nothing,
        figure(sums.gross, 'bytes'),
        figure(sums.overhead, 'bytes'),
        figure(sums.saved, 'bytes'),
        figure(sums.capacity, 'bytes'),
        figure(sums.moved, 'bytes'),
        figure(sums.lent, 'bytes'),
        figure(sums.readsAvoided, 'pages'),
        figure(sums.writesAvoided, 'pages'),
      ],
    ],
    note: 'Bytes are means over the time that is known, pages are sums over the span. Only “Net saved” is memory that was not needed; capacity, moved and lent are never part of it.',
  };
}

const harmCell = (scope: Pick<LedgerScope, 'harm'>, harm: Harm): ReportCell => {
  const found = harmOf(scope, harm);
  return found === undefined ? nothing : figure(found.value, found.unit);
};

const peakCell = (scope: Pick<LedgerScope, 'harm'>, harm: Harm): ReportCell =>
  figure(harmOf(scope, harm)?.peak, 'percent');

/** What a host and the fleet as a whole have alike. */
type HostFigures = Pick<HostLedger, 'ram' | 'sums' | 'harm' | 'overcommit' | 'effective'>;

export function hostTable(ledger: Ledger): ReportTable {
  const priced = ledger.money;
  const perMonth = (saved: number | undefined): ReportCell =>
    priced === undefined || saved === undefined
      ? nothing
      : money((saved / GiB) * priced.pricePerGiBMonth, priced.currency);
  const row = (name: string, of: HostFigures, worth: ReportCell): readonly ReportCell[] => [
    words(name),
    figure(of.ram, 'bytes'),
    figure(of.sums.saved, 'bytes'),
    figure(share(of.sums.saved, of.ram), 'percent'),
    figure(of.sums.capacity, 'bytes'),
    harmCell(of, 'psi-some'),
    peakCell(of, 'psi-some'),
    harmCell(of, 'swap-ins'),
    harmCell(of, 'rejects'),
    harmCell(of, 'oom-kills'),
    figure(of.overcommit?.value, 'ratio'),
    figure(of.effective?.value, 'ratio'),
    ...(priced === undefined ? [] : [worth]),
  ];
  return {
    id: 'hosts',
    title: 'Hosts',
    columns: [
      left('Host'),
      right('RAM'),
      right('Net saved'),
      right('Of RAM'),
      right('Capacity gained'),
      right('Waited'),
      right('Worst spell'),
      right('Swap-ins'),
      right('Rejects'),
      right('OOM kills'),
      right('Overcommit'),
      right('Effective'),
      ...(priced === undefined ? [] : [right('Per month')]),
    ],
    rows: [
      ...ledger.hosts.map((host) => row(host.name, host, perMonth(host.sums.saved))),
      row('All', ledger, priced === undefined ? nothing : money(priced.perMonth, priced.currency)),
    ],
    note: '“Waited” is the share of time in which some task waited for memory; in the last row it is the worst host’s. Counts are sums over the span.',
  };
}

const share = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || whole <= 0 ? undefined : (100 * part) / whole;

/** Those that save most; undefined where no guest has figures of its own. */
export function guestTable(ledger: Ledger): ReportTable | undefined {
  const guests = ledger.hosts.flatMap((host) => host.guests.map((guest) => ({ host: host.name, guest })));
  const told = guests
    .filter(({ guest }) => guest.entries.length > 0)
    .sort((a, b) => (b.guest.sums.saved ?? -Infinity) - (a.guest.sums.saved ?? -Infinity));
  if (told.length === 0) return undefined;
  const telling = told.filter(
    ({ guest }) => guest.entries.some(works) || guest.harm.some(({ figure: its }) => its.value > 0),
  );
  const shown = (telling.length > 0 ? telling : told).slice(0, mostGuests);
  return {
    id: 'guests',
    title: telling.length > mostGuests ? 'The guests that save most' : 'Guests',
    columns: [
      left('Guest'),
      left('Host'),
      right('Net saved'),
      right('Of it ballooned'),
      right('Capacity gained'),
      right('Waited'),
      right('Swap-ins'),
      right('Refaults'),
      right('Rejects'),
    ],
    rows: shown.map(({ host, guest }) => [
      words(guest.name),
      words(host),
      figure(guest.sums.saved, 'bytes'),
      figure(guest.sums.byMechanism.balloon, 'bytes'),
      figure(guest.sums.capacity, 'bytes'),
      harmCell(guest, 'psi-some'),
      harmCell(guest, 'swap-ins'),
      harmCell(guest, 'refaults'),
      harmCell(guest, 'rejects'),
    ]),
    note: `${shown.length < told.length ? `${shown.length} of ${told.length} guests with figures of their own; ${telling.length > mostGuests ? 'the others save less' : 'the others are all zero'}. ` : ''}What a guest saves is part of what its host saves; the two are never added.`,
  };
}

/** Changes within the span with the letters that mark them on the charts; undefined where there were none. */
export function changeTable(
  events: readonly HistoryEvent[],
  plans: readonly PlanView[],
  hostName: (host: HostId) => string,
): ReportTable | undefined {
  const changes = events.filter(({ kind }) => kind === 'change' || kind === 'change-undone');
  if (changes.length === 0) return undefined;
  return {
    id: 'changes',
    title: 'Changes in this span',
    columns: [left('Letter'), left('When'), left('What'), left('Hosts')],
    rows: changes.map((event) => {
      const plan = plans.find(({ plan: { id } }) => id === event.plan)?.plan;
      const hosts = plan?.hosts.map(({ name }) => name) ?? (event.hosts ?? []).map(hostName);
      return [
        words(event.letter ?? plan?.letter ?? ''),
        { text: momentText(event.at) },
        words(event.words),
        words(names(hosts, 6)),
      ];
    }),
  };
}

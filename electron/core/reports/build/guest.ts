/** The guest report: the truths about each guest over time, what it saves, and what that costs it. */
import type { Ledger, LedgerEntry, LedgerScope } from '#shared/model/ledger.ts';
import type { ReportBlock, ReportCell, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { fail } from '#shared/problem.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { figure, words } from '../format.ts';
import { partTitles, subjectOf } from '../words.ts';
import { guestCharts } from './charts.ts';
import type { BuildContext } from './context.ts';
import { head } from './context.ts';
import { guestsCost, guestsNext, guestsSaved } from './guest-answers.ts';
import type { SubjectGuest } from './guest-truths.ts';
import { truthMeans, truthTable } from './guest-truths.ts';
import { ledgerMethod } from './method.ts';
import { ledgerQuality } from './quality.ts';
import { changeTable, guestTable, left, right } from './tables.ts';

/** Guests with charts of their own; further ones are in the tables. */
const mostCharts = 12;
/** Of more guests than this, nobody turns the pages to what each does by mechanism. */
const mostPrinted = 50;
const guestsAtOnce = 100;

export async function buildGuest(context: BuildContext): Promise<ReportDocument> {
  const { sources, from, to } = context;
  await context.step(0, 'looking for the guests');
  const guests = subjectGuests(context);
  const hosts = [...new Set(guests.map(({ host }) => host))];
  await context.step(0.05, 'computing the ledger');
  const ledger = onlyGuests(await sources.ledger({ hosts, guests: true, from, to }), guests);
  const scopes = ledger.hosts.flatMap((host) => host.guests);
  await context.step(0.3, 'reading the truths about the guests');
  const means = await truthMeans(context, hosts);
  const saving = new Map(scopes.map(({ host, guest, sums }) => [`${host}\n${guest}`, sums.saved ?? 0]));
  const of = ({ host, guest }: SubjectGuest): number => saving.get(`${host}\n${guest}`) ?? 0;
  const charts = await chartsOf(
    context,
    guests.toSorted((a, b) => of(b) - of(a)),
    ledger,
  );
  await context.step(0.95, 'laying out tables');
  const byGuest = guestTable(ledger);
  const nameOf = (host: string): string => context.hosts.find(({ id }) => id === host)?.name ?? host;
  const changes = changeTable(ledger.events, sources.plans(), nameOf);
  const blocks: (ReportBlock | undefined)[] = [
    { kind: 'table', table: truthTable(guests, means) },
    byGuest && { kind: 'table', table: byGuest },
    ...charts,
    scopes.length === 0 ? undefined : { kind: 'table', table: await entryTable(context, scopes) },
    changes && { kind: 'table', table: changes },
  ];
  return {
    ...head(context, subjectOf(guests, 'guest')),
    lab: sources.lab || ledger.lab,
    answers: [
      { question: 'What do these guests save?', sentences: guestsSaved(guests, scopes) },
      { question: 'What does it cost them?', sentences: guestsCost(scopes) },
      { question: 'What should we do next?', sentences: guestsNext(guests, scopes, means, sources) },
    ],
    blocks: blocks.filter((block) => block !== undefined),
    method: [
      ...(await ledgerMethod(context, ledger, { formulas: scopes, raw: scopes })),
      ...ledgerQuality(context, ledger),
    ],
  };
}

/** Those that were asked for, or all of the hosts that were seen in the span. Rejects: not-found. */
function subjectGuests({ request, entities, hosts, from, to }: BuildContext): readonly SubjectGuest[] {
  const seen = entities.filter(({ guest }) => guest !== '');
  const found =
    request.guests.length > 0
      ? seen.filter(({ host, guest }) => request.guests.some((one) => one.host === host && one.guest === guest))
      : seen.filter(
          ({ host, firstAt, lastAt }) => hosts.some(({ id }) => id === host) && firstAt <= to && lastAt >= from,
        );
  if (found.length === 0)
    fail('not-found', 'No guest of the choice was seen in this span. Choose other guests, or a longer span.');
  return found
    .map(({ host, hostName, guest, name }) => ({ host, hostName, guest, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function onlyGuests(ledger: Ledger, guests: readonly SubjectGuest[]): Ledger {
  const chosen = new Set(guests.map(({ host, guest }) => `${host}\n${guest}`));
  return {
    ...ledger,
    hosts: ledger.hosts.map((host) => ({
      ...host,
      guests: host.guests.filter((one) => chosen.has(`${one.host}\n${one.guest}`)),
    })),
  };
}

async function chartsOf(
  context: BuildContext,
  guests: readonly SubjectGuest[],
  { events }: Ledger,
): Promise<readonly ReportBlock[]> {
  const blocks: ReportBlock[] = [];
  const drawn = guests.slice(0, mostCharts);
  for (const [index, { host, guest, name, hostName }] of drawn.entries()) {
    await context.step(0.35 + (0.6 * index) / drawn.length, `drawing ${name}`);
    const own = events.filter((event) => event.host === host || event.hosts?.includes(host));
    const charts = await guestCharts(context, host, guest, index + 1, own);
    const shown = [charts.truths, charts.savings].filter((chart) => chart !== undefined);
    if (shown.length === 0) continue;
    blocks.push({ kind: 'heading', text: `${name} on ${hostName}` });
    blocks.push(...shown.map((chart) => ({ kind: 'chart' as const, chart })));
  }
  if (guests.length > mostCharts)
    blocks.push({
      kind: 'text',
      sentences: [
        `Charts of the ${mostCharts} guests that save most, of ${guests.length}; choose others to see theirs.`,
      ],
    });
  return blocks;
}

async function entryTable(context: BuildContext, scopes: readonly LedgerScope[]): Promise<ReportTable> {
  const rows: ReportTable['rows'][number][] = [];
  for (const [index, { name, entries }] of scopes.entries()) {
    if ((index + 1) % guestsAtOnce === 0) await context.step(0.96, 'laying out tables');
    for (const entry of entries) rows.push(entryRow(name, entry));
  }
  return {
    id: 'guest-mechanisms',
    title: 'Each guest by mechanism',
    columns: [
      left('Guest'),
      left('Mechanism'),
      left('Counts as'),
      left('What'),
      right('Gross'),
      right('Overhead'),
      right('Net'),
    ],
    rows,
    ...(scopes.length > mostPrinted ? { printed: false } : {}),
  };
}

const entryRow = (name: string, entry: LedgerEntry): readonly ReportCell[] => [
  words(name),
  words(mechanismTitles[entry.mechanism]),
  words(partTitles[entry.part]),
  words(entry.title),
  figure(entry.gross.value, entry.gross.unit),
  figure(entry.overhead?.value, entry.gross.unit),
  figure(entry.net.value, entry.net.unit),
];

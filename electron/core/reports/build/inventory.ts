/** The inventory report: hosts and guests as they are known, live or from the history alone, and how far that reaches. */
import { formatBytes } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import type { ReportDocument, ReportTable } from '#shared/model/report.ts';
import type { GuestRow } from '#shared/model/guest-row.ts';
import { dayText, figure, momentText, words } from '../format.ts';
import { many, names, subjectOf } from '../words.ts';
import type { BuildContext, SubjectHost } from './context.ts';
import { head } from './context.ts';
import { historyQuality, signalSentences } from './quality.ts';
import type { SignalTotals } from './signal-totals.ts';
import { signalTotals } from './signal-totals.ts';
import { left, right } from './tables.ts';

interface Facts {
  readonly host: SubjectHost;
  readonly ram?: number | undefined;
  readonly guests: number;
  readonly share: number;
}

export async function buildInventory(context: BuildContext): Promise<ReportDocument> {
  const { request, sources, hosts, from, to } = context;
  await context.step(0, 'reading what is known of the hosts');
  const totals = await signalTotals(sources, request.hosts, from, to, ['memory.total']);
  const facts = hosts.map((host) => factsOf(context, host, totals));
  await context.step(0.6, 'laying out tables');
  return {
    ...head(context, subjectOf(hosts)),
    answers: [
      { question: 'What is there?', sentences: whatIsThere(facts) },
      { question: 'How well do we know it?', sentences: howKnown(facts, sources.history.status().tiers) },
      { question: 'What should we do next?', sentences: next(facts) },
    ],
    blocks: [
      { kind: 'table', table: hostTable(facts) },
      { kind: 'table', table: guestTable(context) },
      { kind: 'table', table: historyTable(context) },
    ],
    method: [
      { kind: 'heading', text: 'Method and definitions' },
      { kind: 'text', sentences: signalSentences(context) },
      ...historyQuality(context, totals.coverage, totals.events, totals.damaged),
    ],
  };
}

function factsOf({ sources, entities, from, to }: BuildContext, host: SubjectHost, totals: SignalTotals): Facts {
  const { id, inventory } = host;
  const covered = totals.coverage.find((one) => one.host === id && one.guest === '')?.coveredMs ?? 0;
  const inHistory = entities.filter(
    (one) => one.host === id && one.guest !== '' && one.lastAt >= from && one.firstAt <= to,
  ).length;
  return {
    host,
    ram: inventory?.ram ?? totals.get(id, 'memory.total')?.last,
    guests: inventory?.guests ?? Math.max(sources.guests(id).length, inHistory),
    share: (100 * covered) / (to - from),
  };
}

function whatIsThere(facts: readonly Facts[]): string[] {
  const ram = facts.reduce((sum, one) => sum + (one.ram ?? 0), 0);
  const guests = facts.reduce((sum, one) => sum + one.guests, 0);
  const silent = facts.filter((one) => one.ram === undefined).length;
  return [
    `${many(facts.length, 'host')} with ${silent === facts.length ? '' : `${formatBytes(ram)} of RAM and `}${guests === 0 ? 'no guests' : many(guests, 'guest')}.`,
    ...(silent > 0 && silent < facts.length
      ? [`The RAM of ${many(silent, 'host')} is not known and is left out.`]
      : []),
    ...(facts.length > 0 && silent === facts.length ? ['Nothing tells how much RAM they have.'] : []),
  ];
}

function howKnown(
  facts: readonly Facts[],
  tiers: readonly { readonly tier: string; readonly from: number }[],
): string[] {
  const never = facts.filter(({ share }) => share === 0);
  const known = facts.filter(({ share }) => share > 0);
  const mean = known.reduce((sum, { share }) => sum + share, 0) / Math.max(1, known.length);
  const first = tiers.reduce((least, { from }) => Math.min(least, from), Infinity);
  return [
    known.length === 0
      ? 'No host was read in this span.'
      : `${many(known.length, 'host')} ${known.length === 1 ? 'was' : 'were'} read for ${formatPercent(mean)} of the span${known.length === 1 ? '' : ' on average'}` +
        '.',
    ...(never.length > 0 && known.length > 0
      ? [
          `Not read in this span: ${names(
            never.map(({ host }) => host.name),
            8,
          )}.`,
        ]
      : []),
    ...(Number.isFinite(first) ? [`The history begins on ${dayText(first)}.`] : []),
  ];
}

function next(facts: readonly Facts[]): string[] {
  const never = facts.filter(({ share, host }) => share === 0 && host.inventory !== undefined);
  const gone = facts.filter(({ host }) => host.inventory === undefined);
  const partial = facts.filter(({ host }) => (host.inventory?.missing ?? []).length > 0);
  const found = [
    ...(never.length > 0
      ? [
          `Connect ${names(
            never.map(({ host }) => host.name),
            8,
          )}: ${never.length === 1 ? 'it was' : 'they were'} not read in this span.`,
        ]
      : []),
    ...(partial.length > 0
      ? [
          `Grant the login on ${names(
            partial.map(({ host }) => host.name),
            8,
          )} what it may not read; until then some figures stay unknown.`,
        ]
      : []),
    ...(gone.length > 0
      ? [
          `${names(
            gone.map(({ host }) => host.name),
            8,
          )} ${gone.length === 1 ? 'is' : 'are'} in the history and no longer in the inventory.`,
        ]
      : []),
  ];
  return found.length > 0 ? found : ['No figure calls for a change.'];
}

const hostTable = (facts: readonly Facts[]): ReportTable => ({
  id: 'hosts',
  title: 'Hosts',
  columns: [
    left('Host'),
    left('Address'),
    left('Group'),
    left('Tags'),
    left('State'),
    left('System'),
    left('Kernel'),
    left('Found there'),
    right('RAM'),
    right('Guests'),
    right('Read'),
  ],
  rows: facts.map(({ host: { name, inventory }, ram, guests, share }) => [
    words(name),
    words(inventory?.address ?? ''),
    words(inventory?.group ?? ''),
    words(inventory?.tags.join(', ') ?? ''),
    words(inventory === undefined ? 'no longer in the inventory' : (inventory.state ?? '')),
    words(inventory?.os ?? ''),
    words(inventory?.kernel ?? ''),
    words(
      (inventory?.platforms ?? [])
        .filter(({ presence }) => presence !== 'none')
        .map(({ title, presence }) => (presence === 'full' ? title : `${title} (in part)`))
        .join(', '),
    ),
    figure(ram, 'bytes'),
    figure(guests, 'count'),
    figure(share, 'percent'),
  ]),
});

interface GuestFacts {
  readonly host: string;
  readonly name: string;
  readonly live?: GuestRow | undefined;
  readonly firstAt?: number | undefined;
  readonly lastAt?: number | undefined;
}

function guestTable({ sources, hosts, entities, from, to }: BuildContext): ReportTable {
  const all = new Map<string, GuestFacts>();
  for (const { id, name } of hosts) {
    for (const { host, guest, name: called, firstAt, lastAt } of entities)
      if (host === id && guest !== '' && lastAt >= from && firstAt <= to)
        all.set(`${id}\n${guest}`, { host: name, name: called, firstAt, lastAt });
    for (const row of sources.guests(id)) {
      const key = `${id}\n${row.key}`;
      all.set(key, { ...all.get(key), host: name, name: row.name, live: row });
    }
  }
  return {
    id: 'guests',
    title: 'Guests',
    columns: [
      left('Guest'),
      left('Host'),
      left('Kind'),
      right('Promised'),
      right('Allowed'),
      left('Seen first'),
      left('Seen last'),
    ],
    rows: [...all.values()].map(({ host, name, live, firstAt, lastAt }) => [
      words(name),
      words(host),
      words(live?.kind ?? ''),
      figure(live?.promised?.bytes, 'bytes'),
      figure(live?.allowed?.bytes, 'bytes'),
      words(firstAt === undefined ? '' : momentText(firstAt)),
      words(lastAt === undefined ? '' : momentText(lastAt)),
    ]),
  };
}

function historyTable({ sources }: BuildContext): ReportTable {
  const tierWords = { raw: 'Readings', minute: 'Minutes', hour: 'Hours' } as const;
  return {
    id: 'history',
    title: 'What the history holds',
    columns: [left('Kept as'), left('From'), left('To'), right('On the disk')],
    rows: sources.history
      .status()
      .tiers.map(({ tier, from, to, bytes }) => [
        words(tierWords[tier]),
        words(momentText(from)),
        words(momentText(to)),
        figure(bytes, 'bytes'),
      ]),
  };
}

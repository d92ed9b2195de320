/** Data quality, at the end of each report: what of the span is known, what broke it, which hosts are missing. Pure. */
import type { Coverage, HistoryEvent } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Ledger } from '#shared/model/ledger.ts';
import type { ReportBlock, ReportCell, ReportTable } from '#shared/model/report.ts';
import { dayText, durationText, figure, momentText, words, zoneText } from '../format.ts';
import { many, names } from '../words.ts';
import type { BuildContext } from './context.ts';
import { left, right } from './tables.ts';

const mostEvents = 100;

/** Hosts and how long each was read. */
export interface Covered {
  readonly name: string;
  readonly coveredMs: number;
}

export function ledgerQuality(context: BuildContext, { quality, hosts, events }: Ledger): readonly ReportBlock[] {
  const { covered, gaps, longestGapMs, reboots, resets, missing, notes } = quality;
  return [
    { kind: 'heading', text: 'Data quality' },
    {
      kind: 'figures',
      figures: [
        { label: 'Of the span is known', cell: figure(covered * 100, 'percent') },
        { label: 'Gaps', cell: figure(gaps, 'count') },
        { label: 'Longest gap', cell: figure(longestGapMs / 1000, 'seconds') },
        { label: 'Reboots', cell: figure(reboots, 'count') },
        { label: 'Counters that began anew', cell: figure(resets, 'count') },
        { label: 'Hosts not read', cell: figure(missing.length, 'count') },
      ],
    },
    ...(notes.length === 0 ? [] : [{ kind: 'text' as const, sentences: notes }]),
    { kind: 'table', table: coverageTable(hosts, context.to - context.from) },
    ...eventBlocks(context, events),
  ];
}

/** Of reports without a ledger, from the coverage of the history itself. */
export function historyQuality(
  context: BuildContext,
  coverage: readonly Coverage[],
  events: readonly HistoryEvent[],
  damaged: number,
): readonly ReportBlock[] {
  const { hosts, from, to } = context;
  const own = new Map(coverage.filter(({ guest }) => guest === '').map((one) => [one.host, one]));
  const covered = hosts.map(({ id, name }) => ({ name, coveredMs: own.get(id)?.coveredMs ?? 0 }));
  const missing = covered.filter(({ coveredMs }) => coveredMs === 0).map(({ name }) => name);
  const gaps = [...own.values()].reduce((sum, one) => sum + one.gaps, 0);
  const longest = Math.max(0, ...[...own.values()].map(({ longestGapMs }) => longestGapMs));
  const known = covered.reduce((sum, { coveredMs }) => sum + coveredMs, 0) / Math.max(1, hosts.length * (to - from));
  const sentences = [
    `Readings cover ${figure(known * 100, 'percent').text} of the span, with ${many(gaps, 'gap')}${gaps > 0 ? `, the longest of ${durationText(longest / 1000)}` : ''}.`,
    ...(missing.length > 0 ? [`Not read once in this span: ${names(missing, 12)}.`] : []),
    ...(damaged > 0
      ? [`${many(damaged, 'piece')} of the history could not be read and ${damaged === 1 ? 'is' : 'are'} left out.`]
      : []),
  ];
  return [
    { kind: 'heading', text: 'Data quality' },
    { kind: 'text', sentences },
    { kind: 'table', table: coverageTable(covered, to - from) },
    ...eventBlocks(context, events),
  ];
}

function coverageTable(hosts: readonly Covered[], spanMs: number): ReportTable {
  const share = (coveredMs: number): ReportCell => figure((100 * coveredMs) / spanMs, 'percent');
  return {
    id: 'coverage',
    title: 'How long each host was read',
    columns: [left('Host'), right('Read for'), right('Of the span')],
    rows: hosts.map(({ name, coveredMs }) => [words(name), figure(coveredMs / 1000, 'seconds'), share(coveredMs)]),
  };
}

const eventWords: { readonly [kind in HistoryEvent['kind']]?: string } = {
  reboot: 'Reboot',
  reset: 'Counter began anew',
  'clock-back': 'Clock set back',
  paused: 'Recording stopped',
  resumed: 'Recording went on',
};

function eventBlocks({ hosts }: BuildContext, events: readonly HistoryEvent[]): readonly ReportBlock[] {
  const told = events.filter(({ kind }) => eventWords[kind] !== undefined);
  if (told.length === 0) return [];
  const nameOf = (host: HostId): string => hosts.find(({ id }) => id === host)?.name ?? host;
  const table: ReportTable = {
    id: 'events',
    title: 'What broke the figures',
    columns: [left('When'), left('What'), left('Host'), left('In words')],
    rows: told
      .slice(0, mostEvents)
      .map(({ at, kind, host, words: said }) => [
        { text: momentText(at) },
        words(eventWords[kind] ?? kind),
        words(nameOf(host)),
        words(said),
      ]),
    ...(told.length > mostEvents ? { note: `The first ${mostEvents} of ${told.length}.` } : {}),
  };
  return [{ kind: 'table', table }];
}

/** `Times are local to the console, UTC+01:00.` Both offsets where the span has two. */
export function zoneWords({ from, to }: Pick<BuildContext, 'from' | 'to'>): string {
  const [first, last] = [zoneText(from), zoneText(to)];
  return first === last
    ? `Times are local to the console, ${first}.`
    : `Times are local to the console: ${first} on ${dayText(from)}, ${last} on ${dayText(to)}.`;
}

/** Method of reports whose figures are the hosts’ signals. */
export const signalSentences = (context: Pick<BuildContext, 'from' | 'to'>): readonly string[] => [
  '“Waited” is the kernel’s pressure stall information: the share of time in which some (or all) tasks that could have run waited for memory.',
  'Means are weighted by time, over the time that is known. Rates are what counters grew by, by the second; a counter that began anew is a gap and never a drop.',
  'Swap-ins and swap-outs count pages of any swap, compressed RAM included. Refaults are pages that were needed again soon after they were evicted. Rejects are pages that a pool did not take.',
  zoneWords(context),
];

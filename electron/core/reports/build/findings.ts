/** What an operator should know of a host's health, as sentences with the figure that speaks for each. Pure. */
import { formatBytes } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import type { HistoryEvent } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Harm } from '#shared/model/ledger.ts';
import { durationText } from '../format.ts';
import { many, names } from '../words.ts';
import type { SubjectHost } from './context.ts';
import type { SignalTotals } from './signal-totals.ts';

export interface HostFinding {
  readonly host: string;
  readonly level: 'bad' | 'warn' | 'note';
  readonly sentence: string;
}

/** Percent of time that tasks waited: from here people notice, from there they suffer. */
const felt = 1;
const heavy = 10;
const fullSwap = 90;

/** What the ledger counted of a harm on a host; a signal is a rate, whose sum would be another. */
export type Counts = (host: HostId, harm: Harm) => number | undefined;

export function findingsOf(
  host: SubjectHost,
  totals: SignalTotals,
  events: readonly HistoryEvent[],
  longestGapMs: number,
  counts: Counts,
): readonly HostFinding[] {
  const found: HostFinding[] = [];
  const say = (level: HostFinding['level'], sentence: string): number =>
    found.push({ host: host.name, level, sentence });
  const total = (signal: Parameters<SignalTotals['get']>[1]) => totals.get(host.id, signal);

  const kills = counts(host.id, 'oom-kills') ?? 0;
  if (kills >= 0.5)
    say(
      'bad',
      `${many(Math.round(kills), 'process was', 'processes were')} killed for lack of memory. Move guests away or add RAM.`,
    );
  const some = total('harm.psi-some');
  if (some?.mean !== undefined && some.mean >= felt)
    say(
      some.mean >= heavy ? 'bad' : 'warn',
      `Some task waited for memory ${formatPercent(some.mean)} of the time${some.high === undefined || some.high <= some.mean ? '' : `, and ${formatPercent(some.high)} in the worst spell`}. ${some.mean >= heavy ? 'Move guests away from it.' : 'Watch it before giving it more guests.'}`,
    );
  else if (some?.high !== undefined && some.high >= heavy)
    say('warn', `Calm as a whole, but some task waited ${formatPercent(some.high)} of the time in its worst spell.`);
  const [swap, used] = [total('swap.total'), total('swap.used')];
  if (swap?.mean !== undefined && swap.mean > 0 && used?.high !== undefined) {
    const fullest = (100 * used.high) / swap.mean;
    if (fullest >= fullSwap)
      say('warn', `Swap was ${formatPercent(fullest)} full at worst. Add swap, or reclaim less.`);
  } else if (swap?.mean === 0) say('note', 'It has no swap: zswap has nothing to keep, and the first shortage kills.');
  const [memory, available] = [total('memory.total'), total('memory.available')];
  if (memory?.mean !== undefined && available?.low !== undefined && available.low < memory.mean * 0.05)
    say(
      'warn',
      `Only ${formatBytes(available.low)} of ${formatBytes(memory.mean)} were available at the lowest. Leave more room there, or expect bursts to go to swap.`,
    );
  const rejects = counts(host.id, 'rejects') ?? 0;
  if (rejects >= 1000) say('warn', `${count(rejects)} pages were refused by a pool. Look at its limit.`);
  found.push(...brokenOf(host, events, longestGapMs), ...liveOf(host));
  return found;
}

function brokenOf({ id, name }: SubjectHost, events: readonly HistoryEvent[], longestGapMs: number): HostFinding[] {
  const own = events.filter(({ host }) => host === id);
  const reboots = own.filter(({ kind }) => kind === 'reboot').length;
  const resets = own.filter(({ kind }) => kind === 'reset').length;
  return [
    ...(reboots > 0
      ? [
          {
            host: name,
            level: 'note' as const,
            sentence: `It was booted again ${reboots === 1 ? 'once' : `${reboots} times`}.`,
          },
        ]
      : []),
    ...(resets > 0
      ? [{ host: name, level: 'note' as const, sentence: `${many(resets, 'counter')} began anew without a reboot.` }]
      : []),
    ...(longestGapMs > 3_600_000
      ? [
          {
            host: name,
            level: 'note' as const,
            sentence: `It was not read for ${durationText(longestGapMs / 1000)} at a stretch. Look at its connection.`,
          },
        ]
      : []),
  ];
}

/** What only a connected host tells. */
function liveOf({ name, inventory }: SubjectHost): HostFinding[] {
  const missing = inventory?.missing ?? [];
  const partial = (inventory?.platforms ?? []).filter(({ presence }) => presence === 'partial');
  return [
    ...(missing.length > 0
      ? [
          {
            host: name,
            level: 'warn' as const,
            sentence: `Its login may not read ${names(missing, 3)}. Grant the right, or some figures stay unknown.`,
          },
        ]
      : []),
    ...partial.map(({ title, because }) => ({
      host: name,
      level: 'note' as const,
      sentence: `${title} is there in part: ${because.join(' ')}`,
    })),
  ];
}

/**
 * The guard: whether a change hurts its hosts, by what was so before it. Pure. Rates come in pages or events per
 * second, pressure in percent of the last ten seconds.
 */
import type { HostId } from '#shared/model/host.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { GuardReading } from '#shared/model/plan.ts';

/** The window before the first write. */
export const guardBeforeMs = 120_000;
/** Fewer say nothing about what is usual. */
const fewest = 3;

interface Rule {
  readonly signal: SignalId;
  /** @param before the mean of the window before; 0 where that is not known */
  limit(before: number): number;
  /** Readings in a row above the limit. */
  readonly inARow: number;
}

const rules: readonly Rule[] = [
  // 20 points more and twice as much. Beyond 95 % nothing can be told apart, so a host that waited half of its time
  // before is still undone when it stands still.
  { signal: 'harm.psi-some', limit: (before) => Math.min(95, Math.max(before + 20, before * 2)), inARow: 2 },
  // The first kill is one too many.
  { signal: 'harm.oom-kills', limit: () => 0, inARow: 1 },
  // 2000 pages are 8 MB a second: below that, five times next to nothing is still next to nothing.
  { signal: 'harm.swap-in', limit: (before) => Math.max(before * 5, 2000), inARow: 2 },
  { signal: 'harm.rejects', limit: (before) => Math.max(before * 5, 500), inARow: 2 },
];

/** So many readings since a write, and every rule could have been broken. */
export const readingsForGuard = Math.max(...rules.map(({ inARow }) => inARow));

export const guardSignals: readonly SignalId[] = rules.map(({ signal }) => signal);

type Column = readonly (number | null)[];

/**
 * @param before readings of the window before, a column for each of `guardSignals`
 * @param since readings since the first write, the newest last; a missing one is null and is no breach
 */
export function guardOf(host: HostId, before: readonly Column[], since: readonly Column[]): GuardReading[] {
  return rules.flatMap(({ signal, limit: limitOf, inARow }, index): GuardReading[] => {
    const usual = known(before[index]);
    const seen = known(since[index]);
    if (usual.length === 0 && seen.length === 0) return [];
    const mean = usual.length < fewest ? undefined : usual.reduce((sum, value) => sum + value, 0) / usual.length;
    const limit = limitOf(mean ?? 0);
    return [{ host, signal, before: mean, limit, now: seen.at(-1), breached: longestRun(seen, limit) >= inARow }];
  });
}

const known = (column: Column | undefined): number[] => (column ?? []).filter((value) => value !== null);

function longestRun(values: readonly number[], limit: number): number {
  let [run, longest] = [0, 0];
  for (const value of values) {
    run = value > limit ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

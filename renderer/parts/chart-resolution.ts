/** How fine the points of a chart are, said beside its title where they are not the readings themselves. Pure. */
import { formatDuration } from '../format/duration.ts';
import { cut } from './chart-data.ts';
import type { TimeLine } from './chart-lines.ts';

const minute = 60_000;

/**
 * Milliseconds that each point stands for; undefined where points are readings. Means come with their lowest and
 * highest, or, where lines are sums over hosts, on whole minutes.
 */
export function stepOf(lines: readonly TimeLine[], from: number, to: number): number | undefined {
  const parts = lines.map((line) => cut(line, from, to));
  const longest = parts.reduce(
    (most, part) => (part.at.length > most.length ? part.at : most),
    [] as readonly number[],
  );
  const step = commonGap(longest);
  if (step === undefined) return undefined;
  if (parts.some(({ low, at }) => low !== undefined && at.length > 1)) return step;
  const onGrid = longest.filter((at) => at % minute === 0).length;
  return step >= minute && onGrid > longest.length / 2 ? step : undefined;
}

function commonGap(at: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (let i = 1; i < at.length; i++) {
    const gap = (at[i] ?? 0) - (at[i - 1] ?? 0);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  let best: number | undefined;
  for (const [gap, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = gap;
  return best;
}

/** `means of 5 min`. */
export const meansWords = (stepMs: number): string => `means of ${formatDuration(stepMs)}`;

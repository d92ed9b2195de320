/** The span a live chart shows: as long as was chosen, or since the first figure where there is less. Pure. */
import type { TimeLine } from './chart-lines.ts';
import type { TimeSpan } from './time-view.ts';

/** Less would draw two points across the whole width. */
const leastMs = 120_000;

/** @param now stands for the newest figure where there is none yet. */
export function shownSpan(lines: Iterable<TimeLine>, spanSeconds: number, now: number): TimeSpan {
  let first = Infinity;
  let last = -Infinity;
  for (const line of lines) {
    const known = line.values.findIndex((value) => value !== null);
    if (known >= 0) first = Math.min(first, line.at[known] ?? Infinity);
    last = Math.max(last, line.at.at(-1) ?? -Infinity);
  }
  const to = last === -Infinity ? now : last;
  return { from: Math.min(to - leastMs, Math.max(to - spanSeconds * 1000, first)), to };
}

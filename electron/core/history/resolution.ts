/** How fine an answer is: which tier it is read from, and how long its steps are. Used by series.ts and fleet.ts. */
import type { Tier } from '#shared/model/history.ts';
import type { Grid, Span } from './accumulator.ts';
import type { Source } from './source.ts';
import { dayMs, hourMs, minuteMs, startOf } from './time.ts';

const second = 1000;
/** Lengths that a person can read off an axis; each divides the hour, the day or is whole days. */
const lengths = [
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * second),
  ...[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * hourMs),
  ...[1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 56, 91, 182, 364].map((count) => count * dayMs),
];

/** The shortest such length that gives no more than about `points` steps. */
export function stepFor(span: Span, points: number, atLeast: number): number {
  const wanted = Math.max((span.to - span.from) / points, atLeast);
  return lengths.find((length) => length >= wanted) ?? Math.ceil(wanted / dayMs) * dayMs;
}

export const stepOf = { minute: minuteMs, hour: hourMs } as const;
const coarser = { raw: 'minute', minute: 'hour' } as const;

/**
 * The finest tier that is worth its reading, or a coarser one where of that tier not all is there any more.
 * @param begins when the first of the pieces was first seen: what was before that is not missing
 */
export function tierFor(source: Source, span: Span, points: number, begins: number): Tier {
  const width = (span.to - span.from) / points;
  let tier: Tier = width < minuteMs ? 'raw' : stepFor(span, points, second) < hourMs ? 'minute' : 'hour';
  while (tier !== 'hour') {
    const lost = source.lostBefore(tier);
    const next: Tier = coarser[tier];
    const missing = lost > Math.max(span.from, begins) && source.lostBefore(next) < lost;
    if (!missing) break;
    tier = next;
  }
  return tier;
}

/** Steps of this length that hold the whole span. */
export function gridOver(span: Span, stepMs: number): Grid {
  const from = startOf(span.from, stepMs);
  return { from, stepMs, count: Math.max(1, Math.ceil((span.to - from) / stepMs)) };
}

/** Thins a series to what a chart can show: per bucket its lowest and highest point, in order; gaps stay gaps. */
import type { EpochMs } from '#shared/units.ts';

export interface Points {
  readonly at: readonly EpochMs[];
  readonly values: readonly (number | null)[];
}

/** @param limit the most points to return, at least 2; the first and the last point are always kept */
export function thin(points: Points, limit: number): Points {
  const count = points.at.length;
  if (count <= limit) return points;
  // Each bucket may give a lowest, a highest and a gap.
  const buckets = Math.max(1, Math.floor((limit - 2) / 3));
  const keep = new Set<number>([0, count - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * count) / buckets);
    const to = Math.floor(((bucket + 1) * count) / buckets);
    for (const index of extremes(points.values, from, to)) keep.add(index);
  }
  const order = [...keep].sort((a, b) => a - b).slice(0, limit - 1);
  if (order[order.length - 1] !== count - 1) order.push(count - 1);
  return {
    at: order.map((index) => points.at[index] as EpochMs),
    values: order.map((index) => points.values[index] ?? null),
  };
}

function extremes(values: readonly (number | null)[], from: number, to: number): number[] {
  let lowest = -1;
  let highest = -1;
  let gap = -1;
  for (let index = from; index < to; index++) {
    const value = values[index] ?? null;
    if (value === null) gap = index;
    else {
      if (lowest < 0 || value < (values[lowest] ?? 0)) lowest = index;
      if (highest < 0 || value > (values[highest] ?? 0)) highest = index;
    }
  }
  return [lowest, highest, gap].filter((index) => index >= 0);
}

/**
 * From lines to what is drawn: cut to the span on screen, stacked, and thinned to what the pixels can show.
 * Pure. A gap stays a gap on the way; an unknown is never a zero.
 */
import type { ChartLine, TimeLine } from './chart-lines.ts';

export interface Point {
  x: number;
  /** NaN breaks the line. */
  y: number;
}

export interface DrawnLine {
  readonly key: string;
  readonly points: Point[];
  /** What the line's means stand for, at the same moments; a stack has none, as its extremes do not add up. */
  readonly band?: { readonly low: Point[]; readonly high: Point[] };
}

/** The lines of one pane, each thinned to at most two points per pixel. Lines of a stack share their moments. */
export function drawnLines(
  lines: readonly ChartLine[],
  from: number,
  to: number,
  pixels: number,
): readonly DrawnLine[] {
  const stack = lines.filter((line) => line.stacked);
  const grid = momentsOf(stack, from, to);
  const columns = stackValues(stack.map((line) => valuesAt(line, grid)));
  const keep = thinTogether(grid, columns, pixels);
  return lines.map((line): DrawnLine => {
    const column = line.stacked ? columns[stack.indexOf(line)] : undefined;
    if (column !== undefined)
      return { key: line.key, points: keep.map((i) => ({ x: grid[i] ?? 0, y: column[i] ?? NaN })) };
    const { at, values, low, high } = cut(line, from, to);
    const points = pointsAt(at, values, thinTogether(at, [values], pixels));
    if (low === undefined || high === undefined) return { key: line.key, points };
    const both = [...thinTogether(at, [low], pixels), ...thinTogether(at, [high], pixels)];
    const extremes = [...new Set(both)].sort((a, b) => a - b);
    return { key: line.key, points, band: { low: pointsAt(at, low, extremes), high: pointsAt(at, high, extremes) } };
  });
}

const pointsAt = (at: readonly number[], values: readonly (number | null)[], indices: readonly number[]): Point[] =>
  indices.map((i) => ({ x: at[i] ?? 0, y: values[i] ?? NaN }));

/** Lowest and highest drawn value; undefined when there is none. */
export function extent(drawn: readonly DrawnLine[]): { readonly low: number; readonly high: number } | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { points, band } of drawn)
    for (const part of band === undefined ? [points] : [points, band.low, band.high])
      for (const { y } of part) {
        if (y < low) low = y;
        if (y > high) high = y;
      }
  return high === -Infinity ? undefined : { low, high };
}

/** The part within the span, with one point on either side so that the line reaches the edges. */
export function cut(line: TimeLine, from: number, to: number): TimeLine {
  const first = Math.max(0, lowerBound(line.at, from) - 1);
  const past = Math.min(line.at.length, lowerBound(line.at, to) + 1);
  return {
    at: line.at.slice(first, past),
    values: line.values.slice(first, past),
    ...(line.low === undefined || line.high === undefined
      ? {}
      : { low: line.low.slice(first, past), high: line.high.slice(first, past) }),
  };
}

/** Every moment within the span at which one of the lines has a point. */
export function momentsOf(lines: readonly TimeLine[], from: number, to: number): readonly number[] {
  const moments = new Set<number>();
  for (const line of lines) for (const at of cut(line, from, to).at) moments.add(at);
  return [...moments].sort((a, b) => a - b);
}

/** A line's values at given moments: between two points on the straight line; next to a gap, and outside, null. */
export function valuesAt(line: TimeLine, moments: readonly number[]): (number | null)[] {
  let next = 0;
  return moments.map((at) => {
    while (next < line.at.length && (line.at[next] ?? 0) < at) next += 1;
    const rightAt = line.at[next];
    if (rightAt === undefined) return null;
    const right = line.values[next] ?? null;
    if (rightAt === at || right === null) return right;
    const leftAt = line.at[next - 1];
    const left = line.values[next - 1] ?? null;
    if (leftAt === undefined || left === null) return null;
    return left + ((right - left) * (at - leftAt)) / (rightAt - leftAt);
  });
}

/** Tops of a stack, bottom line first: positive values upwards, negative ones downwards; null where nobody tells. */
export function stackValues(columns: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const up: number[] = [];
  const down: number[] = [];
  return columns.map((column) =>
    column.map((value, i) => {
      if (value === null) return null;
      const side = value < 0 ? down : up;
      side[i] = (side[i] ?? 0) + value;
      return side[i] ?? null;
    }),
  );
}

/**
 * Indices to keep so that no pixel has more than a minimum and a maximum: judged by the last column (the top of a
 * stack). The first gap in a pixel is kept as well.
 */
export function thinTogether(
  at: readonly number[],
  columns: readonly (readonly (number | null)[])[],
  pixels: number,
): number[] {
  const size = at.length;
  const judge = columns.at(-1);
  if (judge === undefined || size <= pixels * 2) return at.map((_, i) => i);
  const start = at[0] ?? 0;
  const width = Math.max(1, ((at[size - 1] ?? 0) - start) / Math.max(1, pixels));
  const kept: number[] = [];
  let i = 0;
  while (i < size) {
    const bucket = Math.floor(((at[i] ?? 0) - start) / width);
    const picks = { low: -1, high: -1, gap: -1 };
    for (; i < size && Math.floor(((at[i] ?? 0) - start) / width) === bucket; i++) {
      const value = judge[i] ?? null;
      if (value === null) {
        if (picks.gap < 0) picks.gap = i;
        continue;
      }
      if (picks.low < 0 || value < (judge[picks.low] ?? 0)) picks.low = i;
      if (picks.high < 0 || value > (judge[picks.high] ?? 0)) picks.high = i;
    }
    for (const pick of [...new Set(Object.values(picks))].sort((a, b) => a - b)) if (pick >= 0) kept.push(pick);
  }
  return kept;
}

/** The value nearest to a moment, when one is within reach. */
export function nearest(line: TimeLine, at: number, reach: number): { at: number; value: number | null } | undefined {
  const right = lowerBound(line.at, at);
  let best: number | undefined;
  for (const i of [right - 1, right]) {
    const here = line.at[i];
    if (here === undefined || Math.abs(here - at) > reach) continue;
    if (best === undefined || Math.abs(here - at) < Math.abs((line.at[best] ?? 0) - at)) best = i;
  }
  return best === undefined ? undefined : { at: line.at[best] ?? at, value: line.values[best] ?? null };
}

/** The first index whose moment is not before `at`. */
export function lowerBound(moments: readonly number[], at: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

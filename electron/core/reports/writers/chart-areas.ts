/**
 * From the lines of one pane to what is drawn: areas between two edges for what is stacked, and the pieces of each
 * line between its gaps. A gap stays a gap; an unknown is never a zero. Called by svg.ts.
 */
import type { ReportChartLine } from '#shared/model/report.ts';

export interface AreaPoint {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

export interface DrawnLine {
  readonly line: ReportChartLine;
  /** Between two gaps each; `low` is zero for what is not stacked. */
  readonly pieces: readonly (readonly AreaPoint[])[];
}

type Values = readonly (number | null)[];

export function drawnLines(lines: readonly ReportChartLine[]): readonly DrawnLine[] {
  const stack = lines.filter(({ stacked }) => stacked === true);
  const moments = [...new Set(stack.flatMap(({ at }) => at))].sort((a, b) => a - b);
  const columns = new Map(stack.map((line) => [line, valuesAt(line, moments)]));
  const summit = moments.map((_, i) =>
    [...columns.values()].reduce<number | null>(
      (sum, { [i]: value = null }) => (value === null ? sum : (sum ?? 0) + value),
      null,
    ),
  );
  const keep = thinned(moments, summit);
  const up = moments.map(() => 0);
  const down = moments.map(() => 0);
  return lines.map((line) => {
    const column = columns.get(line);
    if (column === undefined) {
      const edges = (i: number) => ({ low: 0, high: line.values[i] ?? null });
      return { line, pieces: pieces(line.at, thinned(line.at, line.values), edges) };
    }
    const edges = (i: number) => {
      const value = column[i] ?? null;
      if (value === null) return { low: 0, high: null };
      const side = value < 0 ? down : up;
      const low = side[i] ?? 0;
      side[i] = low + value;
      return { low, high: low + value };
    };
    return { line, pieces: pieces(moments, keep, edges) };
  });
}

/** More points than this are more than paper shows. */
const mostPoints = 1200;

/** Indices to keep: of each stretch of time its lowest, its highest and its first gap. */
function thinned(at: readonly number[], values: Values): readonly number[] {
  const all = at.map((_, i) => i);
  const [first, last] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined || all.length <= mostPoints) return all;
  const width = (last - first) / (mostPoints / 2);
  const kept: number[] = [];
  for (let i = 0; i < all.length;) {
    const stretch = Math.floor(((at[i] ?? 0) - first) / width);
    const picks = { low: i, high: i, gap: -1 };
    for (; i < all.length && Math.floor(((at[i] ?? 0) - first) / width) === stretch; i++) {
      const value = values[i] ?? null;
      if (value === null) picks.gap = picks.gap < 0 ? i : picks.gap;
      else if (value < (values[picks.low] ?? Infinity)) picks.low = i;
      else if (value > (values[picks.high] ?? -Infinity)) picks.high = i;
    }
    kept.push(...[...new Set(Object.values(picks))].filter((pick) => pick >= 0).sort((a, b) => a - b));
  }
  return kept;
}

function pieces(
  at: readonly number[],
  keep: readonly number[],
  edges: (index: number) => { readonly low: number; readonly high: number | null },
): AreaPoint[][] {
  const all: AreaPoint[][] = [];
  let open: AreaPoint[] | undefined;
  for (const i of keep) {
    const { low, high } = edges(i);
    if (high === null) {
      open = undefined;
      continue;
    }
    if (open === undefined) all.push((open = []));
    open.push({ at: at[i] ?? 0, low, high });
  }
  return all;
}

/** A line's values at given moments: between two points on the straight line; next to a gap, and outside, null. */
function valuesAt({ at, values }: ReportChartLine, moments: readonly number[]): (number | null)[] {
  let next = 0;
  return moments.map((moment) => {
    while (next < at.length && (at[next] ?? 0) < moment) next += 1;
    const rightAt = at[next];
    if (rightAt === undefined) return null;
    const right = values[next] ?? null;
    if (rightAt === moment || right === null) return rightAt === moment ? right : null;
    const leftAt = at[next - 1];
    const left = values[next - 1] ?? null;
    if (leftAt === undefined || left === null) return null;
    return left + ((right - left) * (moment - leftAt)) / (rightAt - leftAt);
  });
}

/** Lowest and highest drawn value; zero when there is none. */
export function extent(drawn: readonly DrawnLine[]): { readonly low: number; readonly high: number } {
  let low = 0;
  let high = 0;
  for (const { pieces: those } of drawn)
    for (const piece of those)
      for (const point of piece) {
        low = Math.min(low, point.high);
        high = Math.max(high, point.high);
      }
  return { low, high };
}

/**
 * Where no line of the chart tells anything: from the last point before to the first one behind, and the ends of the
 * span that nothing reaches. Pieces shorter than `least` milliseconds are what lies between any two readings.
 */
export function silences(
  lines: readonly ReportChartLine[],
  from: number,
  to: number,
  least: number,
): readonly { readonly from: number; readonly to: number }[] {
  const told = new Map<number, boolean>();
  for (const { at, values } of lines)
    at.forEach((moment, i) => {
      if (moment >= from && moment <= to) told.set(moment, (told.get(moment) ?? false) || (values[i] ?? null) !== null);
    });
  const moments = [...told.keys()].sort((a, b) => a - b);
  const found: { from: number; to: number }[] = [];
  let known = from;
  // What comes before the first point is silence as well, as long as it is long.
  let silent = true;
  for (const moment of moments) {
    if (told.get(moment) !== true) {
      silent = true;
      continue;
    }
    if (silent) found.push({ from: known, to: moment });
    known = moment;
    silent = false;
  }
  found.push({ from: known, to });
  return found.filter((one) => one.to - one.from >= least);
}

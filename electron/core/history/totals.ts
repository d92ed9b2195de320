/**
 * Sums over a whole span, for the ledger and reports: to the last unit what was recorded, whichever tiers are read.
 * Whole hours come as hours, the rest of the edges as minutes, the rest of those as readings. Where the finer tier is
 * gone, a step that reaches over an edge counts where it begins, and its level for the part of it that lies inside.
 */
import type { Coverage, SeriesTotals } from '#shared/model/history.ts';
import { Accumulator } from './accumulator.ts';
import type { Span } from './accumulator.ts';
import { silence } from './codec/block.ts';
import { lowerBound } from './codec/increases.ts';
import type { Steps } from './codec/steps.ts';
import type { Piece } from './dictionary.ts';
import type { Source } from './source.ts';
import type { Sums } from './sums.ts';
import type { StepTier } from './tables.ts';
import { endOf, hourMs, minuteMs, startOf } from './time.ts';

export interface PieceTotals {
  readonly totals: readonly Omit<SeriesTotals, 'host' | 'guest'>[];
  /** Undefined when nothing was read in the span. */
  readonly coverage: Pick<Coverage, 'coveredMs' | 'gaps' | 'longestGapMs'> | undefined;
}

export function totalsOf(source: Source, piece: Piece, columns: readonly number[], span: Span): PieceTotals {
  const sums = new Accumulator({ from: span.from, stepMs: span.to - span.from, count: 1 }, columns);
  sums.gapsFrom = span.from;
  for (const { part, due } of source.partsOf(piece.host, span))
    if (due) source.addReadings(sums, piece, part);
    else addRolled(source, sums, piece, part);
  const length = span.to - span.from;
  const totals = columns.flatMap((column, index) => {
    const own = sums.sums[index];
    return own === undefined ? [] : [{ ...source.dictionary.column(column), ...figuresOf(own, length) }];
  });
  return { totals, coverage: coverageOf(sums, span) };
}

function addRolled(source: Source, sums: Accumulator, piece: Piece, span: Span): void {
  const begin = endOf(span.from, hourMs);
  const end = startOf(span.to, hourMs);
  if (begin > end) return addMinutes(source, sums, piece, span);
  addMinutes(source, sums, piece, { from: span.from, to: begin });
  // Hours are kept longest, unless a person chose otherwise.
  const hours = Math.min(Math.max(begin, endOf(source.lostBefore('hour'), hourMs)), end);
  if (hours > begin && source.lostBefore('minute') < hours) {
    addMinutes(source, sums, piece, { from: begin, to: hours });
    source.addSteps(sums, piece, { from: hours, to: end }, 'hour');
  } else source.addSteps(sums, piece, { from: begin, to: end }, 'hour');
  addMinutes(source, sums, piece, { from: end, to: span.to });
}

/** Parts of hours. */
function addMinutes(source: Source, sums: Accumulator, piece: Piece, span: Span): void {
  for (let from = span.from; from < span.to;) {
    const hour = startOf(from, hourMs);
    const to = Math.min(hour + hourMs, span.to);
    const there = [...source.steps(piece, { from: hour, to: hour + 1 }, 'minute')].length > 0;
    if (there || from >= source.lostBefore('minute')) addEdges(source, sums, piece, { from, to });
    else addPart(source, sums, piece, { from, to }, 'hour');
    from = to;
  }
}

/** Parts of minutes. */
function addEdges(source: Source, sums: Accumulator, piece: Piece, span: Span): void {
  const begin = endOf(span.from, minuteMs);
  const end = startOf(span.to, minuteMs);
  const edge = (part: Span): void => {
    if (part.from >= part.to) return;
    if (startOf(part.from, minuteMs) >= source.lostBefore('raw')) source.addBlocks(sums, piece, part);
    else addPart(source, sums, piece, part, 'minute');
  };
  if (begin > end) return edge(span);
  edge({ from: span.from, to: begin });
  source.addSteps(sums, piece, { from: begin, to: end }, 'minute');
  edge({ from: end, to: span.to });
}

/** A part of one step, of which nothing finer is left. */
function addPart(source: Source, sums: Accumulator, piece: Piece, part: Span, tier: StepTier): void {
  const stepMs = tier === 'minute' ? minuteMs : hourMs;
  const begin = startOf(part.from, stepMs);
  const share = (part.to - part.from) / stepMs;
  for (const steps of source.steps(piece, { from: begin, to: begin + 1 }, tier)) {
    const index = lowerBound(steps.begins, begin);
    if (steps.begins[index] === begin)
      sums.addSteps(partOfStep(steps, index, share, part.from === begin, part.from), { from: part.from, to: part.to });
  }
}

function partOfStep(steps: Steps, index: number, share: number, begins: boolean, at: number): Steps {
  const one = (figures: Float64Array): Float64Array => figures.slice(index, index + 1);
  const less = (figures: Float64Array): Float64Array => one(figures).map((figure) => figure * share);
  const none = new Float64Array(1);
  return {
    ...steps,
    stepMs: steps.stepMs * share,
    begins: new Float64Array([at]),
    covered: less(steps.covered),
    gaps: begins ? one(steps.gaps) : none,
    longest: begins ? one(steps.longest) : none,
    column: (place) => {
      const column = steps.column(place);
      if (column === undefined) return undefined;
      if (column.kind === 'level') {
        const { mean, low, high, covered } = column;
        return { kind: 'level', mean: one(mean), low: one(low), high: one(high), covered: less(covered) };
      }
      if (!begins) return undefined;
      const { sum, peak, loose, covered } = column;
      return { kind: 'counter', sum: one(sum), peak: one(peak), loose: one(loose), covered: one(covered) };
    },
  };
}

function figuresOf(sums: Sums, length: number): Omit<SeriesTotals, 'host' | 'guest' | 'metric' | 'instance'> {
  const coveredMs = Math.min(sums.covered[0] as number, length);
  if (sums.kind === 'counter') {
    const peak = sums.peak[0] as number;
    const increase = sums.told[0] === 0 ? {} : { increase: sums.sum[0] as number };
    return { kind: 'counter', coveredMs, ...increase, ...(Number.isNaN(peak) ? {} : { peak }) };
  }
  const low = sums.low[0] as number;
  if (Number.isNaN(low)) return { kind: 'level', coveredMs };
  return {
    kind: 'level',
    coveredMs,
    mean: sums.mean(0),
    low,
    high: sums.high[0] as number,
    ...(sums.first === undefined ? {} : { first: sums.first }),
    ...(sums.last === undefined ? {} : { last: sums.last }),
  };
}

/** The span's own ends count too: a host that was added in its middle was not seen before. */
function coverageOf(sums: Accumulator, span: Span): PieceTotals['coverage'] {
  const { firstAt, lastAt, intervalMs } = sums;
  if (firstAt === undefined || lastAt === undefined) return undefined;
  const ends = [firstAt - span.from, span.to - lastAt].filter((ms) => ms > intervalMs * silence);
  return {
    coveredMs: Math.min(sums.covered[0] as number, span.to - span.from),
    gaps: (sums.gaps[0] as number) + ends.length,
    longestGapMs: Math.max(sums.longest[0] as number, ...ends, 0),
  };
}

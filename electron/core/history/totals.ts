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
import { endOf, hourMs, minuteMs, startOf } from './time.ts';

export interface PieceTotals {
  readonly totals: readonly Omit<SeriesTotals, 'host' | 'guest'>[];
  /** Undefined when nothing was read in the span. */
  readonly coverage: Pick<Coverage, 'coveredMs' | 'gaps' | 'longestGapMs'> | undefined;
}

/** @param begins when the piece was first read, ever: what was before that is not missing */
export function totalsOf(
  source: Source,
  piece: Piece,
  columns: readonly number[],
  span: Span,
  begins: number,
): PieceTotals {
  const sums = new Accumulator({ from: span.from, stepMs: span.to - span.from, count: 1 }, columns);
  sums.gapsFrom = span.from;
  for (const { part, due } of source.partsOf(piece.host, span))
    if (due) addDue(source, sums, piece, part);
    else addRolled(source, sums, piece, part);
  const length = span.to - span.from;
  const totals = columns.flatMap((column, index) => {
    const own = sums.sums[index];
    return own === undefined ? [] : [{ ...source.dictionary.column(column), ...figuresOf(own, length) }];
  });
  return { totals, coverage: coverageOf(sums, span, begins, source.lastAt(piece)) };
}

/** Of an hour that is not rolled yet, in the same parts as it will be: the answer must not change when it is. */
function addDue(source: Source, sums: Accumulator, piece: Piece, span: Span): void {
  const whole = span.to - span.from === hourMs;
  const steps = source.stepsNow(piece, sums.columns, span, whole ? 'hour' : 'minute');
  if (whole) for (const one of steps) sums.addSteps(one, span);
  else addEdges(source, sums, piece, span, steps);
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
    const minutes = [...source.steps(piece, { from: hour, to: hour + 1 }, 'minute')];
    if (minutes.length > 0 || from >= source.lostBefore('minute')) addEdges(source, sums, piece, { from, to }, minutes);
    else {
      const hours = source.steps(piece, { from: hour, to: hour + 1 }, 'hour');
      addPart(sums, { from, to }, hourMs, hours);
    }
    from = to;
  }
}

/** Parts of minutes. */
function addEdges(source: Source, sums: Accumulator, piece: Piece, span: Span, minutes: readonly Steps[]): void {
  const begin = endOf(span.from, minuteMs);
  const end = startOf(span.to, minuteMs);
  const edge = (part: Span): void => {
    if (part.from >= part.to) return;
    if (startOf(part.from, minuteMs) >= source.lostBefore('raw')) source.addBlocks(sums, piece, part);
    else addPart(sums, part, minuteMs, minutes);
  };
  if (begin > end) return edge(span);
  edge({ from: span.from, to: begin });
  for (const steps of minutes) sums.addSteps(steps, { from: begin, to: end });
  edge({ from: end, to: span.to });
}

/** A part of one step, of which nothing finer is left. */
function addPart(sums: Accumulator, part: Span, stepMs: number, all: Iterable<Steps>): void {
  const begin = startOf(part.from, stepMs);
  const share = (part.to - part.from) / stepMs;
  for (const steps of all) {
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
    const loose = sums.loose[0] as number;
    const increase = sums.told[0] === 0 ? {} : { increase: sums.sum[0] as number };
    return {
      kind: 'counter',
      coveredMs,
      ...increase,
      ...(loose > 0 ? { loose } : {}),
      ...(Number.isNaN(peak) ? {} : { peak }),
    };
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

/**
 * The span's own ends count too: of a host that fell silent, what is left of the span was not seen. What was before its
 * first reading ever is no gap.
 */
function coverageOf(sums: Accumulator, span: Span, begins: number, newest: number): PieceTotals['coverage'] {
  const { firstAt, lastAt, intervalMs } = sums;
  if (firstAt === undefined || lastAt === undefined) return undefined;
  // A step tells where it ends, and not where its last reading was.
  const last = newest > 0 ? Math.min(lastAt, newest) : lastAt;
  const ends = [firstAt - Math.max(span.from, begins), span.to - last].filter((ms) => ms > intervalMs * silence);
  return {
    coveredMs: Math.min(sums.covered[0] as number, span.to - span.from),
    gaps: (sums.gaps[0] as number) + ends.length,
    longestGapMs: Math.max(sums.longest[0] as number, ...ends, 0),
  };
}

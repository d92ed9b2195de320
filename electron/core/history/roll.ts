/**
 * Rolling: of one hour of a host, the minutes of each piece are made from readings, and the hour from the minutes.
 * Repeatable: what is made takes the place of what was there. Called by the store when an hour is over, or earlier
 * when readings must make room.
 */
import { Accumulator } from './accumulator.ts';
import type { Grid } from './accumulator.ts';
import { Damaged } from './codec/bytes.ts';
import { decodeSteps, encodeSteps } from './codec/step-chunk.ts';
import type { StepColumn, Steps } from './codec/steps.ts';
import type { Dictionary, Piece, Shape } from './dictionary.ts';
import type { Source } from './source.ts';
import type { Tables } from './tables.ts';
import { dayMs, hourMs, minuteMs, startOf } from './time.ts';

/** Of a piece. What is known of the host's journal comes with the source. */
export function rollPiece(source: Source, tables: Tables, dictionary: Dictionary, piece: Piece, hour: number): void {
  const span = { from: hour, to: hour + hourMs };
  const shapeOf = (columns: readonly number[]): Shape => dictionary.shapeOf(columns);
  const made = minutesOf(source, piece, source.columnsIn(piece, span), hour, shapeOf);
  if (made === undefined) return;
  tables.putSteps('minute', piece.id, hour, made.shape.id, encodeSteps(made));
  tables.reaches('minute', made.begins[0] as number, (made.begins.at(-1) as number) + minuteMs);
  const day = startOf(hour, dayMs);
  const known = knownHours(tables, dictionary, piece, day);
  const all = new Set([...(known?.shape.columns ?? []), ...made.shape.columns]);
  const hours = new Accumulator(dayGrid(day), [...all]);
  if (known !== undefined) hours.addSteps(known, { from: day, to: hour });
  const rolled = hourOf(made, hour, shapeOf);
  if (rolled !== undefined) hours.addSteps(rolled, span);
  if (known !== undefined) hours.addSteps(known, { from: hour + hourMs, to: day + dayMs });
  const whole = stepsOf(hours, shapeOf);
  if (whole === undefined) return;
  tables.putSteps('hour', piece.id, day, whole.shape.id, encodeSteps(whole));
  tables.reaches('hour', whole.begins[0] as number, (whole.begins.at(-1) as number) + hourMs);
}

type ShapeOf = (columns: readonly number[]) => Shape;

/** Minutes of an hour as they are kept; what is asked of an hour that is not rolled yet is answered from the same. */
export function minutesOf(
  source: Source,
  piece: Piece,
  columns: readonly number[],
  hour: number,
  shapeOf: ShapeOf,
): Steps | undefined {
  const minutes = new Accumulator({ from: hour, stepMs: minuteMs, count: 60 }, columns);
  source.addReadings(minutes, piece, { from: hour, to: hour + hourMs });
  return stepsOf(minutes, shapeOf);
}

/** The hour of its minutes. */
export function hourOf(minutes: Steps, hour: number, shapeOf: ShapeOf): Steps | undefined {
  const one = new Accumulator({ from: hour, stepMs: hourMs, count: 1 }, minutes.shape.columns);
  one.addSteps(minutes, { from: hour, to: hour + hourMs });
  return stepsOf(one, shapeOf);
}

const dayGrid = (day: number): Grid => ({ from: day, stepMs: hourMs, count: 24 });

function knownHours(tables: Tables, dictionary: Dictionary, piece: Piece, day: number): Steps | undefined {
  const row = tables.steps('hour', piece.id, day, day + 1)[0];
  if (row === undefined) return undefined;
  try {
    return decodeSteps(row.steps, dictionary.shape(row.shape));
  } catch (error) {
    // Its other hours are lost either way; this one can be made.
    if (error instanceof Damaged) return undefined;
    throw error;
  }
}

/** The steps that hold anything; undefined when none does. */
function stepsOf(sums: Accumulator, shapeOf: ShapeOf): Steps | undefined {
  const { grid, covered } = sums;
  const slots: number[] = [];
  for (let slot = 0; slot < grid.count; slot++) if ((covered[slot] as number) > 0) slots.push(slot);
  if (slots.length === 0) return undefined;
  const told = sums.columns.flatMap((column, index) => (sums.sums[index] === undefined ? [] : [[column, index]]));
  const shape = shapeOf(told.map(([column]) => column as number));
  const pick = (figures: Float64Array): Float64Array => Float64Array.from(slots, (slot) => figures[slot] as number);
  return {
    shape,
    stepMs: grid.stepMs,
    intervalMs: sums.intervalMs,
    begins: Float64Array.from(slots, (slot) => grid.from + slot * grid.stepMs),
    covered: pick(covered),
    gaps: pick(sums.gaps),
    longest: pick(sums.longest),
    column: (place) => columnOf(sums, (told[place] as number[])[1] as number, slots, pick),
  };
}

function columnOf(
  sums: Accumulator,
  index: number,
  slots: readonly number[],
  pick: (figures: Float64Array) => Float64Array,
): StepColumn | undefined {
  const own = sums.sums[index];
  if (own === undefined) return undefined;
  if (own.kind === 'level') {
    const mean = Float64Array.from(slots, (slot) => keptMean(own.mean(slot), own.low[slot] as number));
    return { kind: 'level', mean, low: pick(own.low), high: pick(own.high), covered: pick(own.covered) };
  }
  return {
    kind: 'counter',
    sum: Float64Array.from(slots, (slot) => ((own.told[slot] as number) > 0 ? (own.sum[slot] as number) : NaN)),
    loose: pick(own.loose),
    covered: pick(own.covered),
    peak: Float64Array.from(slots, (slot) => keptPeak(own.peak[slot] as number)),
  };
}

/** Of large whole numbers, bytes most of all, the mean is kept whole; of others to four decimals. */
function keptMean(mean: number, low: number): number {
  if (Number.isNaN(mean)) return NaN;
  if (Math.abs(mean) >= 100_000 && Number.isInteger(low)) return Math.round(mean);
  return Math.abs(mean) < 9e11 ? Math.round(mean * 10_000) / 10_000 : mean;
}

/** Four digits are more than a chart shows; at most four decimals. */
function keptPeak(peak: number): number {
  if (Number.isNaN(peak)) return -1;
  if (peak >= 9e14) return peak;
  const unit = peak < 1 ? 10_000 : peak < 10 ? 1000 : peak < 100 ? 100 : peak < 1000 ? 10 : 1;
  if (unit > 1) return Math.ceil(peak * unit - 1e-6) / unit;
  const large = 10 ** Math.max(0, Math.floor(Math.log10(peak)) - 3);
  return Math.ceil(peak / large - 1e-6) * large;
}

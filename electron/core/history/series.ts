/**
 * Series of any columns over a span, as points for a chart: readings themselves while there are few enough of them,
 * else steps with their lowest and highest. Called by queries.ts.
 */
import { held } from '#core/ports.ts';
import type { HistoryKey, HistorySeries, HistoryTable } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import { Accumulator } from './accumulator.ts';
import type { Span } from './accumulator.ts';
import { isSilent, silence } from './codec/block.ts';
import type { Block } from './codec/block.ts';
import { eachIncrease, lowerBound, silences } from './codec/increases.ts';
import type { Piece } from './dictionary.ts';
import { gridOver, stepFor, stepOf, tierFor } from './resolution.ts';
import type { Source } from './source.ts';
import type { Sums } from './sums.ts';
import { minuteMs } from './time.ts';

export interface WantedPiece {
  readonly piece: Piece;
  readonly firstAt: number;
  readonly columns: readonly { readonly key: HistoryKey; readonly column: number }[];
}

/** A few more readings than asked for are better than steps of two. */
const tolerance = 1.25;

export function seriesOf(source: Source, wanted: readonly WantedPiece[], asked: Span, points: number): HistoryTable {
  // A reading at the very end of a span belongs to its chart.
  const span = { from: asked.from, to: asked.to + 1 };
  const { from, to } = { from: epochMs(asked.from), to: epochMs(asked.to) };
  const begins = Math.min(...wanted.map(({ firstAt }) => firstAt));
  let tier = tierFor(source, asked, points, begins);
  if (tier === 'raw') {
    const { readings, intervalMs } = countReadings(source, wanted, span);
    if (readings <= points * tolerance) {
      const series = wanted.flatMap((piece) => readingsOf(source, piece, span));
      return { tier, stepMs: intervalMs, from, to, series, damaged: source.damaged };
    }
    const stepMs = stepFor(asked, points, intervalMs);
    if (stepMs < minuteMs) {
      const series = wanted.flatMap((piece) => {
        const sums = new Accumulator(gridOver(span, stepMs), columnsOf(piece));
        source.addBlocks(sums, piece.piece, span);
        return pointsOf(sums, piece);
      });
      return { tier, stepMs, from, to, series, damaged: source.damaged };
    }
    tier = 'minute';
  }
  const stepMs = stepFor(asked, points, stepOf[tier]);
  const grid = gridOver(span, stepMs);
  const series = wanted.flatMap((piece) => {
    const sums = new Accumulator(grid, columnsOf(piece));
    source.addTier(sums, piece.piece, { from: grid.from, to: span.to }, tier);
    return pointsOf(sums, piece);
  });
  return { tier, stepMs, from, to, series, damaged: source.damaged };
}

const columnsOf = ({ columns }: WantedPiece): readonly number[] => columns.map(({ column }) => column);

function countReadings(
  source: Source,
  wanted: readonly WantedPiece[],
  span: Span,
): { readonly readings: number; readonly intervalMs: number } {
  let readings = 0;
  let intervalMs = 0;
  for (const { piece } of wanted) {
    let own = 0;
    for (const { times, intervals } of source.blocks(piece, span)) {
      own += lowerBound(times, span.to) - lowerBound(times, span.from);
      intervalMs = intervals.at(-1) ?? intervalMs;
    }
    readings = Math.max(readings, own);
  }
  return { readings, intervalMs: intervalMs || 1000 };
}

/** The readings themselves; a silence, and a counter whose growth has no rate, is a point without a value. */
function readingsOf(source: Source, { piece, columns }: WantedPiece, span: Span): HistorySeries[] {
  const points = columns.map(() => new Points());
  let kinds: ('level' | 'counter' | undefined)[] = columns.map(() => undefined);
  let last = 0;
  for (const block of source.blocks(piece, span)) {
    const silent = silences(block);
    const begin = lowerBound(block.times, span.from);
    const end = lowerBound(block.times, span.to);
    // What stood between is damaged, or was never told.
    const broken = last > 0 && isSilent(block.times[0] as number, last, block.intervals[0] as number);
    kinds = columns.map(({ column }, index) => {
      const place = block.shape.indexOf(column);
      const values = place === undefined ? undefined : block.column(place);
      const into = points[index] as Points;
      if (begin < end && broken) into.gap(last + (block.intervals[0] as number));
      if (place === undefined || values === undefined) {
        if (begin < end) into.gap(block.times[begin] as number);
        return kinds[index];
      }
      addReadings(into, block, place, values, { silent, begin, end });
      return block.shape.counters[place] === true ? 'counter' : 'level';
    });
    last = block.times.at(-1) ?? last;
  }
  return columns.flatMap(({ key }, index): HistorySeries[] => {
    const { at, values, told } = points[index] as Points;
    return told ? [{ ...key, kind: kinds[index] ?? 'level', at: at.map(epochMs), values }] : [];
  });
}

function addReadings(
  into: Points,
  block: Block,
  place: number,
  values: Float64Array,
  { silent, begin, end }: { readonly silent: Uint8Array; readonly begin: number; readonly end: number },
): void {
  const counter = block.shape.counters[place] === true;
  const rates = new Float64Array(counter ? end : 0).fill(NaN);
  if (counter)
    eachIncrease(block, place, values, silent, end, (index, increase, ms) => {
      if (ms > 0) rates[index] = (increase * 1000) / ms;
    });
  for (let index = begin; index < end; index++) {
    const at = block.times[index] as number;
    const before = index === 0 ? block.prevAt : (block.times[index - 1] as number);
    if (silent[index] === 1) into.gap(before + (block.intervals[index] as number));
    const value = (counter ? rates[index] : values[index]) as number;
    if (values[index] === held) continue;
    if (Number.isNaN(value)) into.gap(at);
    else into.add(at, value);
  }
}

class Points {
  readonly at: number[] = [];
  readonly values: (number | null)[] = [];
  told = false;

  add(at: number, value: number): void {
    this.at.push(at);
    this.values.push(value);
    this.told = true;
  }

  /** One is enough, and none is needed before the first value. */
  gap(at: number): void {
    if (!this.told || this.values.at(-1) === null) return;
    this.at.push(at);
    this.values.push(null);
  }
}

/** Steps as points. A step without a reading is a gap when the silence in it is one. */
export function pointsOf(sums: Accumulator, { columns }: WantedPiece): HistorySeries[] {
  const { grid, intervalMs } = sums;
  return columns.flatMap(({ key }, index): HistorySeries[] => {
    const own = sums.sums[index];
    if (own === undefined) return [];
    const at: number[] = [];
    const values: (number | null)[] = [];
    const low: (number | null)[] = [];
    const high: (number | null)[] = [];
    let missing = 0;
    for (let slot = 0; slot < grid.count; slot++) {
      const point = pointOf(own, slot);
      if (point === undefined) {
        missing += 1;
        continue;
      }
      if (at.length > 0 && missing > 0 && missing * grid.stepMs >= intervalMs * silence - grid.stepMs) {
        at.push(grid.from + (slot - missing) * grid.stepMs);
        for (const list of [values, low, high]) list.push(null);
      }
      missing = 0;
      at.push(grid.from + slot * grid.stepMs);
      values.push(point.value);
      low.push(point.low);
      high.push(point.high);
    }
    return at.length === 0 ? [] : [{ ...key, kind: own.kind, at: at.map(epochMs), values, low, high }];
  });
}

export interface StepPoint {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Undefined where the step tells nothing that could be drawn. */
export function pointOf(sums: Sums, slot: number): StepPoint | undefined {
  const low = sums.low[slot] as number;
  if (Number.isNaN(low)) return undefined;
  return sums.kind === 'level'
    ? { value: sums.mean(slot), low, high: sums.high[slot] as number }
    : { value: sums.rate(slot), low, high: sums.peak[slot] as number };
}

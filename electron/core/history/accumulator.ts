/**
 * Adds readings and steps of one piece up on a grid of equal steps; whatever mix of tiers they come from, each reading
 * counts once. Rolling makes minutes and hours with it, queries make their points.
 */
import { isSilent } from './codec/block.ts';
import type { Block } from './codec/block.ts';
import { eachIncrease, lowerBound } from './codec/increases.ts';
import type { CounterSteps, LevelSteps, Steps, Wanted } from './codec/steps.ts';
import { CounterSums, LevelSums } from './sums.ts';
import type { Sums } from './sums.ts';

export interface Grid {
  /** Where the first step begins. */
  readonly from: number;
  readonly stepMs: number;
  readonly count: number;
}

export const slotOf = ({ from, stepMs }: Grid, at: number): number => Math.floor((at - from) / stepMs);

export interface Span {
  readonly from: number;
  /** Not part of it. */
  readonly to: number;
}

export class Accumulator {
  readonly grid: Grid;
  readonly columns: readonly number[];
  /** Of each column; undefined for one that nothing told. */
  readonly sums: (Sums | undefined)[];
  /** Of the piece before, to be used again: a fleet has many pieces, and a grid is long. */
  readonly #spare: (Sums | undefined)[];
  /** Of the piece: milliseconds that its readings stand for, how many steps told anything, gaps that ended. */
  readonly covered: Float64Array;
  readonly gaps: Float64Array;
  readonly longest: Float64Array;
  intervalMs = 0;
  /** Gaps that began before it are left to whoever reads there. */
  gapsFrom = -Infinity;
  /** The first and the last moment that is told of. */
  firstAt: number | undefined;
  lastAt: number | undefined;

  readonly #wanted: Wanted;

  /**
   * @param columns what is wanted, by number
   * @param wanted `means`: of levels in steps the lowest and highest are those of the steps' means
   */
  constructor(grid: Grid, columns: readonly number[], wanted: Wanted = 'all') {
    this.grid = grid;
    this.#wanted = wanted;
    this.columns = columns;
    this.sums = columns.map(() => undefined);
    this.#spare = columns.map(() => undefined);
    this.covered = new Float64Array(grid.count);
    this.gaps = new Float64Array(grid.count);
    this.longest = new Float64Array(grid.count);
  }

  /** Begins anew, for another piece. */
  clear(): void {
    this.sums.forEach((own, index) => {
      if (own === undefined) return;
      own.clear();
      this.#spare[index] = own;
      this.sums[index] = undefined;
    });
    for (const figures of [this.covered, this.gaps, this.longest]) figures.fill(0);
    this.intervalMs = 0;
    this.firstAt = undefined;
    this.lastAt = undefined;
  }

  /** Readings of the block within the span. Blocks and steps come in the order of time. */
  addBlock(block: Block, span: Span): void {
    const { times, intervals, shape } = block;
    const begin = lowerBound(times, span.from);
    const end = lowerBound(times, span.to);
    if (begin === end) return;
    const slots = new Int32Array(times.length);
    const weights = new Float64Array(times.length);
    // From the first: a silence before the span decides whether an increase within it has a rate.
    const silent = new Uint8Array(times.length);
    for (let index = 0, before = block.prevAt; index < end; index++) {
      const at = times[index] as number;
      const interval = intervals[index] as number;
      const gap = isSilent(at, before, interval);
      silent[index] = gap ? 1 : 0;
      if (index >= begin) {
        const slot = slotOf(this.grid, at);
        const ms = before === 0 || gap ? interval : at - before;
        slots[index] = slot;
        weights[index] = ms;
        this.#cover(slot, ms);
        if (gap && before >= this.gapsFrom) this.#gap(slot, 1, at - before);
      }
      before = at;
    }
    this.intervalMs = intervals[end - 1] as number;
    this.#reach(times[begin] as number, times[end - 1] as number);
    this.columns.forEach((column, wanted) => {
      const place = shape.indexOf(column);
      const values = place === undefined ? undefined : block.column(place);
      if (place === undefined || values === undefined) return;
      if (shape.counters[place] === true) {
        const sums = this.#counters(wanted);
        eachIncrease(block, place, values, silent, end, (index, increase, ms) => {
          if (index >= begin) sums.add(slots[index] as number, increase, ms);
        });
        return;
      }
      const sums = this.#levels(wanted);
      for (let index = begin; index < end; index++) {
        const value = values[index] as number;
        if (value - value === 0) sums.add(slots[index] as number, value, value, value, weights[index] as number);
      }
    });
  }

  /** Steps that begin within the span. */
  addSteps(steps: Steps, span: Span): void {
    const { begins, covered, shape, stepMs } = steps;
    const begin = lowerBound(begins, span.from);
    const end = lowerBound(begins, span.to);
    if (begin === end) return;
    for (let index = begin; index < end; index++) {
      const slot = slotOf(this.grid, begins[index] as number);
      this.#cover(slot, covered[index] as number);
      const gaps = steps.gaps[index] as number;
      const longest = steps.longest[index] as number;
      const whole = (begins[index] as number) + stepMs - longest >= this.gapsFrom;
      if (gaps > (whole ? 0 : 1)) this.#gap(slot, whole ? gaps : gaps - 1, whole ? longest : 0);
    }
    this.intervalMs = steps.intervalMs;
    this.#reach(begins[begin] as number, (begins[end - 1] as number) + stepMs);
    this.columns.forEach((column, wanted) => {
      const place = shape.indexOf(column);
      const figures = place === undefined ? undefined : steps.column(place, this.#wanted);
      if (figures === undefined) return;
      if (figures.kind === 'level') this.#addLevels(wanted, figures, begins, begin, end);
      else this.#addCounters(wanted, figures, begins, begin, end);
    });
  }

  #addLevels(wanted: number, figures: LevelSteps, begins: Float64Array, begin: number, end: number): void {
    const sums = this.#levels(wanted);
    const { mean: means, covered } = figures;
    const lows = this.#wanted === 'all' ? figures.low : means;
    const highs = this.#wanted === 'all' ? figures.high : means;
    for (let index = begin; index < end; index++) {
      const mean = means[index] as number;
      if (Number.isNaN(mean)) continue;
      const slot = slotOf(this.grid, begins[index] as number);
      sums.add(slot, mean, lows[index] as number, highs[index] as number, covered[index] as number);
    }
  }

  #addCounters(wanted: number, figures: CounterSteps, begins: Float64Array, begin: number, end: number): void {
    const sums = this.#counters(wanted);
    for (let index = begin; index < end; index++) {
      const sum = figures.sum[index] as number;
      if (Number.isNaN(sum)) continue;
      const slot = slotOf(this.grid, begins[index] as number);
      sums.addStep(
        slot,
        sum,
        figures.loose[index] as number,
        figures.covered[index] as number,
        figures.peak[index] as number,
      );
    }
  }

  #levels(wanted: number): LevelSums {
    const known = this.sums[wanted] ?? this.#spare[wanted];
    const sums = known instanceof LevelSums ? known : new LevelSums(this.grid.count);
    this.sums[wanted] = sums;
    return sums;
  }

  #counters(wanted: number): CounterSums {
    const known = this.sums[wanted] ?? this.#spare[wanted];
    const sums = known instanceof CounterSums ? known : new CounterSums(this.grid.count);
    this.sums[wanted] = sums;
    return sums;
  }

  #cover(slot: number, ms: number): void {
    this.covered[slot] = (this.covered[slot] as number) + ms;
  }

  #gap(slot: number, count: number, ms: number): void {
    this.gaps[slot] = (this.gaps[slot] as number) + count;
    this.longest[slot] = Math.max(this.longest[slot] as number, ms);
  }

  #reach(from: number, to: number): void {
    this.firstAt ??= from;
    this.lastAt = to;
  }
}

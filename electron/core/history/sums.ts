/** What is added up for one column of a piece, a place for each step of a grid. Used by accumulator.ts. */

/** Nothing was told where `low` is NaN. */
export class LevelSums {
  readonly kind = 'level';
  /** Values times milliseconds, and the milliseconds. */
  readonly weighted: Float64Array;
  readonly covered: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  first: number | undefined;
  last: number | undefined;

  constructor(count: number) {
    this.weighted = new Float64Array(count);
    this.covered = new Float64Array(count);
    this.low = new Float64Array(count).fill(NaN);
    this.high = new Float64Array(count).fill(NaN);
  }

  clear(): void {
    this.weighted.fill(0);
    this.covered.fill(0);
    this.low.fill(NaN);
    this.high.fill(NaN);
    this.first = undefined;
    this.last = undefined;
  }

  add(slot: number, mean: number, low: number, high: number, ms: number): void {
    this.weighted[slot] = (this.weighted[slot] as number) + mean * ms;
    this.covered[slot] = (this.covered[slot] as number) + ms;
    // Also true where nothing was told yet.
    if (!((this.low[slot] as number) <= low)) this.low[slot] = low;
    if (!((this.high[slot] as number) >= high)) this.high[slot] = high;
    this.first ??= mean;
    this.last = mean;
  }

  mean(slot: number): number {
    const low = this.low[slot] as number;
    // A level that did not move is told as it is, not as it comes out of a division.
    return low === this.high[slot] ? low : (this.weighted[slot] as number) / (this.covered[slot] as number);
  }
}

export class CounterSums {
  readonly kind = 'counter';
  readonly sum: Float64Array;
  readonly loose: Float64Array;
  readonly covered: Float64Array;
  readonly told: Float64Array;
  /** The lowest and the highest rate per second; NaN where there was none. */
  readonly low: Float64Array;
  readonly peak: Float64Array;

  constructor(count: number) {
    this.sum = new Float64Array(count);
    this.loose = new Float64Array(count);
    this.covered = new Float64Array(count);
    this.told = new Float64Array(count);
    this.low = new Float64Array(count).fill(NaN);
    this.peak = new Float64Array(count).fill(NaN);
  }

  clear(): void {
    for (const figures of [this.sum, this.loose, this.covered, this.told]) figures.fill(0);
    this.low.fill(NaN);
    this.peak.fill(NaN);
  }

  /** @param ms in which it grew; 0 when that is not known */
  add(slot: number, increase: number, ms: number): void {
    this.#grow(slot, increase);
    if (ms <= 0) this.loose[slot] = (this.loose[slot] as number) + increase;
    else this.#rate(slot, (increase * 1000) / ms, (increase * 1000) / ms, ms);
  }

  addStep(slot: number, sum: number, loose: number, ms: number, peak: number): void {
    this.#grow(slot, sum);
    this.loose[slot] = (this.loose[slot] as number) + loose;
    if (ms > 0) this.#rate(slot, ((sum - loose) * 1000) / ms, peak, ms);
  }

  /** Per second; NaN where none is known. */
  rate(slot: number): number {
    return (((this.sum[slot] as number) - (this.loose[slot] as number)) * 1000) / (this.covered[slot] as number);
  }

  #grow(slot: number, increase: number): void {
    this.sum[slot] = (this.sum[slot] as number) + increase;
    this.told[slot] = (this.told[slot] as number) + 1;
  }

  #rate(slot: number, low: number, high: number, ms: number): void {
    this.covered[slot] = (this.covered[slot] as number) + ms;
    if (!((this.low[slot] as number) <= low)) this.low[slot] = low;
    if (!((this.peak[slot] as number) >= high)) this.peak[slot] = high;
  }
}

export type Sums = LevelSums | CounterSums;

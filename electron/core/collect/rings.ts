/**
 * What was seen lately, in memory: one time axis, one column per series, the last `capacity` ticks. A gap (no answer
 * for longer than two and a half intervals) is a row of its own without values, so that no line is drawn across it.
 */
import type { EpochMs } from '#shared/units.ts';
import { epochMs } from '#shared/units.ts';

/** 32 bits are enough for drawing, and half the memory. */
type Column = { values: Float32Array; last: number };

export class Rings {
  readonly #capacity: number;
  readonly #mostSeries: number;
  readonly #times: Float64Array;
  readonly #columns = new Map<string, Column>();
  /** Ticks ever written; the newest stands at `(#written - 1) % capacity`. */
  #written = 0;
  /** The oldest tick that has not been written over. */
  #oldest = 0;

  /** @param mostSeries a host that invents names gets no more memory than these take */
  constructor(capacity: number, mostSeries: number) {
    this.#capacity = capacity;
    this.#mostSeries = mostSeries;
    this.#times = new Float64Array(capacity);
  }

  append(at: EpochMs, intervalMs: number, points: Iterable<readonly [key: string, value: number | undefined]>): void {
    const before = this.#newest();
    // The clock was set back: what was written under the later time cannot stand on the same axis.
    if (before !== undefined && at <= before) this.#forgetAfter(at);
    else if (before !== undefined && at - before > intervalMs * 2.5) this.#row(epochMs(before + intervalMs));
    const slot = this.#row(at);
    let crowded = false;
    for (const [key, value] of points) {
      if (!crowded && this.#columns.size >= this.#mostSeries && !this.#columns.has(key)) {
        crowded = true;
        this.#purge(1);
      }
      const column = this.#columns.get(key) ?? this.#newColumn(key);
      if (column === undefined) continue;
      column.values[slot] = value ?? NaN;
      column.last = this.#written;
    }
    if (this.#written % 100 === 0) this.#purge(this.#capacity);
  }

  /** Points younger than `from`; undefined for a series that was never seen. */
  since(key: string, from: number): { at: EpochMs[]; values: (number | null)[] } | undefined {
    const column = this.#columns.get(key);
    if (column === undefined) return undefined;
    const at: EpochMs[] = [];
    const values: (number | null)[] = [];
    for (let tick = this.#oldest; tick < this.#written; tick++) {
      const slot = tick % this.#capacity;
      const time = this.#times[slot] ?? 0;
      if (time < from) continue;
      const value = column.values[slot] ?? NaN;
      at.push(epochMs(time));
      values.push(Number.isNaN(value) ? null : value);
    }
    return { at, values };
  }

  /** The same of several series on one axis; NaN is a gap, undefined a series that was never seen. */
  table(
    keys: readonly string[],
    from: number,
  ): { readonly at: readonly number[]; readonly columns: readonly (Float32Array | undefined)[] } {
    const slots: number[] = [];
    for (let tick = this.#oldest; tick < this.#written; tick++) {
      const slot = tick % this.#capacity;
      if ((this.#times[slot] ?? 0) >= from) slots.push(slot);
    }
    const columns = keys.map((key) => {
      const values = this.#columns.get(key)?.values;
      if (values === undefined) return undefined;
      const column = new Float32Array(slots.length);
      slots.forEach((slot, row) => (column[row] = values[slot] ?? NaN));
      return column;
    });
    return { at: slots.map((slot) => this.#times[slot] ?? 0), columns };
  }

  /** When the oldest tick was that is still here. */
  oldest(): EpochMs | undefined {
    return this.#written > this.#oldest ? epochMs(this.#times[this.#oldest % this.#capacity] ?? 0) : undefined;
  }

  keys(): Iterable<string> {
    return this.#columns.keys();
  }

  #newest(): number | undefined {
    return this.#written > this.#oldest ? this.#times[(this.#written - 1) % this.#capacity] : undefined;
  }

  #forgetAfter(at: EpochMs): void {
    for (let newest = this.#newest(); newest !== undefined && newest >= at; newest = this.#newest()) this.#written -= 1;
  }

  #row(at: EpochMs): number {
    const slot = this.#written % this.#capacity;
    this.#times[slot] = at;
    for (const column of this.#columns.values()) column.values[slot] = NaN;
    this.#written += 1;
    this.#oldest = Math.max(this.#oldest, this.#written - this.#capacity);
    return slot;
  }

  #newColumn(key: string): Column | undefined {
    if (this.#columns.size >= this.#mostSeries) return undefined;
    const column = { values: new Float32Array(this.#capacity).fill(NaN), last: this.#written };
    this.#columns.set(key, column);
    return column;
  }

  /** A series that has been empty for so many ticks belongs to a guest or device that is gone. */
  #purge(ticks: number): void {
    for (const [key, column] of this.#columns) {
      if (this.#written - column.last > ticks) this.#columns.delete(key);
    }
  }
}

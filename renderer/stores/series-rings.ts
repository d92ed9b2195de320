/**
 * Values over time of the hosts that are being looked at, outside Vue's reactivity: plain arrays, trimmed by age.
 * The series store feeds it; charts read slices of it. Knows nothing of the wire.
 */
import type { Series, Tick } from '#shared/model/sample.ts';

export interface Line {
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
  /** Where points are means of a step: the lowest and highest within each. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

interface Ring {
  at: number[];
  values: (number | null)[];
  /** Both or neither. A reading that follows the means is its own lowest and highest. */
  low?: (number | null)[];
  high?: (number | null)[];
}

export interface Keep {
  readonly millis: number;
  readonly intervalMs: number;
  /** What a pixel stands for: nothing finer than a lowest and a highest in each is kept. */
  readonly pixelMs: number;
}

export const seriesKeyOf = (metric: string, instance: string): string => `${metric}\n${instance}`;
const empty: Line = { at: [], values: [] };

export class SeriesRings {
  readonly #rings = new Map<string, Ring>();

  /** Takes what the core keeps; newer points that arrived as ticks meanwhile stay. */
  fill(series: readonly Series[]): void {
    for (const one of series) {
      const key = seriesKeyOf(one.metric, one.instance);
      const last = one.at.at(-1) ?? -Infinity;
      const had = this.#rings.get(key);
      const from = had === undefined ? -1 : had.at.findIndex((at) => at > last);
      const newer = had === undefined || from < 0 ? [] : had.values.slice(from);
      this.#rings.set(key, {
        at: [...one.at, ...(newer.length === 0 ? [] : (had?.at.slice(from) ?? []))],
        values: [...one.values, ...newer],
        ...(one.low === undefined || one.high === undefined
          ? {}
          : { low: [...one.low, ...newer], high: [...one.high, ...newer] }),
      });
    }
  }

  /**
   * A known series that a tick does not mention was not told: a gap. So is a silence of two and a half intervals.
   * @param admit whether a series that is not known yet is worth a ring.
   */
  push(tick: Tick, keep: Keep, admit: (metric: string) => boolean): void {
    // What was loaded may be as coarse as its pixels: silence is longer than that.
    const silence = Math.max(keep.intervalMs, keep.pixelMs * 2) * 2.5;
    const told = new Map(
      tick.points.map(([metric, instance, value]) => [seriesKeyOf(metric, instance), { metric, value }]),
    );
    for (const [key, { metric }] of told)
      if (!this.#rings.has(key) && admit(metric)) this.#rings.set(key, { at: [], values: [] });
    for (const [key, ring] of this.#rings) {
      const last = ring.at.at(-1);
      if (last !== undefined && tick.at - last > silence) append(ring, last + keep.intervalMs, null);
      append(ring, tick.at, told.get(key)?.value ?? null);
      thinTail(ring, keep.pixelMs);
      trim(ring, tick.at - keep.millis);
    }
  }

  line(metric: string, instance: string): Line {
    return this.#rings.get(seriesKeyOf(metric, instance)) ?? empty;
  }

  /** Instances for which a metric is known, in order of arrival. */
  instances(metric: string): readonly string[] {
    const prefix = `${metric}\n`;
    return [...this.#rings.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  clear(): void {
    this.#rings.clear();
  }
}

function append(ring: Ring, at: number, value: number | null): void {
  // A tick that is not newer (the core's clock was set back) would fold the line over itself.
  if (at <= (ring.at.at(-1) ?? -Infinity)) return;
  ring.at.push(at);
  for (const column of columnsOf(ring)) column.push(value);
}

const columnsOf = (ring: Ring): (number | null)[][] => [
  ring.values,
  ...(ring.low === undefined || ring.high === undefined ? [] : [ring.low, ring.high]),
];

/** Of the points that share the newest pixel the lowest, the highest, a gap and the newest stay. */
function thinTail(ring: Ring, pixelMs: number): void {
  const { at, values } = ring;
  const end = at.length - 1;
  const pixel = Math.floor((at[end] ?? 0) / pixelMs);
  let first = end;
  while (first > 0 && Math.floor((at[first - 1] ?? 0) / pixelMs) === pixel) first -= 1;
  if (end - first < 4) return;
  const keep = { low: end, high: end, gap: end };
  for (let i = first; i <= end; i++) {
    const value = values[i] ?? null;
    if (value === null) {
      if (keep.gap === end) keep.gap = i;
      continue;
    }
    if (value < (values[keep.low] ?? Infinity)) keep.low = i;
    if (value > (values[keep.high] ?? -Infinity)) keep.high = i;
  }
  const kept = [...new Set([...Object.values(keep), end])].sort((a, b) => a - b);
  keepOnly(at, first, kept);
  for (const column of columnsOf(ring)) keepOnly(column, first, kept);
}

function keepOnly<Value>(column: Value[], first: number, kept: readonly number[]): void {
  column.splice(first, column.length - first, ...kept.flatMap((i) => column.slice(i, i + 1)));
}

function trim(ring: Ring, oldest: number): void {
  const first = ring.at[0];
  // A minute of data at a time: moving the whole array at every tick would be waste.
  if (first === undefined || first >= oldest - 60_000) return;
  const keep = ring.at.findIndex((at) => at >= oldest);
  const drop = keep < 0 ? ring.at.length : keep;
  ring.at.splice(0, drop);
  for (const column of columnsOf(ring)) column.splice(0, drop);
}

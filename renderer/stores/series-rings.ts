/**
 * Values over time of the hosts that are being looked at, outside Vue's reactivity: plain arrays, trimmed by age.
 * The series store feeds it; charts read slices of it. Knows nothing of the wire.
 */
import type { Series, Tick } from '#shared/model/sample.ts';

export interface Line {
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

interface Ring {
  at: number[];
  values: (number | null)[];
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
      const from = had === undefined ? 0 : had.at.findIndex((at) => at > last);
      const newer = had === undefined || from < 0 ? { at: [], values: [] } : had;
      this.#rings.set(key, {
        at: [...one.at, ...newer.at.slice(Math.max(0, from))],
        values: [...one.values, ...newer.values.slice(Math.max(0, from))],
      });
    }
  }

  /**
   * A known series that a tick does not mention was not told: a gap. So is a silence of two and a half intervals.
   * @param admit whether a series that is not known yet is worth a ring.
   */
  push(tick: Tick, keep: { readonly millis: number; readonly intervalMs: number }, admit: (metric: string) => boolean) {
    const told = new Map(
      tick.points.map(([metric, instance, value]) => [seriesKeyOf(metric, instance), { metric, value }]),
    );
    for (const [key, { metric }] of told)
      if (!this.#rings.has(key) && admit(metric)) this.#rings.set(key, { at: [], values: [] });
    for (const [key, ring] of this.#rings) {
      const last = ring.at.at(-1);
      if (last !== undefined && tick.at - last > keep.intervalMs * 2.5) append(ring, last + keep.intervalMs, null);
      append(ring, tick.at, told.get(key)?.value ?? null);
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
  ring.values.push(value);
}

function trim(ring: Ring, oldest: number): void {
  const first = ring.at[0];
  // A minute of data at a time: moving the whole array at every tick would be waste.
  if (first === undefined || first >= oldest - 60_000) return;
  const keep = ring.at.findIndex((at) => at >= oldest);
  const drop = keep < 0 ? ring.at.length : keep;
  ring.at.splice(0, drop);
  ring.values.splice(0, drop);
}

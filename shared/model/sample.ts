/** Samples: the values of one host at one moment, and series of them over time. */
import type { EpochMs } from '#shared/units.ts';
import type { HostId } from '#shared/model/host.ts';
import type { MetricId } from '#shared/model/metric.ts';

/** Names one line over time: the metric, and the guest or device it belongs to ('' for the host). */
export interface SeriesKey {
  readonly metric: MetricId;
  readonly instance: string;
}

/** Levels in their own unit; counters as a rate per second. null is a gap: no answer, a reset, a reboot. */
export interface Series extends SeriesKey {
  readonly at: readonly EpochMs[];
  readonly values: readonly (number | null)[];
  /** Where a point is the mean of a step: the lowest and highest within it. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** One tick of a watched host: the charted series that moved, in no particular order. */
export interface Tick {
  readonly host: HostId;
  readonly at: EpochMs;
  readonly points: readonly (readonly [metric: MetricId, instance: string, value: number | null])[];
}

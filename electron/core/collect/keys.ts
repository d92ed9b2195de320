/** How a series is named in memory, and an observation as pages get it. Called by collect.ts. */
import type { HostId } from '#shared/model/host.ts';
import type { SeriesKey, Tick } from '#shared/model/sample.ts';
import type { Observation } from './observe.ts';

/** A host's signals are kept beside its metrics, under this name. */
export const signalMetric = (signal: string): string => `signal.${signal}`;

// A metric's id has no '|'; an instance (a cgroup's name) may.
export const keyOf = (metric: string, instance: string): string => `${metric}|${instance}`;
export const signalKey = (signal: string): string => keyOf(signalMetric(signal), '');

export function keyFrom(key: string): SeriesKey {
  const bar = key.indexOf('|');
  return { metric: key.slice(0, bar), instance: key.slice(bar + 1) };
}

export function tickOf(host: HostId, at: Tick['at'], seen: Observation): Tick {
  const signals = Object.entries(seen.signals).map(([signal, value]) => [signalMetric(signal), '', value] as const);
  const drawn = [...seen.points, ...seen.guestPoints].map(
    ([metric, instance, value]) => [metric, instance, value ?? null] as const,
  );
  return { host, at, points: [...signals, ...drawn] };
}

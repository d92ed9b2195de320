/** A metric's value in the words of its unit and kind: levels as they are, counters as a rate, settings as set. */
import type { MetricDef, MetricUnit } from '#shared/model/metric.ts';
import { absent, nbsp } from '#shared/format/absent.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from './duration.ts';
import { count, digits } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatByteRate, formatRate } from '#shared/format/rate.ts';

export function formatLevel(value: number | string | undefined | null, unit: MetricUnit): string {
  if (value === undefined || value === null || value === '') return absent;
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return absent;
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'percent':
      return formatPercent(value);
    case 'pages':
      return `${count(value)}${nbsp}${Math.abs(value) === 1 ? 'page' : 'pages'}`;
    case 'microseconds':
      return value < 1000 ? `${count(value)}${nbsp}µs` : formatLevel(value / 1000, 'milliseconds');
    case 'milliseconds':
      return value < 1000 ? `${digits(value)}${nbsp}ms` : formatDuration(value);
    case 'seconds':
      return formatDuration(value * 1000);
    case 'flag':
      return value === 0 ? 'off' : 'on';
    case 'count':
    case 'text':
      return Number.isInteger(value) ? count(value) : digits(value);
  }
}

/** A knob's value, to the digit: it may be typed into a file again. */
export function formatSetting(value: number | string, unit: MetricUnit): string {
  return typeof value === 'number' && unit === 'count' ? String(value) : formatLevel(value, unit);
}

/** Per second, for a counter of that unit. */
export function formatSpeed(perSecond: number | undefined | null, unit: MetricUnit): string {
  if (perSecond === undefined || perSecond === null) return absent;
  if (unit === 'bytes') return formatByteRate(perSecond);
  // Microseconds of stall per second of time are a share of that second.
  if (unit === 'microseconds') return formatPercent(perSecond / 10_000);
  return formatRate(perSecond);
}

/** What a chart or a cell shows of a metric: `value` is the level, or the rate where the metric counts. */
export function formatMetric(value: number | null | undefined, metric: Pick<MetricDef, 'kind' | 'unit'>): string {
  return metric.kind === 'counter' ? formatSpeed(value, metric.unit) : formatLevel(value, metric.unit);
}

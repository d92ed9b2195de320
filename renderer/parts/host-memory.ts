/** Sums over signals that pages share. Unknown stays undefined: it is never taken for zero. */
import type { SignalId } from '#shared/model/metric.ts';
import type { SignalValues } from '#shared/model/host.ts';

const savedSignals = [
  'saved.compressed',
  'saved.merged',
  'saved.remote',
  'saved.ballooned',
] as const satisfies SignalId[];

/** What is saved by all mechanisms that tell; undefined when none does. May be negative. */
export function savedOf(signals: SignalValues): number | undefined {
  const known = savedSignals.map((signal) => signals[signal]).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

/** Memory that is in use and cannot be had without cost. */
export function usedOf(signals: SignalValues): number | undefined {
  const total = signals['memory.total'];
  const available = signals['memory.available'];
  return total === undefined || available === undefined ? undefined : Math.max(0, total - available);
}

/**
 * The fleet over time: what is saved adds up over hosts, harm is that of the worst host. Hosts answer at different
 * moments, so each grid point takes the newest value a host had within two and a half intervals before it.
 */
import type { FleetSeries } from '#shared/contract/samples.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { epochMs } from '#shared/units.ts';
import type { EpochMs } from '#shared/units.ts';
import type { Points } from './thin.ts';

export const fleetSignals: readonly SignalId[] = [
  'memory.total',
  'memory.available',
  'saved.compressed',
  'saved.merged',
  'saved.remote',
  'saved.ballooned',
  'capacity.ephemeral',
  'harm.psi-some',
  'harm.psi-full',
  'harm.swap-in',
  'harm.rejects',
];

/** @param hosts one entry per host: its points by signal */
export function fleetSeries(
  hosts: readonly ReadonlyMap<SignalId, Points>[],
  span: { readonly from: number; readonly to: number; readonly intervalMs: number; readonly points: number },
): FleetSeries {
  const step = Math.max(span.intervalMs, Math.ceil((span.to - span.from) / span.points / 1000) * 1000);
  const at: EpochMs[] = [];
  for (let time = Math.ceil(span.from / step) * step; time <= span.to; time += step) at.push(epochMs(time));
  const reach = Math.max(step, span.intervalMs * 2.5);
  const signals: Record<string, (number | null)[]> = {};
  for (const signal of fleetSignals) {
    const lines = hosts.map((host) => host.get(signal)).filter((points) => points !== undefined);
    if (lines.length === 0) continue;
    const total = at.map((): number | null => null);
    const worst = signal.startsWith('harm.');
    for (const line of lines) {
      let next = 0;
      at.forEach((time, index) => {
        while (next < line.at.length && (line.at[next] ?? Infinity) <= time) next += 1;
        const seenAt = line.at[next - 1];
        const value = seenAt === undefined || time - seenAt > reach ? null : (line.values[next - 1] ?? null);
        if (value === null) return;
        const before = total[index] ?? null;
        total[index] = before === null ? value : worst ? Math.max(before, value) : before + value;
      });
    }
    signals[signal] = total;
  }
  return { at, signals };
}

/**
 * The fleet over time: what is saved adds up over hosts, harm is that of the worst host. Hosts answer at different
 * moments, so each grid point takes the newest value a host had within two and a half intervals before it.
 */
import type { FleetSeries } from '#shared/contract/samples.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { epochMs } from '#shared/units.ts';

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

/** What one host saw: per signal, in the order of `fleetSignals`, a column on the common axis `at`; NaN is a gap. */
export interface HostTable {
  readonly at: readonly number[];
  readonly columns: readonly (Float32Array | undefined)[];
}

export function fleetSeries(
  hosts: readonly HostTable[],
  span: { readonly from: number; readonly to: number; readonly intervalMs: number; readonly points: number },
): FleetSeries {
  const step = Math.max(span.intervalMs, Math.ceil((span.to - span.from) / span.points / 1000) * 1000);
  const grid: number[] = [];
  for (let time = Math.ceil(span.from / step) * step; time <= span.to; time += step) grid.push(time);
  const reach = Math.max(step, span.intervalMs * 2.5);
  const totals = fleetSignals.map((): Float64Array | undefined => undefined);
  for (const { at, columns } of hosts) {
    const rows = rowsAt(grid, at, reach);
    columns.forEach((column, index) => {
      if (column === undefined) return;
      const total = (totals[index] ??= new Float64Array(grid.length).fill(NaN));
      gather(total, column, rows, fleetSignals[index]?.startsWith('harm.') === true);
    });
  }
  const signals: Record<string, (number | null)[]> = {};
  fleetSignals.forEach((signal, index) => {
    const total = totals[index];
    if (total !== undefined) signals[signal] = Array.from(total, (value) => (Number.isNaN(value) ? null : value));
  });
  return { at: grid.map(epochMs), signals };
}

/** For each point of the grid the newest row that is not later and within reach; -1 where there is none. */
function rowsAt(grid: readonly number[], at: readonly number[], reach: number): Int32Array {
  const rows = new Int32Array(grid.length);
  let next = 0;
  grid.forEach((time, index) => {
    while (next < at.length && (at[next] ?? Infinity) <= time) next += 1;
    const seenAt = at[next - 1];
    rows[index] = seenAt === undefined || time - seenAt > reach ? -1 : next - 1;
  });
  return rows;
}

function gather(total: Float64Array, column: Float32Array, rows: Int32Array, worst: boolean): void {
  for (let index = 0; index < rows.length; index++) {
    const value = column[rows[index] ?? -1] ?? NaN;
    if (Number.isNaN(value)) continue;
    const before = total[index] ?? NaN;
    total[index] = Number.isNaN(before) ? value : worst ? Math.max(before, value) : before + value;
  }
}

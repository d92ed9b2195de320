/** For the storm: each tick of a host has a number, which it tells as a level and as what a counter grew by. */
import type { HistoryColumn } from '#shared/model/history.ts';
import type { HistoryTick } from '#core/ports.ts';
import { epochMs } from '#shared/units.ts';

export const settings = { rawDays: 365, minuteDays: 365, hourDays: 730, diskMiB: 1024 };
export const stormHosts = ['h1', 'h2', 'h3'] as const;
const start = Date.UTC(2026, 0, 1);
const interval = 20_000;

export const momentOf = (number: number): number => start + number * interval;
export const numberAt = (at: number): number => Math.round((at - start) / interval);

const columns: readonly HistoryColumn[] = [
  { metric: 'number', instance: '', kind: 'level' },
  { metric: 'grown', instance: '', kind: 'counter' },
  { metric: 'signal.saved.compressed', instance: '', kind: 'level' },
];

export function stormTick(host: string, number: number): HistoryTick {
  const values = Float64Array.of(number, number, number * 4096);
  const guests = number % 7 === 0 ? ['g1'] : ['g1', 'g2'];
  return {
    host,
    hostName: host,
    at: epochMs(momentOf(number)),
    intervalMs: interval,
    rows: ['', ...guests].map((guest) => ({ guest, name: guest, columns, values })),
  };
}

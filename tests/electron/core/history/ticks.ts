/** Ticks for the history's tests: rows from plain objects, `c:` in front of the name of a counter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HistoryStore } from '#core/history/store.ts';
import type { StoreOptions } from '#core/history/store.ts';
import type { HistoryRow, HistoryTick } from '#core/ports.ts';
import type { HistoryColumn, HistorySeries } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';

export const settings = { rawDays: 14, minuteDays: 90, hourDays: 730, diskMiB: 512 };
/** A full hour, so that steps are easy to name. */
export const start = Date.UTC(2026, 2, 1, 12);

const lists = new Map<string, readonly HistoryColumn[]>();

export function columnsOf(names: readonly string[]): readonly HistoryColumn[] {
  const key = names.join(' ');
  let list = lists.get(key);
  if (list === undefined) {
    list = names.map((name) => {
      const [metric = '', instance = ''] = name.replace(/^c:/, '').split('@');
      return { metric, instance, kind: name.startsWith('c:') ? 'counter' : 'level' };
    });
    lists.set(key, list);
  }
  return list;
}

export const row = (
  guest: string,
  values: Record<string, number>,
  name = guest === '' ? 'host one' : guest,
): HistoryRow => ({
  guest,
  name,
  columns: columnsOf(Object.keys(values)),
  values: Float64Array.from(Object.values(values)),
});

export const tick = (
  at: number,
  rows: readonly HistoryRow[] | Record<string, number>,
  host = 'h1',
  intervalMs = 5000,
): HistoryTick => ({
  host,
  hostName: `name of ${host}`,
  at: epochMs(at),
  intervalMs,
  rows: Array.isArray(rows) ? (rows as readonly HistoryRow[]) : [row('', rows as Record<string, number>)],
});

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tmem-history-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** In memory unless a file is named; closed when the test ends. */
export function openStore(options: Partial<StoreOptions> = {}): HistoryStore {
  const store = new HistoryStore({ file: undefined, settings, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** All that is due, done, by a clock that has been right for hours. */
export function settle(store: HistoryStore, now: number): void {
  for (let pieces = 0; store.work(now - 2 * 3_600_000); pieces++)
    if (pieces > 100_000) throw new Error('work without end');
  for (let pieces = 0; store.work(now); pieces++) if (pieces > 100_000) throw new Error('work without end');
}

export const key = (metric: string, guest = '', host = 'h1', instance = '') => ({ host, guest, metric, instance });

/** A series as pairs, its moments in seconds since `start`. */
export const pairs = (series: HistorySeries | undefined): [number, number | null][] | undefined =>
  series?.at.map((at, index) => [(at - start) / 1000, series.values[index] ?? null]);

export function seriesOf(store: HistoryStore, metric: string, from = start, to = start + 3_600_000, points = 1000) {
  return pairs(store.series([key(metric)], from, to, points).series[0]);
}

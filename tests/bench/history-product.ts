/** The product's own store as a contestant of the history's benchmark. */
import { join } from 'node:path';
import { HistoryStore } from '#core/history/store.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { hourMs, meanOf, sizeOf, watched } from './history-contest.ts';
import type { Contest } from './history-contest.ts';
import { columnCount, guestKey, guestMetrics, hostName } from './history-data.ts';

export interface ProductContest extends Contest {
  readonly store: HistoryStore;
}

export function productContest(folder: string): ProductContest {
  const file = join(folder, 'history.db');
  const store = new HistoryStore({ file, settings: defaultSettings.history });
  const key = { host: hostName(watched.host), guest: guestKey(watched.host, watched.guest) };
  return {
    store,
    commit: (ticks) => store.record(ticks),
    settle: (now) => {
      let longest = 0;
      for (;;) {
        const start = performance.now();
        const more = store.work(now);
        longest = Math.max(longest, performance.now() - start);
        if (!more) return longest;
      }
    },
    guestSpan: (from, to, steps) => {
      const keys = guestMetrics.map((metric) => ({ ...key, metric, instance: '' }));
      const { series } = store.series(keys, from, to - 1, steps);
      const found = series.find(({ metric }) => metric === watched.counter);
      if (series.length !== columnCount || found === undefined) throw new Error('the guest is not whole');
      return store
        .totals({ hosts: [key.host], guests: true, metrics: [watched.counter], from, to: to - 1 })
        .totals.filter(({ guest }) => guest === key.guest)
        .reduce((sum, { increase }) => sum + (increase ?? 0), 0);
    },
    fleetSpan: (from, to) => {
      const { signals: told } = store.fleet([], from, to - 1, (to - from) / hourMs);
      return meanOf(told[watched.signal.slice('signal.'.length)] ?? []);
    },
    bytes: () => sizeOf(file),
    close: () => store.close(),
  };
}

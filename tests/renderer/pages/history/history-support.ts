/** A core with a small history, for tests of the page: one host that lives, one that is gone, a guest, the fleet. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { HistoryEntity, HistoryKey, HistorySeries, HistoryStatus } from '#shared/model/history.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView } from '../../../support/host-view.ts';

export const day = 24 * 3_600_000;

export const entity = (host: string, guest: string, name: string, lastAt: number): HistoryEntity => ({
  host,
  guest,
  name,
  hostName: host === 'id-db-1' ? 'db-1' : 'old-1',
  firstAt: epochMs(lastAt - 90 * day),
  lastAt: epochMs(lastAt),
});

export const catalogueEntry = (id: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  id,
  title: `Title of ${id}`,
  unit: 'bytes',
  kind: 'level',
  instance: 'host',
  help: `What ${id} means.`,
  charted: true,
  platform: 'mainline',
  ...more,
});
export const entries = [
  catalogueEntry('zswap.stored'),
  catalogueEntry('vmstat.pswpin', { unit: 'pages', kind: 'counter' }),
  catalogueEntry('zram.used', { instance: 'device' }),
  catalogueEntry('guest.resident', { instance: 'guest' }),
];

export const recording: HistoryStatus = {
  state: 'recording',
  file: '/var/lib/tmem/history.db',
  bytes: 1024 ** 2,
  budgetBytes: 2 * 1024 ** 3,
  tiers: [{ tier: 'raw', from: epochMs(Date.UTC(2026, 0, 10)), to: epochMs(Date.UTC(2026, 0, 15)), bytes: 9 }],
};

/** Three points within what was asked, the middle one a gap. */
export function seriesIn(key: HistoryKey, from: number, to: number): HistorySeries {
  const at = [0.25, 0.5, 0.75].map((share) => epochMs(Math.round(from + (to - from) * share)));
  return { ...key, kind: 'level', at, values: [1024, null, 2048], low: [512, null, 1024], high: [4096, null, 4096] };
}

export function historyConsole(now: number, more: Answers = {}) {
  const gone = now - 9 * day;
  const known = (host: string, from: number): boolean => host === 'id-db-1' || from < gone;
  return fakeConsole({
    'settings.get': () => defaultSettings,
    'hosts.list': () => [hostView('db-1')],
    'plans.list': () => [],
    'samples.catalogue': () => entries,
    'history.status': () => recording,
    'history.entities': () => [
      entity('id-db-1', '', 'db-1', now),
      entity('id-db-1', 'libvirt:1', '<b>shop</b>', now),
      entity('id-old-1', '', 'old-1', gone),
    ],
    'history.columns': ({ host, guest, from }) => {
      if (!known(host, from)) return [];
      if (guest !== '') return [{ metric: 'guest.resident', instance: '', kind: 'level' }];
      return [
        { metric: 'vmstat.pswpin', instance: '', kind: 'counter' },
        { metric: 'zram.used', instance: 'zram0', kind: 'level' },
        { metric: 'signal.saved.compressed', instance: '', kind: 'level' },
        { metric: 'zswap.stored', instance: '', kind: 'level' },
      ];
    },
    'history.series': ({ keys, from, to }) => ({
      tier: 'minute',
      stepMs: 60_000,
      from: epochMs(from),
      to: epochMs(to),
      damaged: 0,
      series: keys.filter(({ host }) => known(host, from)).map((key) => seriesIn(key, from, to)),
    }),
    'history.fleet': ({ from, to }) => ({
      tier: 'minute',
      stepMs: 60_000,
      at: [epochMs((from + to) / 2)],
      signals: { 'saved.compressed': [7], 'harm.psi-some': [null] },
      hosts: [1],
      damaged: 0,
    }),
    'history.events': () => [],
    ...more,
  });
}

/** A data directory with a history: two hosts, one guest, a reading each minute, written as the console writes it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HistoryStore } from '#core/history/store.ts';
import type { HistoryRow } from '#core/ports.ts';
import type { HostDraft } from '#shared/model/host.ts';
import type { HistoryColumn } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';

const gib = 1024 ** 3;
const level = (metric: string): HistoryColumn => ({ metric, instance: '', kind: 'level' });
const counter = (metric: string): HistoryColumn => ({ metric, instance: '', kind: 'counter' });

const hostColumns = [
  level('meminfo.MemTotal'),
  level('meminfo.Zswapped'),
  level('meminfo.Zswap'),
  level('signal.memory.total'),
  level('signal.saved.compressed'),
  counter('vmstat.pswpin'),
];
const guestColumns = [level('cgroup.memory.current')];

export const names = { host: '=host-one', other: 'host-two', guest: 'web,"1"' };
export const saved = 3 * gib;
const minute = 60_000;

const row = (guest: string, name: string, columns: readonly HistoryColumn[], values: number[]): HistoryRow => ({
  guest,
  name,
  columns,
  values: Float64Array.from(values),
});

/** Up to `to`, that moment not among them; all of it packed and rolled. Answers how many readings each host has. */
export function writeHistory(dataDir: string, to: number, minutes = 180): number {
  mkdirSync(dataDir, { recursive: true });
  const settings = { rawDays: 14, minuteDays: 90, hourDays: 730, diskMiB: 512 };
  const store = new HistoryStore({ file: join(dataDir, 'history.sqlite'), settings });
  const begin = Math.floor(to / minute) * minute - minutes * minute;
  for (let i = 0; i < minutes; i++) {
    const at = epochMs(begin + i * minute);
    const host = [8 * gib, 4 * gib, gib, 8 * gib, saved, 7];
    store.record([
      {
        host: 'h1',
        hostName: names.host,
        at,
        intervalMs: minute,
        rows: [row('', names.host, hostColumns, host), row('g1', names.guest, guestColumns, [(i + 1) * 1_000_003])],
      },
      { host: 'h2', hostName: names.other, at, intervalMs: minute, rows: [row('', names.other, hostColumns, host)] },
    ]);
  }
  while (store.work(to));
  store.close();
  return minutes;
}

export const draft = (name: string, address: string): HostDraft => ({
  name,
  address,
  port: 22,
  user: 'root',
  login: { method: 'agent' },
  group: '',
  tags: [],
  jumps: [],
  agent: 'pushed',
  sudo: 'never',
  guestGroups: [],
  connect: false,
});

export function writeInventory(dataDir: string): void {
  const hosts = [
    { id: 'h1', ...draft(names.host, '192.0.2.1') },
    { id: 'h3', ...draft('host-three', '192.0.2.3') },
  ];
  writeFileSync(join(dataDir, 'hosts.json'), JSON.stringify({ version: 1, hosts }));
}

/**
 * What 100 hosts with 20 guests each tell of themselves, invented and the same in each run: levels that wander in
 * pages, counters that mostly stand still, pressure in hundredths of a percent, commands that run every other tick.
 */
import { held } from '#core/ports.ts';
import type { HistoryRow, HistoryTick } from '#core/ports.ts';
import type { HistoryColumn } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';

export const hostCount = 100;
export const guestsPerHost = 20;
export const entityCount = hostCount * (1 + guestsPerHost);
export const columnCount = 24;

/** How a column behaves from tick to tick. */
type Manner = 'fixed' | 'pages' | 'percent' | 'count' | 'rare' | 'slow-count' | 'slow-pages';

const guestColumns: readonly (readonly [metric: string, manner: Manner])[] = [
  ['cgroup.memory.current', 'pages'],
  ['cgroup.memory.swap.current', 'pages'],
  ['cgroup.memory.zswap.current', 'pages'],
  ['cgroup.memory.stat.anon', 'pages'],
  ['cgroup.memory.stat.file', 'pages'],
  ['cgroup.memory.stat.zswapped', 'pages'],
  ['cgroup.memory.peak', 'fixed'],
  ['cgroup.memory.stat.pgfault', 'count'],
  ['cgroup.memory.stat.pgmajfault', 'rare'],
  ['cgroup.memory.stat.workingset_refault_anon', 'rare'],
  ['cgroup.memory.stat.workingset_refault_file', 'rare'],
  ['cgroup.memory.stat.zswpin', 'count'],
  ['cgroup.memory.stat.zswpout', 'count'],
  ['cgroup.memory.stat.pgscan', 'rare'],
  ['cgroup.memory.events.high', 'rare'],
  ['cgroup.memory.pressure.some.avg10', 'percent'],
  ['cgroup.memory.pressure.some.total', 'count'],
  ['cgroup.memory.pressure.full.avg10', 'percent'],
  ['cgroup.memory.pressure.full.total', 'rare'],
  ['domstats.balloon.current', 'fixed'],
  ['domstats.balloon.rss', 'slow-pages'],
  ['domstats.balloon.usable', 'slow-pages'],
  ['domstats.balloon.swap_in', 'slow-count'],
  ['domstats.balloon.swap_out', 'slow-count'],
];
const hostColumns: readonly (readonly [metric: string, manner: Manner])[] = [
  ['signal.memory.total', 'fixed'],
  ['signal.memory.available', 'pages'],
  ['signal.swap.total', 'fixed'],
  ['signal.swap.used', 'pages'],
  ['signal.saved.compressed', 'pages'],
  ['signal.saved.merged', 'pages'],
  ['signal.saved.ballooned', 'pages'],
  ['signal.harm.psi-some', 'percent'],
  ['signal.harm.psi-full', 'percent'],
  ['meminfo.MemAvailable', 'pages'],
  ['meminfo.MemFree', 'pages'],
  ['meminfo.AnonPages', 'pages'],
  ['meminfo.Zswap', 'pages'],
  ['meminfo.Zswapped', 'pages'],
  ['vmstat.pswpin', 'count'],
  ['vmstat.pswpout', 'count'],
  ['vmstat.zswpin', 'count'],
  ['vmstat.zswpout', 'count'],
  ['vmstat.pgmajfault', 'rare'],
  ['vmstat.workingset_refault_anon', 'rare'],
  ['pressure.memory.some.avg10', 'percent'],
  ['pressure.memory.some.total', 'count'],
  ['ksm.pages_shared', 'pages'],
  ['zswap.pool_limit_hit', 'rare'],
];

const counts: ReadonlySet<Manner> = new Set(['count', 'rare', 'slow-count']);
const columnsOf = (told: typeof guestColumns): readonly HistoryColumn[] =>
  told.map(([metric, manner]) => ({ metric, instance: '', kind: counts.has(manner) ? 'counter' : 'level' }));
const columns = {
  host: columnsOf(hostColumns),
  signals: columnsOf(hostColumns.filter(([metric]) => metric.startsWith('signal.'))),
  guest: columnsOf(guestColumns),
};
const allHosts = Array.from({ length: hostCount }, (_, host) => host);

/** By column: of a host, and of a guest. */
export const hostMetric = (metric: string): number => hostColumns.findIndex(([name]) => name === metric);
export const guestMetrics = guestColumns.map(([metric]) => metric);
export const hostName = (host: number): string => `host-${String(host + 1).padStart(3, '0')}`;
export const guestKey = (host: number, guest: number): string => `libvirt:${host}-0000-4000-8000-${guest}`;

export class Workload {
  readonly #states = new Float64Array(entityCount * columnCount);
  /** 0…1023: how likely a column moves at a tick. */
  readonly #busy = new Uint16Array(entityCount);
  #dice = 2463534242;
  #turn = 0;

  constructor() {
    for (let entity = 0; entity < entityCount; entity++) {
      // Two thirds are nearly idle.
      this.#busy[entity] = entity % 3 === 0 ? 300 + (this.#roll() & 511) : this.#roll() & 127;
      for (let column = 0; column < columnCount; column++)
        this.#states[entity * columnCount + column] = 4096 * (1 + (this.#roll() & 0xfffff));
    }
  }

  /** Everything of hosts and their guests at one moment. */
  ticks(at: number, intervalMs: number, hosts: readonly number[] = allHosts): HistoryTick[] {
    this.#turn += 1;
    return hosts.map((host) => {
      const rows = [this.#row(host, '', hostName(host), columns.host, hostColumns)];
      for (let guest = 0; guest < guestsPerHost; guest++) {
        const entity = hostCount + host * guestsPerHost + guest;
        rows.push(this.#row(entity, guestKey(host, guest), `guest-${entity}`, columns.guest, guestColumns));
      }
      return { host: hostName(host), hostName: hostName(host), at: epochMs(at), intervalMs, rows };
    });
  }

  /** Of hosts their signals only. */
  signals(at: number, intervalMs: number, hosts: readonly number[]): HistoryTick[] {
    this.#turn += 1;
    return hosts.map((host) => {
      const row = this.#row(host, '', hostName(host), columns.signals, hostColumns);
      return { host: hostName(host), hostName: hostName(host), at: epochMs(at), intervalMs, rows: [row] };
    });
  }

  #row(
    entity: number,
    guest: string,
    name: string,
    told: readonly HistoryColumn[],
    manners: typeof guestColumns,
  ): HistoryRow {
    const values = new Float64Array(told.length);
    const busy = this.#busy[entity] ?? 0;
    for (let column = 0; column < told.length; column++) {
      const place = entity * columnCount + column;
      const before = this.#states[place] ?? 0;
      const dice = this.#roll();
      const moves = (dice & 1023) < busy;
      const size = (dice >>> 10) & 0x3ff;
      switch (manners[column]?.[1]) {
        case 'fixed':
          values[column] = this.#states[place] = (dice & 0xfff) === 0 ? before + 4096 * size : before;
          break;
        case 'pages':
          values[column] = this.#states[place] = moves ? Math.max(0, before + 4096 * (size - 512)) : before;
          break;
        case 'percent': {
          // The state is in hundredths and decays as the kernel's average over ten seconds does.
          const decayed = Math.floor(Math.min(before, 10_000) * 0.6);
          values[column] = (this.#states[place] = (dice & 4095) < busy >> 2 ? size * 8 : decayed) / 100;
          break;
        }
        case 'count':
          values[column] = moves ? size : 0;
          break;
        case 'rare':
          values[column] = moves && (dice >>> 20) % 8 === 0 ? size & 63 : 0;
          break;
        case 'slow-count':
          values[column] = this.#turn % 2 === 1 ? held : moves ? size : 0;
          break;
        case 'slow-pages':
          values[column] = this.#states[place] =
            moves && this.#turn % 2 === 0 ? Math.max(0, before + 4096 * (size - 512)) : before;
          break;
        case undefined:
          break;
      }
    }
    return { guest, name, columns: told, values };
  }

  /** xorshift32 */
  #roll(): number {
    let dice = this.#dice;
    dice ^= dice << 13;
    dice ^= dice >>> 17;
    dice ^= dice << 5;
    this.#dice = dice;
    return dice >>> 0;
  }
}

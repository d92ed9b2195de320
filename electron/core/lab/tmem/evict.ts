/**
 * Making room: eviction inside a put, and giving frames back when the hypervisor's own heap is empty. Only ephemeral
 * pages are ever evicted, least recently used first.
 */
import { labPageSize } from '../corpus.ts';
import { forget, runsOf } from './shape.ts';
import { available, drop } from './store.ts';
import type { Client, Pool, Run, Tmem } from './tmem.ts';

/** Below this many free frames (1 MiB) a put evicts first (docs/domain.md 6 eviction). */
export const lowFrames = 256;
const mostFailures = 10;

/**
 * Is a client over its weighted share? The comparison is the hypervisor's own, and is true for those *below* their
 * share: whoever has less than his weight grants evicts his own pages (docs/domain.md 6 fairness).
 */
function overQuota(tmem: Tmem, client: Client): boolean {
  let total = 0;
  for (const { stats } of tmem.clients.values()) total += stats.ww;
  const own = client.stats.Ec;
  if (total === 0 || client.stats.ww === 0 || own === 0) return false;
  return Math.trunc((tmem.stats.Ec * 100) / own) > Math.trunc((total * 100) / client.stats.ww);
}

function oldest(tmem: Tmem, client: Client | undefined): Run | undefined {
  const own = client !== undefined && overQuota(tmem, client);
  for (const run of tmem.lru) if (!own || run.pool.owner === client) return run;
  return undefined;
}

/** Evicts up to `wanted` pages. @returns how many went; each try counts in `Ea` */
export function evict(tmem: Tmem, client: Client | undefined, wanted: number): number {
  let left = wanted;
  while (left > 0) {
    const run = oldest(tmem, client);
    if (run === undefined) {
      tmem.stats.Ea += 1;
      break;
    }
    const gone = drop(tmem, run, left);
    forget(tmem, run);
    tmem.stats.Ea += gone;
    tmem.stats.Et += gone;
    left -= gone;
  }
  return wanted - left;
}

/** What a put does before it is even counted. @returns false: no room can be made, and the put fails */
export function ensureAvailable(tmem: Tmem, client: Client): boolean {
  let failures = mostFailures;
  while (available(tmem) < lowFrames) {
    // Compressed pages share frames: evicting one does not always free one.
    if (evict(tmem, client, 1) === 0 && --failures === 0) return false;
  }
  return true;
}

/**
 * The same for many puts at once.
 * @param frames the most they can take
 * @returns the frames they may take, 0 when no room can be made
 */
export function ensureMany(tmem: Tmem, client: Client, puts: number, frames: number): number {
  for (;;) {
    const room = available(tmem) - (lowFrames - 1);
    if (room > 0) return room;
    const most = Math.min(puts, Math.max(1, frames), evictable(tmem));
    if (most === 0) {
      // Every one of them tries that often before it gives up.
      tmem.stats.Ea += mostFailures * puts;
      return 0;
    }
    evict(tmem, client, most);
  }
}

function evictable(tmem: Tmem): number {
  let stuck = 0;
  for (const pool of tmem.shared) if (pool?.stuck) stuck += pool.stats.Pc;
  return tmem.stats.Ec - stuck;
}

/**
 * The hypervisor needs frames for a domain and its heap has none: tmem's own list first, then eviction, at most ten
 * for each frame (docs/domain.md 1.4 rule 9).
 * @returns how many frames went to the heap
 */
export function relinquish(tmem: Tmem, wanted: number): number {
  const { stats } = tmem;
  let given = 0;
  while (given < wanted) {
    const listed = Math.min(stats.Ta, wanted - given);
    stats.Ta -= listed;
    tmem.heap.free += listed;
    stats.Rt += listed;
    stats.Ra += listed;
    given += listed;
    if (given === wanted) break;
    const before = stats.Et;
    for (let tries = 0; tries < mostFailures && stats.Ta === 0; tries++) {
      if (evict(tmem, undefined, tries === 0 ? wanted - given : 1) === 0) break;
    }
    const evicted = stats.Et - before;
    if (stats.Ta === 0) {
      stats.Ra += 1;
      break;
    }
    stats.Rx = Math.max(stats.Rx, Math.min(mostFailures, Math.ceil(evicted / stats.Ta)));
  }
  return given;
}

/** Frames the hypervisor could have back at once: the free list and all ephemeral data. `tmem-freeable` in pages. */
export const freeablePages = (tmem: Tmem): number => {
  let whole = 0;
  for (const client of tmem.clients.values())
    for (const pool of client.pools) if (pool?.ephemeral && pool.owner === client) whole += wholeOf(pool);
  return tmem.stats.Ta + whole + Math.ceil(tmem.ephemeralBytes / labPageSize);
};

function wholeOf(pool: Pool): number {
  let whole = 0;
  for (const run of runsOf(pool)) whole += run.whole;
  return whole;
}

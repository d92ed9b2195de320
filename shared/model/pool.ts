/**
 * Pools: memory that the kernel or the hypervisor keeps for somebody in a form of its own. Ephemeral pools may lose a
 * page at any moment (cleancache); persistent ones must give back what they accepted (frontswap, zswap).
 */
import type { Said } from '#shared/model/guest.ts';

/** Counters since the pool was made; undefined where the system does not count. */
export interface PoolTraffic {
  readonly puts?: number;
  /** Puts that were not taken: no memory, over the limit, frozen, badly compressible. */
  readonly refused?: number;
  readonly gets?: number;
  /** Gets that found their page. */
  readonly found?: number;
  readonly flushes?: number;
}

export interface PoolReading {
  /** Stable on its host while the pool lives; a pool that was made anew under the same number has another key. */
  readonly key: string;
  readonly title: string;
  readonly mechanism: 'compressed' | 'remote' | 'tmem';
  readonly kind: 'ephemeral' | 'persistent';
  readonly sharing: 'private' | 'shared';
  /** Keys of the guests it belongs to; empty for the host itself. A shared pool has several, and none can be given its hits. */
  readonly owners: readonly string[];
  /** What is kept, as its users see it: pages times page size. */
  readonly holds?: Said;
  /** What keeping it takes of RAM. */
  readonly takes?: Said;
  readonly traffic: PoolTraffic;
  readonly frozen?: boolean;
}

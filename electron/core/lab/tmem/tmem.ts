/**
 * The state of transcendent memory in one hypervisor: clients, pools, the pages they hold. Rules: docs/domain.md
 * 1.2, 1.3 and 1.4. Everything here is changed by the operations beside this file only.
 *
 * Pages are not stored as bytes. They lie in runs: a run is one page with its handle (exact pools), or any number of
 * pages of a pool that came at about the same time (bulk pools). Both stand in one list, oldest first.
 */
import type { PageClass } from '../corpus.ts';
import { clientStats, globalStats } from './stats.ts';
import type { ClientKey, GlobalKey, PoolKey } from './stats.ts';
import { traitsOf } from './xen-version.ts';
import type { XenTraits, XenVersion } from './xen-version.ts';

/** A domain's charge as the hypervisor keeps it, in pages. Its balloon changes it as well. */
export interface Domain {
  readonly domid: number;
  tot: number;
  max: number;
}

/** What a put brings: what the page is like, and which writing of it it is, to tell an old page from a new one. */
export interface Page {
  readonly kind: PageClass;
  readonly version: number;
}

export interface Run {
  readonly pool: Pool;
  /** Pages kept as they are, each in a frame of its own. */
  whole: number;
  /** Pages kept compressed, and the bytes of all of them. */
  packed: number;
  packedBytes: number;
  /** Of a single page in an exact pool. */
  readonly handle?: { readonly object: string; readonly index: number; page: Page };
}

export interface TmemObject {
  readonly pages: Map<number, Run>;
  /** Radix tree nodes it takes. */
  nodes: number;
}

export interface Pool {
  owner: Client;
  readonly ephemeral: boolean;
  /** The two halves of a shared pool's name; undefined: private. */
  readonly uuid: Uuid | undefined;
  /** Domains that share it, the owner first; of a private pool the owner alone. */
  readonly sharers: Client[];
  readonly stats: Record<PoolKey, number>;
  readonly objects: Map<string, TmemObject>;
  /** Runs of bulk traffic, oldest first. */
  readonly runs: Run[];
  /** After one sharer left, the hypervisor never evicts from it again (docs/domain.md 1.4 rule 11). */
  stuck: boolean;
}

export interface Uuid {
  readonly U0: bigint;
  readonly U1: bigint;
}

export interface Client {
  readonly domain: Domain;
  readonly stats: Record<ClientKey, number>;
  /** By pool id; a hole is free. */
  readonly pools: (Pool | undefined)[];
  /** Names of shared pools it may join. */
  readonly authorised: Set<string>;
  /** While it is moved to another host, duplicate puts are dropped and fail. */
  migrating: boolean;
  /** Bytes of its compressed persistent pages: they are charged to it by the frame. */
  persistentBytes: number;
  /** Part of a page that does not compress well, left over from bulk puts. */
  poorCarry: number;
}

export interface TmemOptions {
  readonly version: XenVersion;
  /** The hypervisor's free heap, pages. Shared with whoever builds domains. */
  readonly heap: { free: number };
  /** New clients compress (`tmem_compress` on the hypervisor's command line). */
  readonly compress: boolean;
  /** `tmem_shared_auth`; without meaning from 4.9 on. */
  readonly sharedAuth: boolean;
  /** A line of the hypervisor's console ring. */
  readonly say: (line: string) => void;
}

export interface Tmem {
  readonly traits: XenTraits;
  readonly options: TmemOptions;
  readonly heap: { free: number };
  readonly stats: Record<GlobalKey, number>;
  /** By domid, in the order in which they came. */
  readonly clients: Map<number, Client>;
  /** Shared pools by slot. */
  readonly shared: (Pool | undefined)[];
  /** Ephemeral runs of pools that can be evicted from, least recently used first. */
  readonly lru: Set<Run>;
  /** Bytes of compressed ephemeral pages, of all clients. */
  ephemeralBytes: number;
}

export const mostPools = 16;
export const mostSharedPools = 16;

export const createTmem = (options: TmemOptions): Tmem => ({
  traits: traitsOf(options.version),
  options,
  heap: options.heap,
  stats: globalStats(),
  clients: new Map(),
  shared: [],
  lru: new Set(),
  ephemeralBytes: 0,
});

/** The client of a domain, made when it is not there yet. */
export function clientOf(tmem: Tmem, domain: Domain): Client {
  const known = tmem.clients.get(domain.domid);
  if (known) return known;
  const client: Client = {
    domain,
    stats: { ...clientStats(), co: tmem.options.compress ? 1 : 0 },
    pools: [],
    authorised: new Set(),
    migrating: false,
    persistentBytes: 0,
    poorCarry: 0,
  };
  tmem.clients.set(domain.domid, client);
  tmem.options.say(`tmem: initializing tmem capability for domid=${String(domain.domid)}...<G><2>ok`);
  return client;
}

/** Counts an operation of a guest and passes its result on. */
export function counted(tmem: Tmem, answer: number): number {
  tmem.stats.Tt += 1;
  if (answer < 0) tmem.stats.Te += 1;
  return answer;
}

export const poolOf = (tmem: Tmem, domid: number, id: number): Pool | undefined => tmem.clients.get(domid)?.pools[id];

/**
 * Pools made, joined and given up; clients that go (docs/domain.md 1.2). Called when guests mount, swap on, unmount,
 * end.
 */
import { poolStats } from './stats.ts';
import { runsOf } from './shape.ts';
import { drop, reshape } from './store.ts';
import { clientOf, counted, mostPools, mostSharedPools } from './tmem.ts';
import type { Client, Domain, Pool, Tmem, Uuid } from './tmem.ts';
import { result } from './results.ts';

export interface PoolRequest {
  readonly persistent: boolean;
  /** Asked for by a cluster file system. All ones means private. */
  readonly shared?: Uuid;
  readonly pageSize?: number;
  readonly precompressed?: boolean;
}

const allOnes = 2n ** 64n - 1n;
export const uuidKey = ({ U0, U1 }: Uuid): string => `${U0.toString(16)}:${U1.toString(16)}`;
const kindOf = (ephemeral: boolean, shared: boolean): string =>
  `${ephemeral ? 'ephemeral' : 'persistent'}-${shared ? 'shared' : 'private'}`;

/** @returns the pool id, 0…15, or an error. A shared pool that is not allowed becomes a private one, silently. */
export function newPool(tmem: Tmem, domain: Domain, request: PoolRequest): number {
  return counted(tmem, makePool(tmem, domain, request));
}

function makePool(tmem: Tmem, domain: Domain, request: PoolRequest): number {
  const { persistent, shared } = request;
  const client = clientOf(tmem, domain);
  if ((request.pageSize ?? 4096) !== 4096 || request.precompressed === true || (persistent && shared))
    return result.EPERM;
  const id = firstFree(client.pools, mostPools);
  const say = (rest: string): void =>
    tmem.options.say(
      `tmem: allocating ${kindOf(!persistent, shared !== undefined)} tmem pool for domid=${String(domain.domid)}...<G><2>${rest}`,
    );
  if (id === undefined) {
    say('failed... max tmem pools exceeded');
    return result.EPERM;
  }
  let name = shared && (shared.U0 !== allOnes || shared.U1 !== allOnes) ? shared : undefined;
  if (name && mustAsk(tmem) && !client.authorised.has(uuidKey(name))) {
    say('Shared auth failed, create non shared pool instead!');
    tmem.options.say(`pool_id=${String(id)}`);
    name = undefined;
  }
  if (name) {
    const key = uuidKey(name);
    const there = tmem.shared.find((pool) => pool?.uuid && uuidKey(pool.uuid) === key);
    if (there) {
      const words = `${name.U1.toString(16)}.${name.U0.toString(16)}`;
      say(`(matches shared pool uuid=${words}) pool_id=${String(id)}`);
      there.sharers.push(client);
      client.pools[id] = there;
      return id;
    }
  }
  const slot = name ? firstFree(tmem.shared, mostSharedPools) : undefined;
  if (name && slot === undefined) {
    say('failed... no global shared pool slots available');
    return result.EPERM;
  }
  const pool: Pool = {
    owner: client,
    ephemeral: !persistent,
    uuid: name,
    sharers: [client],
    stats: poolStats(),
    objects: new Map(),
    runs: [],
    stuck: false,
  };
  client.pools[id] = pool;
  if (slot !== undefined) tmem.shared[slot] = pool;
  if (!shared || name) say(`pool_id=${String(id)}`);
  return id;
}

const mustAsk = ({ traits, options }: Tmem): boolean => traits.alwaysAuthorises || options.sharedAuth;

function firstFree(slots: readonly unknown[], most: number): number | undefined {
  for (let at = 0; at < most; at++) if (slots[at] === undefined) return at;
  return undefined;
}

/** @returns 1, or 0 when there is no such pool */
export function destroyPool(tmem: Tmem, domid: number, id: number): number {
  const client = tmem.clients.get(domid);
  return counted(tmem, client ? leavePool(tmem, client, id) : result.nothing);
}

function leavePool(tmem: Tmem, client: Client, id: number): number {
  const pool = client.pools[id];
  if (pool === undefined) return result.nothing;
  client.pools[id] = undefined;
  const { domid } = client.domain;
  if (pool.uuid && pool.sharers.length > 1) {
    quit(tmem, client, pool);
    return result.done;
  }
  const word = tmem.traits.minor >= 8 ? 'Destroying' : 'destroying';
  const kind = kindOf(pool.ephemeral, pool.uuid !== undefined);
  tmem.options.say(`${word} ${kind} tmem pool domid=${String(domid)} pool_id=${String(id)}`);
  empty(tmem, pool);
  const slot = tmem.shared.indexOf(pool);
  if (slot >= 0) tmem.shared[slot] = undefined;
  return result.done;
}

/** One sharer leaves and others stay: its pages pass to the next, and none is ever evicted again. */
function quit(tmem: Tmem, client: Client, pool: Pool): void {
  const at = pool.sharers.indexOf(client);
  pool.sharers.splice(at, 1);
  const heir = pool.sharers[0];
  const { domid } = client.domain;
  if (heir && pool.owner === client) {
    pool.owner = heir;
    handOver(client, heir, pool);
    tmem.options.say(`tmem: reassigned shared pool from domid=${String(domid)} to domid=${String(heir.domain.domid)}`);
  } else {
    tmem.options.say(
      `tmem: domid=${String(domid)} no longer using shared pool ${String(tmem.shared.indexOf(pool))} owned by domid=${String(pool.owner.domain.domid)}`,
    );
  }
  pool.stuck = true;
  for (const run of runsOf(pool)) tmem.lru.delete(run);
}

function handOver(from: Client, to: Client, pool: Pool): void {
  const count = pool.stats.Pc;
  from.stats.Ec -= count;
  to.stats.Ec += count;
  to.stats.Em = Math.max(to.stats.Em, to.stats.Ec);
  for (const { packed, packedBytes } of runsOf(pool)) {
    from.stats.cp -= packed;
    from.stats.cb -= packedBytes;
    to.stats.cp += packed;
    to.stats.cb += packedBytes;
  }
}

function empty(tmem: Tmem, pool: Pool): void {
  for (const run of runsOf(pool)) drop(tmem, run, run.whole + run.packed);
  pool.runs.length = 0;
  pool.objects.clear();
  reshape(tmem, pool, 0, 0);
}

/** The domain ended: its pools and its client go, its frames stay on tmem's own list. */
export function endClient(tmem: Tmem, domid: number): void {
  const client = tmem.clients.get(domid);
  if (client === undefined) return;
  tmem.options.say(`tmem: flushing tmem pools for domid=${String(domid)}`);
  for (let id = 0; id < client.pools.length; id++) leavePool(tmem, client, id);
  tmem.clients.delete(domid);
}

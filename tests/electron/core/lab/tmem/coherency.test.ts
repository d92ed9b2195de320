/** Any sequence of operations against a simple reference: what may come back, and the sums that always hold. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageClasses } from '#core/lab/corpus.ts';
import type { PageClass } from '#core/lab/corpus.ts';
import { freeze, set } from '#core/lab/tmem/control.ts';
import { relinquish } from '#core/lab/tmem/evict.ts';
import { flush, flushObject, get, put } from '#core/lab/tmem/handles.ts';
import { list } from '#core/lab/tmem/list.ts';
import { destroyPool, endClient, newPool } from '#core/lab/tmem/pools.ts';
import { result } from '#core/lab/tmem/results.ts';
import { xenVersions } from '#core/lab/tmem/xen-version.ts';
import type { XenVersion } from '#core/lab/tmem/xen-version.ts';
import { broken, hypervisor, someDomain } from './hypervisor.ts';
import type { Hypervisor } from './hypervisor.ts';

const uuid = { U0: 0x11n, U1: 0xffn };
const domids = [1, 2] as const;
/** Pool ids are the same in both domains: private ephemeral, persistent, shared ephemeral. */
const kinds = ['private', 'persistent', 'shared'] as const;

type Step =
  | { readonly op: 'put'; readonly domid: number; readonly pool: number; readonly at: number; readonly kind: PageClass }
  | { readonly op: 'get' | 'flush'; readonly domid: number; readonly pool: number; readonly at: number }
  | { readonly op: 'flushObject' | 'remount'; readonly domid: number; readonly pool: number; readonly at: number }
  | { readonly op: 'freeze' | 'compress'; readonly domid: number; readonly on: boolean }
  | { readonly op: 'weight'; readonly domid: number; readonly value: number }
  | { readonly op: 'relinquish'; readonly count: number }
  | { readonly op: 'end'; readonly domid: number };

const domid = fc.constantFrom(...domids);
const place = { domid, pool: fc.nat(2), at: fc.nat(11) };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ op: fc.constant('put' as const), ...place, kind: fc.constantFrom(...pageClasses) }),
  },
  { weight: 8, arbitrary: fc.record({ op: fc.constantFrom('get' as const, 'flush' as const), ...place }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('flushObject' as const, 'remount' as const), ...place }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constantFrom('freeze' as const, 'compress' as const), domid, on: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('weight' as const), domid, value: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('relinquish' as const), count: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('end' as const), domid }) },
);

const objectOf = (at: number): string => String(at % 3);
const indexOf = (at: number): number => Math.floor(at / 3) * 70;

class Bench {
  readonly world: Hypervisor;
  readonly frames = 256 + 9;
  readonly charged = new Map<number, number>();
  /** What the newest accepted put left at a handle; absent: nothing may come back. */
  readonly expected = new Map<string, number>();
  #version = 0;

  constructor(version: XenVersion) {
    this.world = hypervisor({ version, frames: this.frames });
    for (const id of domids) this.#boot(id);
  }

  #boot(id: number): void {
    const domain = someDomain(id, 100, 104);
    this.charged.set(id, domain.tot);
    newPool(this.world.tmem, domain, { persistent: false });
    newPool(this.world.tmem, domain, { persistent: true });
    newPool(this.world.tmem, domain, { persistent: false, shared: uuid });
  }

  /** Pools that were asked for as shared and are one are the same for both domains. */
  key(id: number, pool: number, at: number): string {
    const shared = this.world.tmem.clients.get(id)?.pools[pool]?.uuid !== undefined;
    return `${shared ? 'shared' : String(id)}:${String(pool)}:${String(at)}`;
  }

  forget(id: number, pool: number, wanted: (at: number) => boolean): void {
    for (let at = 0; at < 12; at++) if (wanted(at)) this.expected.delete(this.key(id, pool, at));
  }

  run(step: Step): void {
    const { tmem } = this.world;
    switch (step.op) {
      case 'put': {
        const version = ++this.#version;
        const key = this.key(step.domid, step.pool, step.at);
        const page = { kind: step.kind, version };
        const before = this.expected.has(key);
        const answer = put(tmem, step.domid, step.pool, objectOf(step.at), indexOf(step.at), page);
        if (answer === result.done) this.expected.set(key, version);
        else if (answer === result.ENOSPC) this.expected.delete(key);
        // A refused put leaves an old page only where it was not even looked at: there is no room in the host.
        else if (before && answer !== result.ENOMEM) expect(kinds[step.pool]).not.toBe('persistent');
        return;
      }
      case 'get':
        return this.#get(step.domid, step.pool, step.at);
      case 'flush':
        flush(tmem, step.domid, step.pool, objectOf(step.at), indexOf(step.at));
        return this.forget(step.domid, step.pool, (at) => at === step.at);
      case 'flushObject':
        flushObject(tmem, step.domid, step.pool, objectOf(step.at));
        return this.forget(step.domid, step.pool, (at) => objectOf(at) === objectOf(step.at));
      case 'remount': {
        const domain = tmem.clients.get(step.domid)?.domain;
        const shared = tmem.clients.get(step.domid)?.pools[step.pool]?.uuid !== undefined;
        if (!domain) return;
        if (!shared) this.forget(step.domid, step.pool, () => true);
        else if (tmem.shared[0]?.sharers.length === 1) this.forget(step.domid, step.pool, () => true);
        destroyPool(tmem, step.domid, step.pool);
        const kind = kinds[step.pool];
        const request = { persistent: kind === 'persistent', ...(kind === 'shared' ? { shared: uuid } : {}) };
        expect(newPool(tmem, domain, request)).toBe(step.pool);
        return;
      }
      case 'freeze':
        freeze(tmem, step.domid, step.on);
        return;
      case 'compress':
        set(tmem, step.domid, 'compress', step.on ? 1 : 0);
        return;
      case 'weight':
        set(tmem, step.domid, 'weight', step.value);
        return;
      case 'relinquish': {
        const given = relinquish(tmem, step.count);
        expect(given).toBeLessThanOrEqual(step.count);
        return;
      }
      case 'end': {
        for (const pool of [0, 1, 2]) {
          const there = tmem.clients.get(step.domid)?.pools[pool];
          if (there && there.sharers.length < 2) this.forget(step.domid, pool, () => true);
        }
        endClient(tmem, step.domid);
        this.#boot(step.domid);
      }
    }
  }

  #get(id: number, pool: number, at: number): void {
    const key = this.key(id, pool, at);
    const wanted = this.expected.get(key);
    const got = get(this.world.tmem, id, pool, objectOf(at), indexOf(at)).page?.version;
    // Never an older page, never one that was flushed.
    if (got !== undefined) expect(got).toBe(wanted);
    // What a persistent pool accepted comes back.
    if (kinds[pool] === 'persistent') expect(got).toBe(wanted);
    // Get-get, and exclusivity: what was not found is gone, and what a private ephemeral pool gave is gone too.
    if (got === undefined || kinds[pool] === 'private' || !key.startsWith('shared'))
      if (kinds[pool] !== 'persistent') this.expected.delete(key);
  }
}

it('gives back only the newest page, keeps what it accepted for good, and its sums hold after every step', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...xenVersions),
      fc.array(step, { minLength: 30, maxLength: 150, size: 'max' }),
      (version, steps) => {
        const bench = new Bench(version);
        for (const one of steps) {
          bench.run(one);
          const { tmem } = bench.world;
          expect(broken(tmem, bench.frames, bench.charged)).toEqual([]);
          expect(tmem.stats.Et).toBeLessThanOrEqual(tmem.stats.Ea);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('the same operations give the same lists', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...xenVersions),
      fc.array(step, { minLength: 30, maxLength: 100, size: 'max' }),
      (version, steps) => {
        const [one, two] = [new Bench(version), new Bench(version)];
        for (const each of steps) {
          one.run(each);
          two.run(each);
        }
        expect(list(one.world.tmem, undefined, true)).toBe(list(two.world.tmem, undefined, true));
        expect(one.world.said).toEqual(two.world.said);
      },
    ),
    { numRuns: 50 },
  );
});

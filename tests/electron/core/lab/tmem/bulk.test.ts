/** The traffic of whole guests keeps the same books as page by page: counters, frames, charges, evictions. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PageMix } from '#core/lab/corpus.ts';
import { flushMany, getMany, putMany } from '#core/lab/tmem/bulk.ts';
import { freeze, set } from '#core/lab/tmem/control.ts';
import { relinquish } from '#core/lab/tmem/evict.ts';
import { flush, get, put } from '#core/lab/tmem/handles.ts';
import { newPool } from '#core/lab/tmem/pools.ts';
import type { Tmem } from '#core/lab/tmem/tmem.ts';
import { xenVersions } from '#core/lab/tmem/xen-version.ts';
import { broken, hypervisor, someDomain } from './hypervisor.ts';

const random: PageMix = { zero: 0, text: 0, code: 0, database: 0, random: 1 };
const mixed: PageMix = { zero: 0.1, text: 0.3, code: 0.2, database: 0.2, random: 0.2 };
const [ephemeral, persistent] = [0, 1] as const;

/** Page by page: which pages are there is known from the handles. */
class Handles {
  readonly tmem: Tmem;
  #next = 0;
  constructor(tmem: Tmem) {
    this.tmem = tmem;
  }
  #held(domid: number, id: number): { object: string; index: number }[] {
    const pool = this.tmem.clients.get(domid)?.pools[id];
    return [...(pool?.objects ?? [])].flatMap(([object, { pages }]) =>
      [...pages.keys()].map((index) => ({ object, index })),
    );
  }
  put(domid: number, id: number, count: number): void {
    for (let i = 0; i < count; i++) put(this.tmem, domid, id, 'one', this.#next++, { kind: 'random', version: 1 });
  }
  get(domid: number, id: number, tried: number, found: number): void {
    const held = this.#held(domid, id).slice(0, found);
    // Misses first: the last page may be the one that is taken.
    for (let i = held.length; i < tried; i++) get(this.tmem, domid, id, 'none', 0);
    for (const { object, index } of held) get(this.tmem, domid, id, object, index);
  }
  flush(domid: number, id: number, tried: number, found: number): void {
    const held = this.#held(domid, id).slice(0, found);
    for (const { object, index } of held) flush(this.tmem, domid, id, object, index);
    for (let i = held.length; i < tried; i++) flush(this.tmem, domid, id, 'none', 0);
  }
}

const amounts = { pool: fc.constantFrom(ephemeral, persistent), tried: fc.nat(30), found: fc.nat(30) };
const traffic = fc.array(
  fc.oneof(
    fc.record({ op: fc.constant('put' as const), ...amounts }),
    fc.record({ op: fc.constantFrom('get' as const, 'flush' as const), ...amounts }),
    fc.record({ op: fc.constant('relinquish' as const), ...amounts }),
    fc.record({ op: fc.constantFrom('freeze' as const, 'thaw' as const), ...amounts }),
  ),
  { minLength: 10, maxLength: 50, size: 'max' },
);

it('one guest: every counter but the shape of its trees is what single operations give', () => {
  fc.assert(
    fc.property(fc.constantFrom(...xenVersions), traffic, (version, steps) => {
      const [single, many] = [256 + 40, 256 + 40].map((frames) => {
        const { tmem } = hypervisor({ version, frames });
        const domain = someDomain(1, 100, 120);
        newPool(tmem, domain, { persistent: false });
        newPool(tmem, domain, { persistent: true });
        return tmem;
      }) as [Tmem, Tmem];
      const handles = new Handles(single);
      for (const { op, pool: id, tried, found } of steps) {
        const client = many.clients.get(1);
        const pool = client?.pools[id];
        if (!client || !pool) throw new Error('no pool');
        const hits = Math.min(found, tried, pool.stats.Pc);
        switch (op) {
          case 'put':
            handles.put(1, id, tried);
            putMany(many, client, pool, tried, random);
            break;
          case 'get':
            handles.get(1, id, tried, hits);
            getMany(many, pool, tried, hits);
            break;
          case 'flush':
            handles.flush(1, id, tried, hits);
            flushMany(many, client, pool, tried, hits);
            break;
          case 'relinquish':
            relinquish(single, tried);
            relinquish(many, tried);
            break;
          default:
            freeze(single, 1, op === 'freeze');
            freeze(many, 1, op === 'freeze');
        }
        expect(plain(many)).toEqual(plain(single));
        expect(broken(many, 256 + 40, new Map([[1, 100]]))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

/** All figures but objects and nodes, which bulk pools estimate. */
function plain(tmem: Tmem): unknown {
  const shape = (key: string): boolean => /^[ON][cm]$/.test(key);
  const figures = (stats: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(stats).filter(([key]) => !shape(key)));
  return {
    G: figures(tmem.stats),
    free: tmem.heap.free,
    clients: [...tmem.clients.values()].map(({ stats, domain, pools }) => ({
      C: figures(stats),
      tot: domain.tot,
      P: pools.map((pool) => pool && figures(pool.stats)),
    })),
  };
}

it('many guests, compressed or not, squeezed or not: the sums hold', () => {
  const guestStep = fc.record({
    domid: fc.integer({ min: 1, max: 4 }),
    pool: fc.constantFrom(ephemeral, persistent),
    op: fc.constantFrom('put', 'put', 'get', 'flush', 'compress', 'weight', 'relinquish'),
    tried: fc.nat(3000),
    found: fc.nat(3000),
  });
  fc.assert(
    fc.property(
      fc.array(guestStep, { minLength: 10, maxLength: 60, size: 'max' }),
      fc.integer({ min: 0, max: 20_000 }),
      (steps, frames) => {
        const { tmem } = hypervisor({ frames });
        const charged = new Map<number, number>();
        for (let domid = 1; domid <= 4; domid++) {
          const domain = someDomain(domid, 1000, 1000 + domid * 500);
          charged.set(domid, 1000);
          newPool(tmem, domain, { persistent: false });
          newPool(tmem, domain, { persistent: true });
        }
        for (const { domid, pool: id, op, tried, found } of steps) {
          const client = tmem.clients.get(domid);
          const pool = client?.pools[id];
          if (!client || !pool) throw new Error('no pool');
          if (op === 'put') expect(putMany(tmem, client, pool, tried, mixed)).toBeLessThanOrEqual(tried);
          else if (op === 'get') getMany(tmem, pool, tried, found);
          else if (op === 'flush') flushMany(tmem, client, pool, tried, found);
          else if (op === 'compress') set(tmem, domid, 'compress', tried % 2);
          else if (op === 'weight') set(tmem, domid, 'weight', tried % 100);
          else relinquish(tmem, tried);
          expect(broken(tmem, frames, charged)).toEqual([]);
          expect(client.domain.tot).toBeLessThanOrEqual(client.domain.max);
          expect(pool.runs.length).toBeLessThanOrEqual(8);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('pressure of one guest evicts the oldest pages, whose ever they are', () => {
  const { tmem } = hypervisor({ frames: 10_000 });
  for (const domid of [1, 2]) newPool(tmem, someDomain(domid), { persistent: false });
  const put = (domid: number, count: number): void => {
    const client = tmem.clients.get(domid);
    const pool = client?.pools[0];
    if (client && pool) putMany(tmem, client, pool, count, random);
  };
  put(1, 6000);
  put(2, 6000);
  expect(tmem.clients.get(1)?.stats.Ec).toBe(6000 - (12_000 - (10_000 - 255)));
  expect(tmem.clients.get(2)?.stats.Ec).toBe(6000);
});

/** The rules of tmem one by one: result codes, what a put, get and flush do, who may evict what. */
import { describe, expect, it } from 'vitest';
import { freeze, authorise, set } from '#core/lab/tmem/control.ts';
import { freeablePages, relinquish } from '#core/lab/tmem/evict.ts';
import { flush, flushObject, get, put } from '#core/lab/tmem/handles.ts';
import { destroyPool, endClient, newPool } from '#core/lab/tmem/pools.ts';
import { result } from '#core/lab/tmem/results.ts';
import { radixNodes } from '#core/lab/tmem/shape.ts';
import type { Page } from '#core/lab/tmem/tmem.ts';
import type { XenVersion } from '#core/lab/tmem/xen-version.ts';
import { hypervisor, someDomain } from './hypervisor.ts';

const page = (version: number, kind: Page['kind'] = 'random'): Page => ({ kind, version });
const fs = { U0: 0x88796a5b4c3d2e1fn, U1: 0xf1e2d3c4b5a69788n };

describe('pools', () => {
  it('are numbered from 0, reuse a free number, and start with counters of 0', () => {
    const { tmem } = hypervisor();
    const domain = someDomain(1);
    expect([0, 1, 2].map(() => newPool(tmem, domain, { persistent: false }))).toEqual([0, 1, 2]);
    put(tmem, 1, 1, 'a', 0, page(1));
    expect(destroyPool(tmem, 1, 1)).toBe(result.done);
    expect(destroyPool(tmem, 1, 1)).toBe(result.nothing);
    expect(newPool(tmem, domain, { persistent: false })).toBe(1);
    expect(tmem.clients.get(1)?.pools[1]?.stats.pt).toBe(0);
  });

  it('are 16 for a domain and 16 shared ones for the host', () => {
    const { tmem } = hypervisor({ version: '4.4' });
    const domain = someDomain(1);
    for (let id = 0; id < 16; id++) expect(newPool(tmem, domain, { persistent: true })).toBe(id);
    expect(newPool(tmem, domain, { persistent: true })).toBe(result.EPERM);
    for (let name = 0; name < 16; name++)
      expect(newPool(tmem, someDomain(2), { persistent: false, shared: { U0: BigInt(name + 1), U1: 1n } })).toBe(name);
    expect(newPool(tmem, someDomain(3), { persistent: false, shared: { U0: 99n, U1: 1n } })).toBe(result.EPERM);
  });

  it('refuse what is not theirs: persistent and shared, odd page sizes, compressed beforehand', () => {
    const { tmem } = hypervisor();
    const domain = someDomain(1);
    expect(newPool(tmem, domain, { persistent: true, shared: fs })).toBe(result.EPERM);
    expect(newPool(tmem, domain, { persistent: true, pageSize: 8192 })).toBe(result.EPERM);
    expect(newPool(tmem, domain, { persistent: true, precompressed: true })).toBe(result.EPERM);
  });
});

describe('put, get, flush', () => {
  it('a get from a private ephemeral pool takes the page, from a persistent one it does not', () => {
    const { tmem } = hypervisor();
    const domain = someDomain(1);
    newPool(tmem, domain, { persistent: false });
    newPool(tmem, domain, { persistent: true });
    for (const id of [0, 1]) put(tmem, 1, id, 'file', 7, page(1));
    put(tmem, 1, 0, 'file', 1, page(1));
    expect(get(tmem, 1, 0, 'file', 7)).toEqual({ answer: result.done, page: page(1) });
    expect(get(tmem, 1, 0, 'file', 7)).toEqual({ answer: result.nothing });
    expect(get(tmem, 1, 1, 'file', 7).page).toEqual(page(1));
    expect(get(tmem, 1, 1, 'file', 7).page).toEqual(page(1));
    expect(get(tmem, 1, 1, 'file', 8)).toEqual({ answer: result.nothing });
  });

  it('a get from a pool without a page is an error and not a counted get', () => {
    const { tmem } = hypervisor();
    newPool(tmem, someDomain(1), { persistent: false });
    const before = tmem.stats.Te;
    expect(get(tmem, 1, 0, 'file', 0)).toEqual({ answer: result.EEMPTY });
    expect(tmem.clients.get(1)?.pools[0]?.stats.gt).toBe(0);
    expect(tmem.stats.Te).toBe(before + 1);
  });

  it('a flush answers 1 whether the page was there or not', () => {
    const { tmem } = hypervisor();
    newPool(tmem, someDomain(1), { persistent: true });
    put(tmem, 1, 0, 'a', 0, page(1));
    put(tmem, 1, 0, 'a', 9, page(1));
    expect(flush(tmem, 1, 0, 'a', 0)).toBe(result.done);
    expect(flush(tmem, 1, 0, 'a', 0)).toBe(result.done);
    expect(flushObject(tmem, 1, 0, 'a')).toBe(result.done);
    expect(flushObject(tmem, 1, 0, 'a')).toBe(result.done);
    expect(tmem.clients.get(1)?.pools[0]?.stats).toMatchObject({ Pc: 0, ft: 2, fs: 1, ot: 2, os: 1, Oc: 0 });
  });

  it('a persistent put is refused at the limit of the domain, which is charged for each page', () => {
    const { tmem } = hypervisor();
    const domain = someDomain(1, 10, 12);
    newPool(tmem, domain, { persistent: true });
    expect([0, 1, 2].map((index) => put(tmem, 1, 0, 'swap', index, page(1)))).toEqual([1, 1, result.ENOMEM]);
    expect(domain.tot).toBe(12);
    expect(tmem.clients.get(1)?.pools[0]?.stats).toMatchObject({ pt: 3, ps: 2, px: 1 });
    // In place of itself a page still goes in.
    expect(put(tmem, 1, 0, 'swap', 0, page(2))).toBe(result.done);
    expect(get(tmem, 1, 0, 'swap', 0).page?.version).toBe(2);
    flush(tmem, 1, 0, 'swap', 0);
    expect(domain.tot).toBe(11);
  });

  it('a duplicate put that finds no room drops the old page and says ENOSPC', () => {
    const { tmem } = hypervisor();
    const domain = someDomain(1, 10, 12);
    newPool(tmem, domain, { persistent: true });
    set(tmem, 1, 'compress', 1);
    for (let index = 0; index < 8; index++) put(tmem, 1, 0, 'swap', index, page(1, 'text'));
    expect(domain.tot).toBeLessThanOrEqual(12);
    const kept = tmem.clients.get(1)?.pools[0]?.stats.Pc ?? 0;
    expect(kept).toBeGreaterThan(4);
    // Whole, this page would need a frame of its own, and the domain is at its limit.
    domain.max = domain.tot - 1;
    expect(put(tmem, 1, 0, 'swap', 3, page(2, 'random'))).toBe(result.ENOSPC);
    expect(get(tmem, 1, 0, 'swap', 3).answer).toBe(result.nothing);
    expect(tmem.clients.get(1)?.pools[0]?.stats).toMatchObject({ pd: 1, Pc: kept - 1 });
  });

  it('while a domain is migrated every duplicate put drops and fails', () => {
    const { tmem } = hypervisor();
    newPool(tmem, someDomain(1), { persistent: true });
    put(tmem, 1, 0, 'swap', 1, page(1));
    const client = tmem.clients.get(1);
    if (client) client.migrating = true;
    expect(put(tmem, 1, 0, 'swap', 1, page(2))).toBe(result.ENOSPC);
    expect(get(tmem, 1, 0, 'swap', 1).answer).toBe(result.EEMPTY);
  });

  it('a frozen client: no new page, but duplicates, gets and flushes go on', () => {
    const { tmem } = hypervisor();
    newPool(tmem, someDomain(1), { persistent: true });
    put(tmem, 1, 0, 'a', 0, page(1));
    put(tmem, 1, 0, 'a', 1, page(1));
    freeze(tmem, 1, true);
    expect(put(tmem, 1, 0, 'a', 2, page(1))).toBe(result.EFROZEN);
    expect(put(tmem, 1, 0, 'b', 0, page(1))).toBe(result.EFROZEN);
    // Only the refusal within an object that is there is counted.
    expect(tmem.clients.get(1)?.pools[0]?.stats).toMatchObject({ pt: 4, px: 1 });
    expect(put(tmem, 1, 0, 'a', 0, page(2))).toBe(result.done);
    expect(get(tmem, 1, 0, 'a', 0).page?.version).toBe(2);
    expect(flush(tmem, 1, 0, 'a', 1)).toBe(result.EFROZEN);
    expect(get(tmem, 1, 0, 'a', 1).answer).toBe(result.nothing);
    freeze(tmem, 1, false);
    expect(put(tmem, 1, 0, 'b', 0, page(1))).toBe(result.done);
  });
});

describe('shared pools', () => {
  const join = (version: XenVersion, sharedAuth: boolean, allowed: boolean): boolean => {
    const { tmem } = hypervisor({ version, sharedAuth });
    const domain = someDomain(1);
    newPool(tmem, domain, { persistent: true });
    if (allowed) authorise(tmem, domain, fs, true);
    const id = newPool(tmem, domain, { persistent: false, shared: fs });
    return tmem.clients.get(1)?.pools[id]?.uuid !== undefined;
  };

  it('ask for authorisation always on 4.11, before only when booted so; without it a private pool is made', () => {
    expect(join('4.11', false, false)).toBe(false);
    expect(join('4.11', false, true)).toBe(true);
    expect(join('4.4', false, false)).toBe(true);
    expect(join('4.4', true, false)).toBe(false);
    expect(join('4.4', true, true)).toBe(true);
  });

  it('all ones means private', () => {
    const { tmem } = hypervisor({ version: '4.4' });
    const all = 2n ** 64n - 1n;
    newPool(tmem, someDomain(1), { persistent: false, shared: { U0: all, U1: all } });
    expect(tmem.clients.get(1)?.pools[0]?.uuid).toBeUndefined();
  });

  it('keep the page on a get, count everything for the owner, and are never evicted again after one left', () => {
    const { tmem } = hypervisor({ version: '4.4', frames: 400 });
    for (const domid of [1, 2]) newPool(tmem, someDomain(domid), { persistent: false, shared: fs });
    for (let index = 0; index < 20; index++) put(tmem, 2, 0, 'file', index, page(1));
    expect(get(tmem, 2, 0, 'file', 3).page).toEqual(page(1));
    expect(get(tmem, 1, 0, 'file', 3).page).toEqual(page(1));
    expect(tmem.clients.get(1)?.stats).toMatchObject({ Ge: 2, Ec: 20 });
    expect(tmem.clients.get(2)?.stats).toMatchObject({ Ge: 0, Ec: 0 });
    expect(tmem.stats).toMatchObject({ Ec: 20, Pc: 20 });
    // The owner leaves: the other inherits.
    destroyPool(tmem, 1, 0);
    expect(tmem.clients.get(1)?.stats.Ec).toBe(0);
    expect(tmem.clients.get(2)?.stats.Ec).toBe(20);
    const before = { ...tmem.stats };
    expect(relinquish(tmem, 5)).toBe(0);
    expect(tmem.stats).toMatchObject({ Et: before.Et, Ec: 20 });
    expect(tmem.stats.Ea).toBeGreaterThan(before.Ea);
    // Nor are pages that are used or come later.
    get(tmem, 2, 0, 'file', 3);
    put(tmem, 2, 0, 'file', 99, page(1));
    expect(relinquish(tmem, 5)).toBe(0);
    destroyPool(tmem, 2, 0);
    expect(tmem.stats).toMatchObject({ Ec: 0, Pc: 0, Ta: 21 });
  });
});

describe('room', () => {
  it('is made by evicting ephemeral pages only, the least recently used first', () => {
    const { tmem } = hypervisor({ frames: 256 + 9 });
    newPool(tmem, someDomain(1), { persistent: false });
    newPool(tmem, someDomain(2), { persistent: true });
    for (let index = 0; index < 5; index++) put(tmem, 2, 0, 'swap', index, page(1));
    for (let index = 0; index < 5; index++) put(tmem, 1, 0, 'file', index, page(1));
    expect(tmem.stats.Et).toBe(0);
    put(tmem, 1, 0, 'file', 5, page(1));
    expect(tmem.stats).toMatchObject({ Et: 1, Ea: 1 });
    expect(get(tmem, 1, 0, 'file', 0).answer).toBe(result.nothing);
    expect(get(tmem, 1, 0, 'file', 1).answer).toBe(result.done);
    for (let index = 0; index < 5; index++) expect(get(tmem, 2, 0, 'swap', index).answer).toBe(result.done);
  });

  it('that cannot be made fails the put before it is counted', () => {
    const { tmem } = hypervisor({ frames: 100 });
    newPool(tmem, someDomain(1), { persistent: true });
    const before = tmem.stats.Te;
    expect(put(tmem, 1, 0, 'swap', 0, page(1))).toBe(result.ENOMEM);
    expect(tmem.clients.get(1)?.pools[0]?.stats).toMatchObject({ pt: 0, px: 0 });
    expect(tmem.stats.Te).toBe(before + 1);
  });

  it('goes back to the heap only when asked: the free list first, then evictions', () => {
    const { tmem } = hypervisor({ frames: 1000 });
    const free = tmem.heap.free;
    newPool(tmem, someDomain(1), { persistent: false });
    newPool(tmem, someDomain(2), { persistent: false });
    for (let index = 0; index < 10; index++) {
      put(tmem, 1, 0, 'file', index, page(1));
      put(tmem, 2, 0, 'file', index, page(1));
    }
    endClient(tmem, 2);
    expect(tmem.stats).toMatchObject({ Ta: 10, Ec: 10 });
    expect(tmem.heap.free).toBe(free - 20);
    expect(freeablePages(tmem)).toBe(20);
    expect(relinquish(tmem, 14)).toBe(14);
    expect(tmem.stats).toMatchObject({ Ta: 0, Ec: 6, Rt: 14, Ra: 14, Rx: 1, Et: 4 });
    expect(relinquish(tmem, 100)).toBe(6);
    expect(tmem.heap.free).toBe(free);
  });

  it('weights work the wrong way round: who is below his share evicts his own pages', () => {
    const { tmem } = hypervisor({ frames: 256 + 20 });
    for (const domid of [1, 2]) newPool(tmem, someDomain(domid), { persistent: false });
    set(tmem, 1, 'weight', 90);
    set(tmem, 2, 'weight', 10);
    const fill = (domid: number, from: number, count: number): void => {
      for (let index = from; index < from + count; index++) put(tmem, domid, 0, 'file', index, page(1));
    };
    fill(1, 0, 10);
    fill(2, 0, 30);
    fill(1, 100, 30);
    // Unweighted, the last 30 puts would have taken all of the 20.
    expect(tmem.clients.get(1)?.stats.Ec).toBeLessThanOrEqual(5);
    expect(tmem.clients.get(2)?.stats.Ec).toBeGreaterThanOrEqual(15);
  });
});

it('compressed pages share frames, and pages that do not compress are kept whole', () => {
  const { tmem } = hypervisor({ frames: 2000 });
  newPool(tmem, someDomain(1), { persistent: false });
  set(tmem, 1, 'compress', 1);
  const free = tmem.heap.free;
  for (let index = 0; index < 100; index++) put(tmem, 1, 0, 'file', index, page(1, 'text'));
  const { stats } = tmem.clients.get(1) ?? { stats: undefined };
  expect(stats).toMatchObject({ cp: 100, cn: 0 });
  expect(tmem.stats).toMatchObject({ Pc: 100, Fc: 0 });
  expect(free - tmem.heap.free).toBe(Math.ceil((stats?.cb ?? 0) / 4096));
  put(tmem, 1, 0, 'file', 200, page(1, 'random'));
  expect(tmem.clients.get(1)?.stats).toMatchObject({ cp: 100, cn: 1 });
  expect(tmem.stats.Fc).toBe(1);
  // Switched off, old pages stay compressed.
  set(tmem, 1, 'compress', 0);
  put(tmem, 1, 0, 'file', 201, page(1, 'text'));
  expect(tmem.clients.get(1)?.stats.cp).toBe(100);
  expect(tmem.stats.Fc).toBe(2);
});

it('radix trees have the nodes that were seen for whole files', () => {
  expect(radixNodes(Array.from({ length: 23_040 }, (_, index) => index))).toBe(367);
  expect(radixNodes(Array.from({ length: 12_800 }, (_, index) => index))).toBe(205);
  expect(radixNodes([0])).toBe(0);
});

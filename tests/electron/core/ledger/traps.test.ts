/** The traps of docs/domain.md 5.2, each as a test. */
import { describe, expect, test } from 'vitest';
import { platforms } from '#core/platforms/index.ts';
import type { RuleTerm } from '#core/platforms/ledger.ts';
import { allRules } from '#core/ledger/rules.ts';
import type { Reading } from '#core/platforms/platform.ts';
import { between, catalogue, entryIn, has, hostIn, ledger, stateOf, told, together } from './span.ts';

const page = 4096;
const { savings, harm, overcommit, effective } = allRules(platforms);
const terms: readonly RuleTerm[] = [
  ...savings.flatMap(({ gross, overhead, net }) => [gross, overhead ?? [], net ?? []].flat()),
  ...harm.map(({ figure }) => figure),
  ...overcommit,
  ...effective,
].flatMap((figure) => Object.values(figure.terms));
const inTerms = (metric: string): boolean => terms.some((term) => 'metric' in term && term.metric === metric);

const quiet = async (name: string) => {
  const state: Reading = stateOf(name);
  return hostIn(await ledger(between('h', state, state)), 'h');
};

test('trap 1: a shared Xen pool is counted once, and for none of its sharers', async () => {
  const host = await quiet('xen-4.11.4-tmem/shared-pool');
  // S and two P lines say 12800 pages each.
  expect(entryIn(host, 'tmem-ephemeral', 'capacity').net.value).toBe(12_800 * page);
  expect(host.guests).toHaveLength(2);
  for (const guest of host.guests) expect(guest.sums.capacity).toBeUndefined();

  const before = stateOf('xen-4.11.4-tmem/shared-pool');
  const none = { ...before, values: before.values.map(hitsOf(0)) };
  const after = { ...before, values: before.values.map(hitsOf(69_294)) };
  const grown = hostIn(await ledger(between('h', none, after)), 'h');
  expect(entryIn(grown, 'tmem-ephemeral', 'reads-avoided').net.value).toBe(69_294);
  for (const guest of grown.guests) expect(has(guest, 'tmem-ephemeral', 'reads-avoided')).toBe(false);
});
const hitsOf =
  (value: number) =>
  (one: Reading['values'][number]): Reading['values'][number] =>
    one.metric === 'xen-tmem.ephemeral.hits' ? { ...one, value } : one;

test('trap 2: Mem of a Xen guest contains its persistent pages: they are added to nothing', async () => {
  const host = hostIn(
    await ledger(
      told('h', {
        'xen-tmem.guests.current': 128,
        'xen-tmem.guests.taken': 259,
        'xen-tmem.persistent': 131,
        'xen-tmem.balloon.promised': 512,
        'xen-tmem.balloon.allowed': 128,
        'xen-tmem.balloon.beyond': 131,
      }),
    ),
    'h',
  );
  expect(host.effective?.value).toBeCloseTo(128 / 259, 12);
  expect(inTerms('xen-tmem.persistent')).toBe(false);
  // The balloon gave 384 back, and persistent pages have taken 131 of that.
  expect(entryIn(host, 'balloon', 'saved').net.value).toBe(512 - 128 - 131);
  // Of a real one: promised 256 MiB, target 90, Mem 107.
  const real = await quiet('xen-4.11.4-tmem/px-maxmem');
  expect(entryIn(real, 'balloon', 'saved').gross.value).toBe((256 - 90) * 2 ** 20);
  expect(entryIn(real, 'balloon', 'saved').net.value).toBe((256 - 107) * 2 ** 20);
});

test('trap 3: a client’s pages away and the donor’s foreign pages are the same pages', async () => {
  const found = await ledger(
    together(
      told('client', { 'ramster.away': 1000, 'ramster.saved.remote': 1000 * page, 'host.page-size': page }),
      told('donor', {
        'ramster.foreign_pers_pages': 1000,
        'ramster.foreign_eph_pages': 0,
        'zcache.saved.persistent': 0,
        'zcache.pers_zpages': 1000,
        'zcache.pers_pageframes': 500,
        'zcache.eph_zpages': 0,
        'zcache.eph_pageframes': 0,
        'host.page-size': page,
      }),
    ),
  );
  expect(found.sums.moved).toBe(1000 * page);
  expect(found.sums.lent).toBe(500 * page);
  expect(found.sums.saved).toBe(0);
  expect(inTerms('ramster.remote_pers_pages')).toBe(false);
});

test('trap 4: ephemeral pages are capacity and never part of what is saved', async () => {
  const host = hostIn(
    await ledger(
      told('h', {
        'zcache.capacity.ephemeral': 1,
        'zcache.eph_zpages': 2000,
        'zcache.eph_pageframes': 1200,
        'host.page-size': page,
        'xen.tmem.G.Ec': 5000,
        'xen-tmem.page-size': page,
      }),
    ),
    'h',
  );
  expect(host.sums.saved).toBeUndefined();
  expect(host.sums.capacity).toBe((2000 - 1200 + 5000) * page);
  for (const { part, mechanism } of savings)
    if (mechanism === 'tmem-ephemeral' || mechanism === 'cleancache') expect(part).not.toBe('saved');
  // All of a guest's compressed pages are cache: nothing of that is memory saved.
  const cacheOnly = hostIn(
    await ledger(
      told('h', {
        'xen-tmem.compressed.persistent': 0,
        'xen-tmem.compressed.persistent.bytes': 0,
        'xen-tmem.page-size': page,
      }),
    ),
    'h',
  );
  expect(cacheOnly.sums.saved).toBe(0);
});

describe('trap 5: swap used is not disk used', () => {
  test('used swap is in no figure, and zswap says that its pages are in it', async () => {
    expect(['mainline.swap.used', 'meminfo.SwapFree', 'swap.used'].some(inTerms)).toBe(false);
    const host = await quiet('debian-6.1/under-pressure');
    expect(entryIn(host, 'zswap', 'saved').notes.join(' ')).toContain('used swap');
  });

  test('swap-ins from zram are said to be no disk reads; zswap’s loads are not among swap-ins', async () => {
    const swapIns = (name: string) => quiet(name).then(({ harm: all }) => all.find((one) => one.harm === 'swap-ins'));
    expect((await swapIns('debian-6.1/zram-ksm'))?.notes.join(' ')).toContain('came from RAM and not from a disk');
    expect((await swapIns('debian-6.1/under-pressure'))?.notes.join(' ')).not.toContain('came from RAM');
    expect((await swapIns('debian-6.1/under-pressure'))?.figure.formula).toBe('pswpin');
  });
});

describe('trap 6: zswap over zram compresses twice; merged pages that are swapped lose their sharing', () => {
  test('said where both are', async () => {
    const host = await quiet('debian-6.1/zram-ksm');
    expect(entryIn(host, 'zswap', 'saved').notes.join(' ')).toContain('compressed a second time');
    expect(entryIn(host, 'ksm', 'saved').notes.join(' ')).toContain('comes back as a copy');
  });

  test('not said where zswap stands before a disk', async () => {
    const host = await quiet('debian-6.1/under-pressure');
    expect(entryIn(host, 'zswap', 'saved').notes.join(' ')).not.toContain('second time');
  });
});

test('trap 7: merged pages are in every guest’s resident size: no guest is given a part of them', () => {
  expect(savings.filter(({ mechanism }) => mechanism === 'ksm').map(({ level }) => level)).toEqual(['host', 'host']);
  const taken = effective
    .flatMap((rule) => Object.values(rule.terms))
    .find((term) => 'metric' in term && term.metric === 'mainline.guests.taken');
  expect(taken).toMatchObject({ source: expect.stringContaining('KSM merged is charged once') as string });
});

describe('trap 8: pages of one value', () => {
  test('are in zram’s and zcache’s figures already, and added to none', () => {
    expect(
      ['zram.same_pages', 'zswap.same_filled_pages', 'zcache.zero_filled_pages', 'vmstat.swpout_zero'].some(inTerms),
    ).toBe(false);
  });

  test('it is said whether they count', () => {
    for (const id of ['zswap', 'zswap-debugfs', 'zram-swap', 'zcache-persistent'])
      expect(savings.find((rule) => rule.id === id)?.notes.join(' '), id).toMatch(/one repeated value|of zeros/);
  });
});

test('trap 9: high-water marks are in no formula, and gauges are never differenced', () => {
  for (const term of terms) {
    if (!('metric' in term)) continue;
    expect(term.metric).not.toMatch(/_max$|max_used|mem_used_max|\.[EOPNSF]m$/);
    expect(catalogue.get(term.metric)?.kind, term.metric).toBe(
      term.how === 'increase' || term.how === 'steady' ? 'counter' : 'level',
    );
  }
});

test('trap 10: a counter that fell was reset: what is not known to be counted is left out, and said', async () => {
  const known = told('h', { 'vmstat.zswpin': { increase: 500, coveredMs: 1_200_000 } });
  const found = await ledger({
    ...known,
    events: [
      { at: 1 as never, kind: 'reset', host: 'h', words: 'zswap began anew.' },
      { at: 2 as never, kind: 'reboot', host: 'h', words: 'h was started anew.' },
      { at: 3 as never, kind: 'reboot', host: 'other', words: 'other was started anew.' },
    ],
  });
  expect(found.quality).toMatchObject({ resets: 1, reboots: 1 });
  expect(found.quality.notes.join(' ')).toContain('began anew once');
  const reads = entryIn(hostIn(found, 'h'), 'zswap', 'reads-avoided');
  expect(reads.net.value).toBe(500);
  expect(reads.notes.join(' ')).toContain('Known for 20 minutes of the 1 hour with readings');
});

test('trap 11: a gauge that slipped below zero is no saving of 16 EiB', async () => {
  const host = hostIn(
    await ledger(
      told('h', {
        'zcache.saved.persistent': 0,
        'ramster.foreign_pers_pages': 12,
        'zcache.pers_zpages': -3,
        'zcache.pers_pageframes': 0,
        'host.page-size': page,
      }),
    ),
    'h',
  );
  expect(Math.abs(entryIn(host, 'zcache', 'saved').net.value)).toBe(0);
});

test('trap 12: units: KiB of meminfo, bytes of mm_stat, pages of the host, microseconds of PSI', async () => {
  const host = hostIn(
    await ledger(
      told('h', {
        'meminfo.Zswapped': 100 * 1024,
        'meminfo.Zswap': 40 * 1024,
        'zram.swap@zram0': 1,
        'zram.orig_data_size@zram0': 90_000,
        'zram.mem_used_total@zram0': 30_000,
        'zram.bd_count@zram0': 2 * 4096,
        'ksm.pages_sharing': 10,
        'ksm.general_profit': 39_000,
        'host.page-size': page,
        'host.uptime': 3600,
        'pressure.memory.some.total': 36_000_000,
      }),
    ),
    'h',
  );
  expect(entryIn(host, 'zswap', 'saved').net).toMatchObject({ value: 61_440, unit: 'bytes' });
  expect(entryIn(host, 'zram', 'saved').net).toMatchObject({ value: 90_000 - 30_000 - 8192, unit: 'bytes' });
  expect(entryIn(host, 'ksm', 'saved').gross).toMatchObject({ value: 40_960, unit: 'bytes' });
  // 36 s of an hour.
  expect(host.harm.find((one) => one.harm === 'psi-some')?.figure).toMatchObject({ value: 1, unit: 'percent' });
});

test('trap 13: pages are of the host’s size, bd_count in 4 KiB whatever it is', async () => {
  const figures = {
    'zswap.stored_pages': 10,
    'zswap.pool_total_size': 100_000,
    'ksm.pages_sharing': 10,
    'ksm.general_profit': 1,
  };
  const saved = async (size: number) => {
    const host = hostIn(await ledger(told('h', { ...figures, 'host.page-size': size })), 'h');
    return [entryIn(host, 'zswap', 'saved').gross.value, entryIn(host, 'ksm', 'saved').gross.value];
  };
  expect(await saved(65_536)).toEqual([655_360, 655_360]);
  expect(await saved(4096)).toEqual([40_960, 40_960]);
  // A history that does not hold the size says nothing rather than to guess it.
  const without = hostIn(await ledger(told('h', figures)), 'h');
  expect(has(without, 'zswap', 'saved')).toBe(false);
  expect(savings.find(({ id }) => id === 'zram-swap')?.notes.join(' ')).toContain('units of 4 KiB');
});

test('trap 14: a ratio of fewer than 1000 pages says nothing', async () => {
  const stall = async (pages: number) => {
    const figures = { 'pressure.memory.some.total': 500_000, 'vmstat.pswpin': pages, 'vmstat.zswpin': 1 };
    const { harm: all } = hostIn(await ledger(told('h', figures)), 'h');
    return all.find((one) => one.harm === 'stall-per-swap-in')?.figure.value;
  };
  expect(await stall(998)).toBeUndefined();
  expect(await stall(999)).toBe(0.5);
});

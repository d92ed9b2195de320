/**
 * The ledger over spans between two states of a real kernel, against sums done by hand from the numbers in the
 * recordings. A level counts as the mean of the two states, a counter as what it grew by.
 */
import { describe, expect, test } from 'vitest';
import type { HarmEntry, Ledger, LedgerScope } from '#shared/model/ledger.ts';
import { between, entryIn, has, hostIn, ledger, stateOf, together } from './span.ts';

const kB = 1024;
const page = 4096;

const harmIn = ({ harm }: Pick<LedgerScope, 'harm'>, kind: HarmEntry['harm']): HarmEntry | undefined =>
  harm.find((entry) => entry.harm === kind);

describe('Debian 12, kernel 6.1: idle with zswap on, and 143.54 s later under pressure', async () => {
  const spanMs = 143_540; // /proc/uptime 149.61 and 293.15
  const known = between('a', stateOf('debian-6.1/zswap-on-idle'), stateOf('debian-6.1/under-pressure'), spanMs);
  const found = await ledger(known, { query: { to: spanMs } });
  const host = hostIn(found, 'a');
  const guest1 = host.guests.find(({ guest }) => guest.includes('guest1')) as LedgerScope;

  test('zswap: Zswapped − Zswap of /proc/meminfo, both 0 kB before', () => {
    const saved = entryIn(host, 'zswap', 'saved');
    expect(saved.gross.value).toBe((109_308 * kB) / 2);
    expect(saved.overhead?.value).toBe((54_496 * kB) / 2);
    expect(saved.net.value).toBe(((109_308 - 54_496) * kB) / 2);
    expect(saved.net.formula).toBe('Zswapped − Zswap');
    expect(saved.coveredMs).toBe(spanMs);
    expect(found.sums.saved).toBe(28_063_744);
  });

  test('the group of guest1: zswapped − zswap of its memory.stat', () => {
    expect(entryIn(guest1, 'zswap', 'saved').net.value).toBe((110_538_752 - 44_903_363) / 2);
    expect(guest1.sums.saved).toBe(32_817_694.5);
    expect(guest1.sums.readsAvoided).toBe(27_005);
    expect(guest1.sums.writesAvoided).toBe(26_990);
  });

  test('swap writes: zswpout less the 6 pages that zswap wrote back, and no second time by frontswap', () => {
    const writes = entryIn(host, 'zswap', 'writes-avoided');
    expect(writes.net).toMatchObject({ value: 27_658 - 6, formula: 'zswpout − written_back_pages' });
    expect(entryIn(host, 'zswap', 'reads-avoided').net.value).toBe(27_261);
    expect(has(host, 'frontswap', 'writes-avoided')).toBe(false);
    expect(has(host, 'frontswap', 'reads-avoided')).toBe(false);
    expect(found.sums.writesAvoided).toBe(27_652);
  });

  test('pressure: stalled microseconds against 143.54 s; the worst spell is avg10', () => {
    expect(harmIn(host, 'psi-some')?.figure.value).toBeCloseTo((100 * 10.818_21) / 143.54, 10);
    expect(harmIn(host, 'psi-some')?.peak).toBe(15.58);
    expect(harmIn(host, 'psi-full')?.figure.value).toBeCloseTo((100 * 6.943_632) / 143.54, 10);
    expect(harmIn(guest1, 'psi-some')?.figure.value).toBeCloseTo((100 * 4.582_095) / 143.54, 10);
  });

  test('pages that came back, and the stall for each', () => {
    expect(harmIn(host, 'refaults')?.figure.value).toBe(82_610);
    expect(harmIn(host, 'swap-ins')?.figure.value).toBe(55_343);
    const stall = harmIn(host, 'stall-per-swap-in');
    expect(stall?.figure.value).toBeCloseTo(10_818_210 / 1000 / (55_343 + 27_261), 12);
    expect(stall?.figure).toMatchObject({ unit: 'milliseconds', formula: 'some_total ÷ (1000 × (pswpin + zswpin))' });
    expect(harmIn(guest1, 'stall-per-swap-in')?.figure.value).toBeCloseTo(4582.095 / 66_607, 12);
    expect(harmIn(host, 'rejects')?.figure.value).toBe(55_018);
    expect(harmIn(host, 'oom-kills')?.figure.value).toBe(0);
  });

  test('what no file of this kernel told is left out', () => {
    for (const mechanism of ['zram', 'zcache', 'ramster', 'tmem-persistent'] as const)
      expect(host.entries.some((entry) => entry.mechanism === mechanism)).toBe(false);
    expect(host.ram).toBe(273_844 * kB);
    expect(host.overcommit).toBeUndefined();
    expect(found.sums.moved).toBeUndefined();
  });
});

describe('Debian 12, kernel 6.1: zram as swap and KSM, a quiet minute', async () => {
  const state = stateOf('debian-6.1/zram-ksm');
  const host = hostIn(await ledger(between('z', state, state, 60_000), { query: { to: 60_000 } }), 'z');

  test('zram: mm_stat 111595520 55921280 81117184, bd_stat 0', () => {
    const saved = entryIn(host, 'zram', 'saved');
    expect(saved).toMatchObject({ instance: 'zram0' });
    expect(saved.gross.value).toBe(111_595_520);
    expect(saved.overhead?.value).toBe(81_117_184);
    expect(saved.net).toMatchObject({
      value: 30_478_336,
      formula: 'orig_data_size − (mem_used_total + bd_count)',
    });
  });

  test('KSM: 6856 sharing, 27 shared, 4588 unique, and no profit told', () => {
    const saved = entryIn(host, 'ksm', 'saved');
    expect(saved.gross.value).toBe(6856 * page);
    expect(saved.overhead?.value).toBe((6856 + 27 + 4588 + 0) * 64);
    expect(saved.net.value).toBe(28_082_176 - 734_144);
    const zero = saved.gross.terms.find(({ name }) => name === 'ksm_zero_pages');
    expect(zero).toMatchObject({ value: 0, how: 'constant' });
    expect(zero?.source).toContain('not told here');
  });

  test('together', () => {
    expect(host.sums.byMechanism).toEqual({ zswap: 0, zram: 30_478_336, ksm: 27_348_032 });
    expect(host.sums.saved).toBe(57_826_368);
    expect(host.sums.gross).toBe(111_595_520 + 28_082_176);
  });
});

describe('Debian 12, kernel 6.1: a donor, whose zram another host uses', async () => {
  const state = stateOf('debian-6.1/remote-swap-donor');
  const host = hostIn(await ledger(between('b', state, state)), 'b');
  const used = state.values.find(({ metric }) => metric === 'zram.mem_used_total')?.value;

  test('saves nothing of this host’s memory: the RAM it takes is lent', () => {
    expect(used).toBeGreaterThan(50_000_000);
    expect(has(host, 'zram', 'saved')).toBe(false);
    expect(entryIn(host, 'zram', 'lent').net.value).toBe(used);
    expect(entryIn(host, 'zram', 'lent').notes.join(' ')).toContain('no swap of this host');
  });
});

describe('the 3.10 pair: linked, and after node0 sent pages to node1', async () => {
  const state = (name: string) => stateOf(`linux-3.10-ramster/${name}`);
  const known = together(
    between('node0', state('node0-linked'), state('node0-ramster-paused'), 162_000),
    between('node1', state('node1-linked'), state('node1-ramster-paused'), 162_000),
  );
  const found: Ledger = await ledger(known, { query: { to: 162_000 } });
  const client = hostIn(found, 'node0');
  const donor = hostIn(found, 'node1');

  test('the client keeps 17272 swapped pages in 8636 frames, none before', () => {
    const saved = entryIn(client, 'zcache', 'saved');
    expect(saved.gross).toMatchObject({ value: (17_272 * page) / 2, formula: 'pers_zpages × P' });
    expect(saved.overhead?.value).toBe((8636 * page) / 2);
    expect(saved.net.value).toBe(17_686_528);
  });

  test('it has 6200 sent − 3379 fetched − 322 flushed = 2499 pages away', () => {
    expect(entryIn(client, 'ramster', 'moved').net.value).toBe((2499 / 2) * page);
    expect(client.sums.moved).toBe(5_117_952);
    // remote_pers_pages says 5366, which is no number of pages anywhere: the donor keeps 2821.
    expect(client.sums.moved).toBeLessThan((2821 / 2) * page);
  });

  test('the donor lends 1411 frames of swapped pages and 5 of cache, and saves nothing by them', () => {
    expect(entryIn(donor, 'ramster', 'lent').net.value).toBe((1411 / 2) * page + (5 / 2) * page);
    expect(entryIn(donor, 'zcache', 'saved').gross.value).toBe(0);
    expect(entryIn(donor, 'zcache', 'saved').net.value).toBe(0);
    expect(entryIn(donor, 'zcache', 'capacity').net.value).toBe(0);
  });

  test('both ends are shown and neither is part of what is saved', () => {
    expect(found.sums.saved).toBe(17_686_528);
    expect(found.sums.moved).toBe(5_117_952);
    expect(found.sums.lent).toBe(2_899_968);
  });

  test('reads avoided: each once, whoever served them', () => {
    expect(entryIn(client, 'ramster', 'reads-avoided').net.value).toBe(3379 + 0);
    const here = entryIn(client, 'frontswap', 'reads-avoided');
    expect(here.gross.value).toBe(12_812);
    expect(here.net.value).toBe(12_812 - 3379);
    expect(entryIn(client, 'cleancache', 'reads-avoided').net.value).toBe(127_607);
    expect(client.sums.readsAvoided).toBe(12_812 + 127_607);
    expect(entryIn(client, 'frontswap', 'writes-avoided').net.value).toBe(32_905);
    expect(harmIn(client, 'rejects')?.figure.value).toBe(13_660);
    expect(harmIn(client, 'swap-ins')?.figure.value).toBe(1);
  });

  test('a kernel without pressure files has none of its own', () => {
    expect(harmIn(client, 'psi-some')).toBeUndefined();
    expect(harmIn(client, 'stall-per-swap-in')).toBeUndefined();
    expect(found.ram).toBe((186_580 + 509_768) * kB);
  });
});

describe('3.10: cache pages kept by zcache', async () => {
  const before = stateOf('linux-3.10-ramster/node0-cleancache-active');
  const after = stateOf('linux-3.10-ramster/node0-ramster-active');
  const host = hostIn(await ledger(between('node0', before, after)), 'node0');

  test('14748 pages in 7374 frames, and none later: room for cache, not memory saved', () => {
    const capacity = entryIn(host, 'zcache', 'capacity');
    expect(capacity.gross.value).toBe((14_748 / 2) * page);
    expect(capacity.overhead?.value).toBe((7374 / 2) * page);
    expect(host.sums.capacity).toBe(15_101_952);
    expect(host.sums.saved).toBe(((16_817 - 8410) / 2) * page);
  });
});

describe('Xen 4.11: one guest with compression, and later two guests', async () => {
  const before = stateOf('xen-4.11.4-tmem/compress');
  const after = stateOf('xen-4.11.4-tmem/two-guests');
  const host = hostIn(await ledger(between('xen', before, after)), 'xen');

  test('persistent compression: of cp pages in cb bytes those that are not ephemeral', () => {
    // cp 53766, Ec 23030, cb 59187758; then cp 43536, Ec 23040, cb 47924470. The second guest has none compressed.
    const pages = [53_766 - 23_030, 43_536 - 23_040] as const;
    const bytes = [Math.round((59_187_758 * pages[0]) / 53_766), Math.round((47_924_470 * pages[1]) / 43_536)] as const;
    const saved = entryIn(host, 'tmem-persistent', 'saved');
    expect(saved.gross.value).toBe(((pages[0] + pages[1]) / 2) * page);
    expect(saved.overhead?.value).toBe((bytes[0] + bytes[1]) / 2);
    expect(saved.net.value).toBe(104_923_136 - 28_198_715.5);
  });

  test('ephemeral pages are capacity: Ec 23030, then 46080', () => {
    const capacity = entryIn(host, 'tmem-ephemeral', 'capacity');
    expect(capacity.net.value).toBe(((23_030 + 46_080) / 2) * page);
    expect(host.sums.saved).toBe(entryIn(host, 'tmem-persistent', 'saved').net.value);
  });

  test('reads and writes that guests did not have to make', () => {
    expect(entryIn(host, 'tmem-ephemeral', 'reads-avoided').net.value).toBe(141_134 + 23_292 - 93_564);
    expect(entryIn(host, 'tmem-persistent', 'writes-avoided').net.value).toBe(368_321 + 7508 - 347_733);
    expect(entryIn(host, 'tmem-persistent', 'reads-avoided').net.value).toBe(1_358_938 + 59_990 - 1_147_784);
    expect(harmIn(host, 'rejects')?.figure.value).toBe(243_116 + 25_889 - 243_116);
  });
});

describe('Xen 4.4: deduplicated, without trailing zeros', async () => {
  const state = stateOf('xen-4.4.4-tmem/dedup-steps');
  const host = hostIn(await ledger(between('xen', state, state)), 'xen');
  const of = (key: string): number => Number(state.values.find(({ metric }) => metric === `xen.tmem.G.${key}`)?.value);

  test('what the pages take shows what deduplication does; it is cache all the same', () => {
    expect(of('Sc')).toBeGreaterThan(0);
    const capacity = entryIn(host, 'tmem-ephemeral', 'capacity');
    expect(capacity.gross).toMatchObject({ value: of('Ec') * page, formula: 'Ec × P' });
    expect(capacity.overhead).toMatchObject({ value: of('Zt'), formula: 'Zt' });
    expect(capacity.net.value).toBe(capacity.gross.value);
    expect(host.sums.saved ?? 0).toBe(0);
  });
});

/** zcache v1, RAMster of 3.4 to 3.6 and cleancache before 3.4, on synthetic input; and counters that slip. */
import { describe, expect, test } from 'vitest';
import { reading } from './captures.ts';
import { syntheticEvidence, syntheticNode, syntheticV1 } from './synthetic.ts';

describe('zcache v1', () => {
  const read = reading(syntheticEvidence(syntheticV1));

  test('the histograms: pages and bytes by class of 64 bytes', () => {
    expect(read.value('zcache.zv_curr_dist_counts.pages')).toBe(15);
    expect(read.value('zcache.zv_curr_dist_counts.bytes')).toBe((2 * 10 + 20 * 5) * 64);
    expect(read.value('zcache.zv_cumul_dist_counts.pages')).toBe(30);
    expect(read.value('zcache.zbud_unbuddied_list_counts.pages')).toBe(3);
    expect(read.value('zcache.zbud_cumul_chunk_counts.pages')).toBe(7);
    expect(read.troubles).toEqual([]);
  });
  test('the pools', () => {
    expect(read.pool('zcache:ephemeral')?.holds?.bytes).toBe(4000 * 4096);
    expect(read.pool('zcache:ephemeral')?.takes?.bytes).toBe(2100 * 4096);
    expect(read.pool('zcache:ephemeral')?.traffic).toEqual({
      puts: 900,
      refused: 3,
      gets: 400,
      found: 300,
      flushes: 50,
    });
    expect(read.pool('zcache:persistent')?.holds?.bytes).toBe(15 * 4096);
    expect(read.pool('zcache:persistent')?.takes?.bytes).toBe(7680);
    expect(read.pool('zcache:persistent')?.traffic).toEqual({ refused: 12 });
  });
  test('savings, density, refusals', () => {
    expect(read.value('zcache.saved.persistent')).toBe(15 * 4096 - 7680);
    expect(read.value('zcache.capacity.ephemeral')).toBe(1900 * 4096);
    expect(read.value('zcache.eph_density')).toBe(190.5);
    expect(read.value('zcache.eph_ratio')).toBe(273.1);
    // frontswap of these kernels does not count refusals itself.
    expect(read.value('ramster.rejects')).toBe(12);
  });
  test('policy and cleancache with its old word', () => {
    expect(read.value('zcache.zv_page_count_policy_percent')).toBe(75);
    expect(read.value('cleancache.sysfs.flushes')).toBe(50);
  });
  test('a line that is no histogram spoils itself only', () => {
    const bad = reading(
      syntheticEvidence({ ...syntheticV1, '/sys/kernel/mm/zcache/zv_curr_dist_counts': '1 two 3 mean:1' }),
    );
    expect(bad.value('zcache.zv_curr_dist_counts.pages')).toBeUndefined();
    expect(bad.pool('zcache:persistent')).toBeUndefined();
    expect(bad.pool('zcache:ephemeral')?.holds?.bytes).toBe(4000 * 4096);
    expect(bad.troubles.map(({ words }) => words)).toEqual([
      'expected a count for each size class, found “1 two 3 mean:1”',
    ]);
  });
});

test('RAMster of 3.4 to 3.6: the counters in sysfs, pages of others under their old name', () => {
  const mm = '/sys/kernel/mm/ramster';
  const read = reading(
    syntheticEvidence({
      ...syntheticV1,
      '/proc/cmdline': 'ramster',
      [`${mm}/remote_target_nodenum`]: '1',
      [`${mm}/manual_node_up`]: '',
      [`${mm}/pers_pages_remoted`]: '70',
      [`${mm}/remote_pers_pages_succ_get`]: '20',
      [`${mm}/remote_pages_flushed`]: '5',
      [`${mm}/foreign_eph_pampd_count`]: '1000',
      [`${mm}/foreign_pers_pampd_count`]: '0',
    }),
  );
  expect(read.value('ramster.away_at_most')).toBe(50);
  expect(read.value('ramster.away')).toBe(45);
  expect(read.value('ramster.foreign_eph_pages')).toBe(1000);
  expect(read.value('ramster.manual_node_up')).toBe('none');
  // A quarter of the pages is another node's, so a quarter of the 2100 frames is lent.
  expect(read.value('ramster.lent')).toBe((2100 / 4) * 4096);
  expect(read.pool('zcache:ephemeral')?.holds?.bytes).toBe(3000 * 4096);
  expect(read.pool('ramster:foreign:ephemeral')?.holds?.bytes).toBe(1000 * 4096);
});

describe('gauges that slip below zero', () => {
  const zpages = '/sys/kernel/debug/zcache/pers_zpages';
  test.each([
    ['64 bits', '18446744073709551613', -3],
    ['32 bits', '4294967293', -3],
    ['a large number that is one', '4000000000', 4_000_000_000],
  ])('%s', (_, text, value) => {
    expect(reading(syntheticEvidence({ ...syntheticNode, [zpages]: text })).value('zcache.pers_zpages')).toBe(value);
  });
  test('no pool holds less than nothing', () => {
    const read = reading(syntheticEvidence({ ...syntheticNode, [zpages]: '18446744073709551613' }));
    expect(read.pool('zcache:persistent')?.holds?.bytes).toBe(0);
  });
  test('bytes and counters are left as they are', () => {
    const zbytes = '/sys/kernel/debug/zcache/pers_zbytes';
    expect(reading(syntheticEvidence({ ...syntheticNode, [zbytes]: '4294967293' })).value('zcache.pers_zbytes')).toBe(
      4_294_967_293,
    );
  });
});

test('the page size is the host’s', () => {
  const read = reading({ ...syntheticEvidence(syntheticNode), pageSize: 65_536 });
  expect(read.pool('zcache:persistent')?.holds?.bytes).toBe(2000 * 65_536);
});

test('zero-filled pages are among the pages kept, and are not counted again', () => {
  const zero = { '/sys/kernel/debug/zcache/zero_filled_pages': '500' };
  const read = reading(syntheticEvidence({ ...syntheticNode, ...zero }));
  expect(read.value('zcache.saved.persistent')).toBe((2000 - 1000) * 4096);
});

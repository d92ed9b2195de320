/** Savings where no recording shows the case: synthetic figures. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '#core/platforms/platform.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { syntheticEvidence } from './synthetic.ts';

const value = (evidence: Evidence, metric: string) =>
  mainline.read(evidence).values.find((one) => one.metric === metric)?.value;

describe('KSM', () => {
  const ksm = '/sys/kernel/mm/ksm';
  const counters = {
    [`${ksm}/pages_sharing`]: '52',
    [`${ksm}/pages_shared`]: '10',
    [`${ksm}/pages_unshared`]: '3000000',
    [`${ksm}/pages_volatile`]: '8',
  };

  test('a loss is shown as a loss', () => {
    expect(
      value(syntheticEvidence({ ...counters, [`${ksm}/general_profit`]: '-201384320' }), 'mainline.saved.merged'),
    ).toBe(-201_384_320);
    expect(value(syntheticEvidence(counters), 'mainline.saved.merged')).toBe(52 * 4096 - 3_000_070 * 64);
  });

  test('pages of 64 KiB', () => {
    const evidence = { ...syntheticEvidence({ ...counters, [`${ksm}/ksm_zero_pages`]: '5' }), pageSize: 65_536 };
    expect(value(evidence, 'mainline.saved.merged')).toBe(57 * 65_536 - 3_000_070 * 64);
  });

  test('one counter missing: nothing is guessed', () => {
    expect(value(syntheticEvidence({ [`${ksm}/pages_sharing`]: '52' }), 'mainline.saved.merged')).toBeUndefined();
  });
});

describe('zswap on kernels whose meminfo does not tell (before 5.19)', () => {
  const debugfs = {
    '/sys/kernel/debug/zswap/stored_pages': '1000',
    '/sys/kernel/debug/zswap/pool_total_size': '1048576',
  };
  test('by debugfs, in pages of the host', () => {
    expect(value(syntheticEvidence(debugfs), 'mainline.saved.compressed')).toBe(1000 * 4096 - 1_048_576);
    expect(value({ ...syntheticEvidence(debugfs), pageSize: 65_536 }, 'mainline.saved.compressed')).toBe(
      1000 * 65_536 - 1_048_576,
    );
  });
  test('meminfo goes first', () => {
    const both = { ...debugfs, '/proc/meminfo': 'Zswap: 10 kB\nZswapped: 30 kB' };
    expect(value(syntheticEvidence(both), 'mainline.saved.compressed')).toBe(20 * 1024);
  });
});

describe('zram', () => {
  const stat = (device: string, orig: number) => ({
    [`/sys/block/${device}/mm_stat`]: `${String(orig)} 100 200 0 0 0 0 0 0`,
    [`/sys/block/${device}/initstate`]: '1',
  });
  test('only swap counts, and zswap adds up with it', () => {
    const files = { ...stat('zram0', 1000), ...stat('zram1', 9000), '/proc/meminfo': 'Zswap: 1 kB\nZswapped: 3 kB' };
    const swaps = { '/proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 9 1 100' };
    expect(value(syntheticEvidence({ ...files, ...swaps }), 'mainline.saved.compressed')).toBe(2048 + 800);
    // Nothing tells what is swap: every device that is set up counts.
    expect(value(syntheticEvidence(files), 'mainline.saved.zram')).toBe(800 + 8800);
  });
  test('a device that is not set up saves nothing', () => {
    const files = { ...stat('zram0', 1000), '/sys/block/zram0/initstate': '0' };
    expect(value(syntheticEvidence(files), 'mainline.saved.zram')).toBeUndefined();
  });
  test('the backing device counts in 4 KiB whatever the page size', () => {
    const files = { ...stat('zram0', 100_000), '/sys/block/zram0/bd_stat': '       10        3        12' };
    expect(value({ ...syntheticEvidence(files), pageSize: 65_536 }, 'mainline.saved.zram')).toBe(
      100_000 - 200 - 40_960,
    );
    expect(value(syntheticEvidence(files), 'zram.bd_writes')).toBe(12 * 4096);
  });
});

test('a bad file spoils only its own metrics', () => {
  const { values, troubles } = mainline.read(
    syntheticEvidence({
      '/proc/meminfo': 'MemTotal: 10 kB\nMemFree: \u001b[31mlots\nCached: 4 kB',
      '/sys/kernel/mm/ksm/run': 'yes',
      '/sys/kernel/mm/ksm/full_scans': '3',
    }),
  );
  expect(values.map(({ metric, value: read }) => [metric, read])).toEqual([
    ['meminfo.MemTotal', 10_240],
    ['meminfo.Cached', 4096],
    ['ksm.full_scans', 3],
    ['host.page-size', 4096],
  ]);
  expect(troubles.map(({ path, line }) => [path, line])).toEqual([
    ['/proc/meminfo', 2],
    ['/sys/kernel/mm/ksm/run', 4],
  ]);
  expect(troubles[0]?.words).not.toContain('\u001b');
});

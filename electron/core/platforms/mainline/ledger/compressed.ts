/** Memory that is not needed because pages are kept compressed: zswap and zram. */
import type { SavingRule } from '../../ledger.ts';
import { groupLevel, meminfo, pageSize, zram, zramIsSwap, zswapLevel } from './terms.ts';

const alsoResident =
  'Kernels up to 6.8 leave a page in zswap when it is read back, so that it may be in RAM twice: the saving is then an upper bound.';
const usedSwap = 'These pages are part of used swap as well, which is therefore not what is on a disk.';
const sameFilled =
  'Pages of one repeated value are among the pages kept before 6.12; later kernels keep them outside of zswap and they are in neither figure.';
const twice = {
  when: zramIsSwap,
  note: 'Swap of this host is zram too: what zswap writes back is compressed a second time, and is counted under zram from then on.',
} as const;

/** docs/domain.md 5.1 zswap */
const zswap: readonly SavingRule[] = [
  {
    id: 'zswap',
    mechanism: 'zswap',
    part: 'saved',
    level: 'host',
    title: 'Kept compressed by zswap',
    gross: { unit: 'bytes', formula: 'Zswapped', terms: { Zswapped: meminfo('Zswapped') } },
    overhead: { unit: 'bytes', formula: 'Zswap', terms: { Zswap: meminfo('Zswap') } },
    notes: [usedSwap, sameFilled, alsoResident],
    cautions: [twice],
  },
  {
    id: 'zswap-debugfs',
    mechanism: 'zswap',
    part: 'saved',
    level: 'host',
    title: 'Kept compressed by zswap',
    gross: {
      unit: 'bytes',
      formula: 'stored_pages × P',
      terms: { stored_pages: zswapLevel('stored_pages'), P: pageSize },
    },
    overhead: {
      unit: 'bytes',
      formula: 'pool_total_size',
      terms: { pool_total_size: zswapLevel('pool_total_size') },
    },
    notes: ['This kernel is older than 5.19 and tells it in debugfs only.', usedSwap, sameFilled, alsoResident],
    cautions: [twice],
    unless: ['zswap'],
  },
  {
    id: 'zswap-guest',
    mechanism: 'zswap',
    part: 'saved',
    level: 'guest',
    title: 'Kept compressed by zswap',
    gross: { unit: 'bytes', formula: 'zswapped', terms: { zswapped: groupLevel('zswapped') } },
    overhead: { unit: 'bytes', formula: 'zswap', terms: { zswap: groupLevel('zswap') } },
    notes: [
      'Part of what the host saves.',
      'The kernel charges a control group the compressed sizes alone: what the pool takes beyond them is in its host’s overhead only, so guests may add up to more than their host.',
      alsoResident,
    ],
  },
];

/** docs/domain.md 5.1 zram */
const zrams: readonly SavingRule[] = [
  {
    id: 'zram-swap',
    mechanism: 'zram',
    part: 'saved',
    level: 'device',
    title: 'Kept compressed by zram',
    when: [{ metric: 'zram.swap', is: 'positive' }],
    gross: {
      unit: 'bytes',
      formula: 'orig_data_size',
      terms: { orig_data_size: zram('orig_data_size', 'mm_stat') },
    },
    overhead: {
      unit: 'bytes',
      formula: 'mem_used_total + bd_count',
      terms: { mem_used_total: zram('mem_used_total', 'mm_stat'), bd_count: zram('bd_count', 'bd_stat') },
      optional: ['bd_count'],
    },
    notes: [
      'bd_count was moved to a backing device, and is no RAM saved; bd_stat counts it in units of 4 KiB whatever the page size is.',
      'Pages of one repeated value are part of orig_data_size already.',
      'Slots that were freed may stay in the device until they are used again.',
    ],
  },
  {
    id: 'zram-no-swap',
    mechanism: 'zram',
    part: 'lent',
    level: 'device',
    title: 'Taken by zram that is no swap',
    when: [
      { metric: 'zram.swap', is: 'zero' },
      { metric: 'zram.mem_used_total', is: 'positive' },
    ],
    gross: {
      unit: 'bytes',
      formula: 'mem_used_total',
      terms: { mem_used_total: zram('mem_used_total', 'mm_stat') },
    },
    notes: [
      'This device is no swap of this host: another host may use it, or it is mounted. The kernel does not tell which.',
      'What it keeps was not memory of this host, so nothing of it counts as saved here; the RAM it takes is shown.',
    ],
  },
];

export const compressed: readonly SavingRule[] = [...zswap, ...zrams];

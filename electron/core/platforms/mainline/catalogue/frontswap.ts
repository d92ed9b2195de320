/** frontswap (3.5 to 6.5) and cleancache (3.4 to 5.16): counters in debugfs, root only. */
import { single } from './entry.ts';
import type { Entry } from './entry.ts';

const frontswapFile = single(
  'frontswap',
  '/sys/kernel/debug/frontswap',
  'https://www.kernel.org/doc/html/v6.1/mm/frontswap.html',
);
const cleancacheFile = single(
  'cleancache',
  '/sys/kernel/debug/cleancache',
  'https://www.kernel.org/doc/html/v5.15/vm/cleancache.html',
);

export const frontswap: readonly Entry[] = [
  frontswapFile(
    'succ_stores',
    'Stores',
    'counter',
    'pages',
    'Swapped pages that the backend took: writes to the device avoided.',
  ),
  frontswapFile(
    'loads',
    'Loads',
    'counter',
    'pages',
    'Swapped pages that the backend gave back: reads from the device avoided.',
  ),
  frontswapFile(
    'failed_stores',
    'Refused stores',
    'counter',
    'pages',
    'Swapped pages that the backend refused; they went to the device.',
  ),
  frontswapFile('invalidates', 'Invalidates', 'counter', 'pages', 'Pages that were no longer needed.'),
  cleancacheFile(
    'succ_gets',
    'Hits',
    'counter',
    'pages',
    'Reads from disk avoided because the backend still had the page.',
  ),
  cleancacheFile('failed_gets', 'Misses', 'counter', 'pages', 'Pages asked for that the backend did not have.'),
  cleancacheFile(
    'puts',
    'Puts',
    'counter',
    'pages',
    'Clean pages offered to the backend when they were evicted; counted even without a backend.',
  ),
  cleancacheFile('invalidates', 'Invalidates', 'counter', 'pages', 'Pages that were no longer valid.'),
];

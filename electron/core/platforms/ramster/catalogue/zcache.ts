/** zcache of 3.7 and later: /sys/kernel/debug/zcache, root only, with CONFIG_ZCACHE_DEBUG (debug.c). */
import { rows } from './entry.ts';
import type { Entry } from './entry.ts';

export const zcacheDebug = '/sys/kernel/debug/zcache';
/** zcache of 2.6.39 to 3.8, and RAMster's own copy of it in 3.4 to 3.6. */
export const zcacheSysfs = '/sys/kernel/mm/zcache';

const levels = rows('zcache', [zcacheDebug], 'level', [
  [
    'eph_zpages',
    'Cache pages kept',
    'pages',
    'Clean page-cache pages kept compressed (cleancache), zero-filled ones included.',
  ],
  [
    'eph_pageframes',
    'Frames for cache pages',
    'pages',
    'Page frames of RAM that the compressed page-cache pages take.',
  ],
  ['eph_zbytes', 'Compressed cache pages', 'bytes', 'Sum of the compressed sizes of the page-cache pages.'],
  [
    'pers_zpages',
    'Swapped pages kept',
    'pages',
    'Swapped pages kept compressed (frontswap), those of other nodes and zero-filled ones included.',
  ],
  [
    'pers_pageframes',
    'Frames for swapped pages',
    'pages',
    'Page frames of RAM that the compressed swapped pages take.',
  ],
  ['pers_zbytes', 'Compressed swapped pages', 'bytes', 'Sum of the compressed sizes of the swapped pages.'],
  [
    'zero_filled_pages',
    'Zero-filled pages',
    'pages',
    'Pages of nothing but zeros: kept without any data. They are among the pages kept already.',
  ],
  ['obj_count', 'Objects', 'count', 'Objects of tmem: one for each file, and 256 for each swap device.'],
  [
    'objnode_count',
    'Object nodes',
    'count',
    'Nodes of the trees that find a page in its object: memory not counted in the frames.',
  ],
  [
    'last_active_file_pageframes',
    'Active page cache',
    'pages',
    'Active page cache when the shrinker was last called; 0 before.',
  ],
  [
    'last_inactive_file_pageframes',
    'Inactive page cache',
    'pages',
    'Inactive page cache when the shrinker was last called; 0 before.',
  ],
  [
    'last_active_anon_pageframes',
    'Active anonymous memory',
    'pages',
    'Active program memory when the shrinker was last called; 0 before.',
  ],
  [
    'last_inactive_anon_pageframes',
    'Inactive anonymous memory',
    'pages',
    'Inactive program memory when the shrinker was last called; 0 before.',
  ],
  [
    'outstanding_writeback_pages',
    'Being written back',
    'pages',
    'Swapped pages on their way from zcache to the device; kernels with CONFIG_ZCACHE_WRITEBACK only.',
  ],
]);

/** High-water marks: of no use as a chart, and never to be subtracted from one another. */
const marks = rows(
  'zcache',
  [zcacheDebug],
  'level',
  [
    ['eph_zpages_max', 'Most cache pages kept', 'pages', 'Highest number of compressed page-cache pages since boot.'],
    [
      'eph_pageframes_max',
      'Most frames for cache pages',
      'pages',
      'Highest number of frames for page-cache pages since boot.',
    ],
    [
      'eph_zbytes_max',
      'Most compressed cache pages',
      'bytes',
      'Highest sum of compressed page-cache pages since boot.',
    ],
    ['pers_zpages_max', 'Most swapped pages kept', 'pages', 'Highest number of compressed swapped pages since boot.'],
    [
      'pers_pageframes_max',
      'Most frames for swapped pages',
      'pages',
      'Highest number of frames for swapped pages since boot.',
    ],
    [
      'pers_zbytes_max',
      'Most compressed swapped pages',
      'bytes',
      'Highest sum of compressed swapped pages since boot.',
    ],
    ['obj_count_max', 'Most objects', 'count', 'Highest number of tmem objects since boot.'],
    ['objnode_count_max', 'Most object nodes', 'count', 'Highest number of object nodes since boot.'],
  ],
  false,
);

/** Counters that both generations have. */
const common = rows('zcache', [zcacheDebug, zcacheSysfs], 'counter', [
  ['failed_eph_puts', 'Refused cache pages', 'pages', 'Page-cache pages that were offered and not kept.'],
  [
    'failed_pers_puts',
    'Refused swapped pages',
    'pages',
    'Swapped pages that were offered and not kept; they went to the device.',
  ],
  [
    'failed_alloc',
    'Failed allocations',
    'count',
    'Puts that failed because no memory for the bookkeeping was to be had.',
  ],
  ['put_to_flush', 'Puts turned into flushes', 'count', 'Puts that were dropped, and the old copy with them.'],
  ['compress_poor', 'Compressed poorly', 'pages', 'Pages that stayed larger than 7/8 of a page and were not kept.'],
  [
    'mean_compress_poor',
    'Worse than the mean',
    'pages',
    'Pages larger than 5/8 of a page while the mean was too: not kept.',
  ],
  ['flush_total', 'Flushes', 'pages', 'Pages that were to be dropped, kept or not.'],
  ['flush_found', 'Flushes that found a page', 'pages', 'Pages dropped because they were no longer needed.'],
  ['flobj_total', 'Object flushes', 'count', 'Objects (files, swap areas) that were to be dropped.'],
  ['flobj_found', 'Object flushes that found one', 'count', 'Objects dropped.'],
]);

const counters = rows('zcache', [zcacheDebug], 'counter', [
  ['failed_getfreepages', 'No free frame', 'count', 'Times no free page frame was to be had without waiting.'],
  ['eph_ate_tail', 'Cache pages for cache pages', 'count', 'Times a page-cache page took the frame of the oldest one.'],
  [
    'eph_ate_tail_failed',
    'No frame for a cache page',
    'count',
    'Times there was no page-cache frame to take: the new page was not kept.',
  ],
  [
    'pers_ate_eph',
    'Cache pages for swapped pages',
    'count',
    'Times a swapped page took the frame of the oldest page-cache page.',
  ],
  [
    'pers_ate_eph_failed',
    'No frame for a swapped page',
    'count',
    'Times there was no page-cache frame to take: the swapped page went to the device.',
  ],
  [
    'evicted_eph_zpages',
    'Evicted cache pages',
    'pages',
    'Compressed page-cache pages that were thrown away for their frame.',
  ],
  ['evicted_eph_pageframes', 'Evicted cache frames', 'pages', 'Frames freed by throwing page-cache pages away.'],
  [
    'eph_nonactive_puts_ignored',
    'Inactive cache pages ignored',
    'pages',
    'Meant to count page-cache pages that had never been active; stays 0 on 3.10.',
  ],
  [
    'pers_nonactive_puts_ignored',
    'Inactive swapped pages ignored',
    'pages',
    'Meant to count swapped pages that had never been active; stays 0 on 3.10.',
  ],
  [
    'writtenback_pages',
    'Written back',
    'pages',
    'Swapped pages written from zcache to the device; kernels with CONFIG_ZCACHE_WRITEBACK only.',
  ],
]);

export const zcache: readonly Entry[] = [...levels, ...marks, ...common, ...counters];

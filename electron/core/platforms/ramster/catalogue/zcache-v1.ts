/** What only zcache of 2.6.39 to 3.8 has (zcache-main.c): /sys/kernel/mm/zcache, readable by everybody. */
import { zcacheSysfs } from './zcache.ts';
import { entry, rows } from './entry.ts';
import type { Entry } from './entry.ts';

const levels = rows('zcache', [zcacheSysfs], 'level', [
  ['zbud_curr_zpages', 'Cache pages kept', 'pages', 'Clean page-cache pages kept compressed (cleancache).'],
  [
    'zbud_curr_raw_pages',
    'Frames for cache pages',
    'pages',
    'Page frames of RAM that the compressed page-cache pages take.',
  ],
  ['zbud_curr_zbytes', 'Compressed cache pages', 'bytes', 'Sum of the compressed sizes of the page-cache pages.'],
  ['zbud_buddied_count', 'Frames with two pages', 'pages', 'Frames that hold two compressed page-cache pages.'],
  ['zbpg_unused_list_count', 'Frames with none', 'pages', 'Frames that zcache holds and does not use.'],
  ['curr_obj_count', 'Objects', 'count', 'Objects of tmem: one for each file or swap area.'],
  ['curr_objnode_count', 'Object nodes', 'count', 'Nodes of the trees that find a page in its object.'],
]);

const marks = rows(
  'zcache',
  [zcacheSysfs],
  'level',
  [
    ['curr_obj_count_max', 'Most objects', 'count', 'Highest number of tmem objects since boot.'],
    ['curr_objnode_count_max', 'Most object nodes', 'count', 'Highest number of object nodes since boot.'],
  ],
  false,
);

const counters = rows('zcache', [zcacheSysfs], 'counter', [
  ['zbud_cumul_zpages', 'Cache pages ever kept', 'pages', 'Page-cache pages kept since boot.'],
  ['zbud_cumul_zbytes', 'Bytes ever kept', 'bytes', 'Compressed bytes of page-cache pages kept since boot.'],
  ['evicted_raw_pages', 'Evicted frames', 'pages', 'Frames freed by throwing page-cache pages away.'],
  ['evicted_unbuddied_pages', 'Evicted single pages', 'pages', 'Page-cache pages thrown away that had a frame alone.'],
  ['evicted_buddied_pages', 'Evicted pairs', 'pages', 'Page-cache pages thrown away that shared a frame.'],
  ['failed_get_free_pages', 'No free frame', 'count', 'Times no free page frame was to be had without waiting.'],
  [
    'nonactive_puts',
    'Inactive pages ignored',
    'pages',
    'Pages not kept because they had never been active; RAMster of 3.4 to 3.6.',
  ],
  [
    'policy_percent_exceeded',
    'Over the limit',
    'pages',
    'Swapped pages refused by zv_page_count_policy_percent; RAMster of 3.4 to 3.6.',
  ],
]);

const settings = rows('zcache', [zcacheSysfs], 'setting', [
  [
    'zv_max_zsize',
    'Largest swapped page',
    'bytes',
    'A swapped page that stays larger than this is not kept; 7/8 of a page by default.',
  ],
  [
    'zv_max_mean_zsize',
    'Largest mean',
    'bytes',
    'Above this mean, only pages smaller than it are kept; 5/8 of a page by default.',
  ],
  [
    'zv_page_count_policy_percent',
    'Limit of swapped pages',
    'percent',
    'Swapped pages kept, at most, as a share of all RAM; 75 by default, and more than 100 is allowed.',
  ],
]);

/** Figures from the lines of many numbers; histogram.ts reads them. */
export const histogramFiles = {
  current: `${zcacheSysfs}/zv_curr_dist_counts`,
  lifetime: `${zcacheSysfs}/zv_cumul_dist_counts`,
  single: `${zcacheSysfs}/zbud_unbuddied_list_counts`,
  chunks: `${zcacheSysfs}/zbud_cumul_chunk_counts`,
} as const;

const histograms: readonly Entry[] = [
  entry(
    'zcache.zv_curr_dist_counts.pages',
    'Swapped pages kept',
    'level',
    'pages',
    'Swapped pages kept compressed (frontswap): the sum of the size classes.',
  ),
  entry(
    'zcache.zv_curr_dist_counts.bytes',
    'Compressed swapped pages',
    'level',
    'bytes',
    'Their size by class of 64 bytes, rounded up and with a header each; this kernel counts no bytes.',
  ),
  entry(
    'zcache.zv_cumul_dist_counts.pages',
    'Swapped pages ever kept',
    'counter',
    'pages',
    'Swapped pages kept since boot.',
  ),
  entry(
    'zcache.zbud_unbuddied_list_counts.pages',
    'Frames with one page',
    'level',
    'pages',
    'Frames that hold a single compressed page-cache page.',
  ),
  entry(
    'zcache.zbud_cumul_chunk_counts.pages',
    'Cache pages by size',
    'counter',
    'pages',
    'Page-cache pages kept since boot, the sum of the size classes.',
  ),
];

export const zcacheV1: readonly Entry[] = [...levels, ...marks, ...counters, ...settings, ...histograms];

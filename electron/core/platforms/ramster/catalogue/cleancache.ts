/**
 * cleancache before 3.4, in sysfs and with `flushes`. From 3.4 on the counters are in debugfs, where the platform of
 * today's Linux reads them (`cleancache.*`); so are frontswap's. These have ids of their own: one id, one declarer.
 */
import { rows } from './entry.ts';
import type { Entry } from './entry.ts';

export const cleancacheSysfs = '/sys/kernel/mm/cleancache';

export const cleancache: readonly Entry[] = rows('cleancache.sysfs', [cleancacheSysfs], 'counter', [
  ['succ_gets', 'Hits', 'pages', 'Reads from disk avoided because the page was still kept.'],
  ['failed_gets', 'Misses', 'pages', 'Pages asked for that were no longer kept.'],
  ['puts', 'Puts', 'pages', 'Clean pages offered when they were evicted; every attempt counts.'],
  ['flushes', 'Flushes', 'pages', 'Pages dropped because they were no longer valid; called invalidates since 3.4.'],
]);

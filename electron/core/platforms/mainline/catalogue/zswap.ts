/** zswap: parameters (readable by all) and counters in debugfs (root only). */
import { single } from './entry.ts';
import type { Entry } from './entry.ts';

const doc = 'admin-guide/mm/zswap.html';
const parameter = single('zswap', '/sys/module/zswap/parameters', doc);
const counter = single('zswap', '/sys/kernel/debug/zswap', doc);

export const zswap: readonly Entry[] = [
  parameter(
    'enabled',
    'zswap enabled',
    'setting',
    'flag',
    'Off stops new stores only; what is kept stays until it is needed.',
  ),
  parameter('compressor', 'compressor', 'setting', 'text', 'Algorithm for pages stored from now on.'),
  parameter(
    'zpool',
    'zpool',
    'setting',
    'text',
    'Allocator of the compressed pages; gone since 6.18, where it is zsmalloc.',
  ),
  parameter(
    'max_pool_percent',
    'max_pool_percent',
    'setting',
    'percent',
    'The most RAM the pool may take. Values above 100 are accepted.',
  ),
  parameter(
    'accept_threshold_percent',
    'accept_threshold_percent',
    'setting',
    'percent',
    'A full pool accepts pages again below this share of its limit.',
  ),
  parameter(
    'shrinker_enabled',
    'shrinker_enabled',
    'setting',
    'flag',
    'Whether cold pages are written back to the swap device under pressure (6.8).',
  ),
  parameter(
    'same_filled_pages_enabled',
    'same_filled_pages_enabled',
    'setting',
    'flag',
    'Pages of one repeated value are kept as that value (< 6.10).',
  ),
  parameter(
    'non_same_filled_pages_enabled',
    'non_same_filled_pages_enabled',
    'setting',
    'flag',
    'Whether all other pages are compressed (< 6.10).',
  ),
  parameter(
    'exclusive_loads',
    'exclusive_loads',
    'setting',
    'flag',
    'Whether a page leaves zswap when it is read back (6.5 and 6.6).',
  ),

  counter('pool_total_size', 'Pool size', 'level', 'bytes', 'RAM the pool takes.'),
  counter('stored_pages', 'Pages kept', 'level', 'pages', 'Pages that zswap keeps, same-filled ones included.'),
  counter('same_filled_pages', 'Same-filled pages', 'level', 'pages', 'Pages kept as one repeated value (< 6.10).'),
  counter(
    'stored_incompressible_pages',
    'Incompressible pages kept',
    'level',
    'pages',
    'Pages kept as they are because compressing did not help (2025).',
  ),
  counter(
    'written_back_pages',
    'Written back',
    'counter',
    'pages',
    'Old pages moved on to the swap device. A full zswap mostly rejects instead.',
  ),
  counter('pool_limit_hit', 'Limit hit', 'counter', 'count', 'Stores that met a pool at its limit.'),
  counter(
    'reject_reclaim_fail',
    'Write-back failed',
    'counter',
    'count',
    'Attempts of the worker to write back that failed; no page was refused by them.',
  ),
  counter(
    'reject_alloc_fail',
    'Refused: no memory',
    'counter',
    'count',
    'Stores refused because the pool got no memory.',
  ),
  counter(
    'reject_kmemcache_fail',
    'Refused: no entry',
    'counter',
    'count',
    'Stores refused because the kernel had no entry left.',
  ),
  counter(
    'reject_compress_fail',
    'Refused: compression failed',
    'counter',
    'count',
    'Stores refused because compressing failed.',
  ),
  counter(
    'reject_compress_poor',
    'Refused: poor ratio',
    'counter',
    'count',
    'Stores refused because the page hardly shrank.',
  ),
  counter(
    'decompress_fail',
    'Decompression failed',
    'counter',
    'count',
    'Pages that could not be decompressed: their data is lost (2025).',
  ),
  counter(
    'duplicate_entry',
    'Duplicates',
    'counter',
    'count',
    'Stores that found an old copy of the page (older kernels).',
  ),
];

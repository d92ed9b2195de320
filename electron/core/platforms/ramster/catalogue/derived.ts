/** Figures computed from several files; derive.ts computes them. */
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';

export const derived: readonly Entry[] = [
  entry(
    'zcache.saved.persistent',
    'Saved by zcache',
    'level',
    'bytes',
    'This host’s own swapped pages minus the RAM they take compressed. Gross: the bookkeeping of tmem is not told.',
    { signal: 'saved.compressed' },
  ),
  entry(
    'zcache.capacity.ephemeral',
    'Cache gained by zcache',
    'level',
    'bytes',
    'Page cache that compression makes room for: it may vanish at any moment and is no memory freed.',
    { signal: 'capacity.ephemeral' },
  ),
  entry(
    'zcache.eph_density',
    'Cache pages per frame',
    'level',
    'percent',
    'Compressed page-cache pages per page frame; zbud reaches 200 % at most.',
  ),
  entry(
    'zcache.pers_density',
    'Swapped pages per frame',
    'level',
    'percent',
    'Compressed swapped pages per page frame; zbud reaches 200 % at most.',
  ),
  entry(
    'zcache.eph_ratio',
    'Compression of cache pages',
    'level',
    'percent',
    'Original size of the page-cache pages over their compressed size; only frames free RAM, so see the density.',
  ),
  entry(
    'zcache.pers_ratio',
    'Compression of swapped pages',
    'level',
    'percent',
    'Original size of the swapped pages over their compressed size; only frames free RAM, so see the density.',
  ),
  entry(
    'ramster.away',
    'Swapped pages away (estimate)',
    'level',
    'pages',
    'Swapped pages that should be on the target node: sent, not fetched back, not told to be dropped. The target’s foreign_pers_pages is the truth.',
  ),
  entry(
    'ramster.away_at_most',
    'Swapped pages away, at most',
    'level',
    'pages',
    'Swapped pages sent and not fetched back. Exact until the first flush that finds a page on the target.',
  ),
  entry(
    'ramster.saved.remote',
    'Kept in other hosts’ RAM',
    'level',
    'bytes',
    'Swapped pages of this host on the target node. It is the donor’s RAM that holds them: never add the donor’s foreign pages to it.',
    { signal: 'saved.remote' },
  ),
  entry(
    'ramster.lent',
    'RAM lent to other nodes',
    'level',
    'bytes',
    'RAM of this host that holds other nodes’ pages, compressed: their share of the pages kept, as frames are not told apart.',
  ),
  entry(
    'ramster.rejects',
    'Refused by zcache',
    'counter',
    'pages',
    'Swapped pages that zcache refused, on kernels whose frontswap does not count them itself.',
    { signal: 'harm.rejects' },
  ),
];

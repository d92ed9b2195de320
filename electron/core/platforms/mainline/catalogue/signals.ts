/** Figures computed from several files, which the pages know by their signal. derive.ts computes them. */
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';

/** Sums over guests, kept by the host so that a span can be counted without its guests. */
const ofGuests = (id: string, title: string, help: string): Entry =>
  entry(`mainline.${id}`, title, 'level', 'bytes', help);

export const derived: readonly Entry[] = [
  entry(
    'host.page-size',
    'Page size',
    'level',
    'bytes',
    'Size of a page of this host: what counts of pages are multiplied by.',
  ),
  entry(
    'host.uptime',
    'Uptime',
    'counter',
    'seconds',
    'Time since boot by the host’s own clock: what counters of waiting time are measured against.',
    { doc: 'filesystems/proc.html' },
  ),
  ofGuests('guests.promised', 'Promised to guests', 'The maximum memory of all guests that have one.'),
  ofGuests(
    'guests.current',
    'Allowed to guests now',
    'What the balloons allow, else the maximum, over the guests whose RAM is known.',
  ),
  ofGuests(
    'guests.taken',
    'Taken by guests',
    'Resident and compressed RAM of these guests, and the RAM of zram that is swap, which may keep pages of others too.',
  ),
  ofGuests('balloon.promised', 'Promised, of ballooned guests', 'The maximum of the guests whose balloon is known.'),
  ofGuests('balloon.allowed', 'Allowed by balloons', 'What the balloons of the same guests allow now.'),
  entry(
    'mainline.available',
    'Available, estimated',
    'level',
    'bytes',
    'Free memory and cache that could be given up, on kernels before 3.14, which do not tell MemAvailable.',
    {
      signal: 'memory.available',
    },
  ),
  entry(
    'mainline.swap.used',
    'Swap used',
    'level',
    'bytes',
    'Swap slots taken. Pages that zswap keeps are among them, so this is not what is on disk.',
    {
      signal: 'swap.used',
    },
  ),
  entry(
    'mainline.saved.zswap',
    'Saved by zswap',
    'level',
    'bytes',
    'Size of the pages zswap keeps minus the RAM they take. On kernels whose loads leave the page in zswap (before 6.5) a page may be resident as well.',
    {
      doc: 'admin-guide/mm/zswap.html',
    },
  ),
  entry(
    'mainline.saved.zram',
    'Saved by zram',
    'level',
    'bytes',
    'Data stored in zram swap devices minus the RAM they take and what they moved to a backing device.',
    {
      doc: 'admin-guide/blockdev/zram.html',
    },
  ),
  entry(
    'mainline.saved.compressed',
    'Saved by compression',
    'level',
    'bytes',
    'What zswap and zram swap save together.',
    {
      signal: 'saved.compressed',
    },
  ),
  entry(
    'mainline.saved.merged',
    'Saved by merging',
    'level',
    'bytes',
    'What KSM saves, minus its bookkeeping; negative when it costs more than it saves.',
    {
      doc: 'admin-guide/mm/ksm.html',
      signal: 'saved.merged',
    },
  ),
  entry(
    'mainline.saved.ballooned',
    'Ballooned away',
    'level',
    'bytes',
    'Promised to guests and taken back by their balloons, over the guests where both are known.',
    {
      signal: 'saved.ballooned',
    },
  ),
  entry(
    'mainline.refaults',
    'Refaults',
    'counter',
    'pages',
    'Pages needed again soon after they were evicted: what reclaim took and should have left.',
    {
      signal: 'harm.refaults',
    },
  ),
  entry(
    'mainline.rejects',
    'Refused by compression',
    'counter',
    'pages',
    'Pages that zswap or frontswap refused to keep; they went to the swap device.',
    {
      signal: 'harm.rejects',
    },
  ),
];

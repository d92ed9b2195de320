/** What is known of a guest beyond its control group: the balloon's figures and the truths as charts. */
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';
import type { SignalId } from '#shared/model/metric.ts';

const level = (id: string, title: string, help: string, signal?: SignalId): Entry =>
  entry(id, title, 'level', 'bytes', help, { instance: 'guest', ...(signal === undefined ? {} : { signal }) });
const counter = (
  id: string,
  title: string,
  unit: 'bytes' | 'count' | 'pages',
  help: string,
  signal?: SignalId,
): Entry => entry(id, title, 'counter', unit, help, { instance: 'guest', ...(signal === undefined ? {} : { signal }) });

export const truths: readonly Entry[] = [
  level('guest.resident', 'Resident', 'Uncompressed RAM the host pays for this guest.'),
  level('guest.compressed', 'Compressed', 'RAM the host pays for this guest’s compressed pages.'),
  level('guest.on-disk', 'On disk', 'Pages of this guest that are on a swap device and nowhere else.'),
  level('guest.promised', 'Promised', 'The most memory this guest may ever have.'),
  level('guest.allowed', 'Allowed', 'What the balloon allows this guest now.'),
  level('guest.uses', 'Used inside', 'What the guest itself says it uses.'),
  level(
    'guest.saved.compressed',
    'Saved by compression',
    'zswapped − zswap of the guest’s control group.',
    'saved.compressed',
  ),
  level('guest.saved.ballooned', 'Ballooned away', 'Promised minus what the balloon allows now.', 'saved.ballooned'),
  counter(
    'guest.refaults',
    'Refaults',
    'pages',
    'Pages of this guest needed again soon after eviction.',
    'harm.refaults',
  ),
];

/** Rows of `virsh domstats --balloon`, all in KiB there, by the name after `balloon.`. */
export const balloonLevels: readonly Entry[] = [
  level('balloon.current', 'Balloon: current', 'What the balloon allows now.'),
  level('balloon.maximum', 'Balloon: maximum', 'The guest’s maximum memory.'),
  level('balloon.unused', 'Balloon: unused', 'Memory the guest uses for nothing, not even cache.'),
  level('balloon.available', 'Balloon: available', 'Memory the guest’s kernel manages in all.'),
  level('balloon.usable', 'Balloon: usable', 'Memory the balloon could take without making the guest swap.'),
  level('balloon.disk_caches', 'Balloon: disk caches', 'The guest’s page cache that can be dropped at once.'),
  level('balloon.rss', 'Balloon: rss', 'Resident size of the guest’s process on the host.'),
];
export const balloonCounters: readonly Entry[] = [
  counter('balloon.swap_in', 'Balloon: swap-in', 'bytes', 'Data the guest itself read from its own swap.'),
  counter('balloon.swap_out', 'Balloon: swap-out', 'bytes', 'Data the guest itself wrote to its own swap.'),
];
export const balloonCounts: readonly Entry[] = [
  counter(
    'balloon.major_fault',
    'Balloon: major faults',
    'count',
    'Page faults of the guest that had to wait for its disk.',
  ),
];
export const balloonUpdated: Entry = entry(
  'balloon.last-update',
  'Balloon: last update',
  'level',
  'seconds',
  'When the guest last sent statistics, in seconds since 1970 by the host’s clock; 0 is never.',
  { instance: 'guest', charted: false },
);

/** The guest's QEMU process. */
export const processLevels: readonly Entry[] = [
  level(
    'process.VmRSS',
    'Process: resident',
    'Resident size of the guest’s QEMU process; pages merged by KSM count in each guest.',
  ),
  level('process.RssAnon', 'Process: anonymous', 'The part of it that is anonymous memory.'),
  level('process.RssShmem', 'Process: shared', 'The part of it that is shared memory.'),
  level(
    'process.VmSwap',
    'Process: swapped',
    'Swapped anonymous memory of the process; pages that zswap keeps are part of it.',
  ),
];

/** What a guest's control group says; instance is the guest's key. Ids end in the leaf's name and the row's. */
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';
import type { MetricUnit, SignalId } from '#shared/model/metric.ts';

const doc = 'admin-guide/cgroup-v2.html#memory-interface-files';
type More = { readonly signal?: SignalId };

const level = (name: string, title: string, help: string): Entry =>
  entry(`cgroup.${name}`, title, 'level', 'bytes', help, { doc, instance: 'guest' });
const counter = (name: string, title: string, unit: MetricUnit, help: string, more: More = {}): Entry =>
  entry(`cgroup.${name}`, title, 'counter', unit, help, { doc, instance: 'guest', ...more });
const limit = (name: string, help: string): Entry =>
  entry(`cgroup.${name}`, name, 'setting', 'bytes', help, { doc, instance: 'guest' });

/** Single-value leaves that are levels, in bytes. */
export const groupLevels: readonly Entry[] = [
  level('memory.current', 'Charged', 'Memory charged to the group; its compressed pages in zswap are part of it.'),
  level('memory.swap.current', 'Swapped', 'Swap slots of the group; pages that zswap keeps take one.'),
  level('memory.zswap.current', 'In zswap', 'RAM that the group’s compressed pages take.'),
];

/** Rows of memory.stat that are levels, in bytes. */
export const groupStatLevels: readonly Entry[] = [
  level('memory.stat.anon', 'Anonymous', 'The guest’s RAM as far as it is resident.'),
  level('memory.stat.file', 'Page cache', 'Page cache charged to the group.'),
  level('memory.stat.shmem', 'Shared memory', 'Shared memory and tmpfs; guests backed by memfd live here.'),
  level('memory.stat.kernel', 'Kernel', 'Kernel memory of the group, compressed pages included.'),
  level('memory.stat.zswap', 'In zswap', 'RAM that the group’s compressed pages take.'),
  level('memory.stat.zswapped', 'Kept by zswap', 'Size of those pages before compression.'),
  level('memory.stat.swapcached', 'Swap cache', 'Pages in RAM that still have their slot in swap.'),
];

/** Rows of memory.stat that are counters. */
export const groupStatCounters: readonly Entry[] = [
  counter('memory.stat.zswpin', 'zswap loads', 'pages', 'Pages decompressed out of zswap.'),
  counter('memory.stat.zswpout', 'zswap stores', 'pages', 'Pages compressed into zswap.'),
  counter('memory.stat.zswpwb', 'zswap write-back', 'pages', 'Pages that zswap wrote on to the swap device (6.8).'),
  counter(
    'memory.stat.workingset_refault_anon',
    'Anonymous refaults',
    'pages',
    'Program pages needed again soon after eviction.',
  ),
  counter(
    'memory.stat.workingset_refault_file',
    'File refaults',
    'pages',
    'Cache pages needed again soon after eviction.',
  ),
  counter(
    'memory.stat.pgmajfault',
    'Major faults',
    'count',
    'Faults that had to wait for a device or for decompression.',
  ),
];

/** Rows of memory.events. */
export const groupEvents: readonly Entry[] = [
  counter(
    'memory.events.low',
    'Below memory.low',
    'count',
    'Times the group was reclaimed although it was under memory.low.',
  ),
  counter('memory.events.high', 'Throttled', 'count', 'Times the group was slowed down at memory.high.'),
  counter('memory.events.max', 'At the limit', 'count', 'Times the group was about to pass memory.max.'),
  counter('memory.events.oom', 'Out of memory', 'count', 'Times the group could not get memory at its limit.'),
  counter('memory.events.oom_kill', 'OOM kills', 'count', 'Processes of the group killed for lack of memory.', {
    signal: 'harm.oom-kills',
  }),
];

/** Limits: bytes, or `max` for none. */
export const groupLimits: readonly Entry[] = [
  limit('memory.max', 'The most memory the group may take.'),
  limit('memory.high', 'Above this the group is slowed down and reclaimed.'),
  limit('memory.low', 'Below this the group is spared as long as others have anything to give.'),
  limit('memory.min', 'Below this the group is never reclaimed.'),
  limit('memory.swap.max', 'The most swap the group may use; 0 is none.'),
  limit(
    'memory.zswap.max',
    'The most RAM its compressed pages may take; lowering it trims nothing, 0 refuses new ones.',
  ),
];

export const groupWriteback: Entry = entry(
  'cgroup.memory.zswap.writeback',
  'memory.zswap.writeback',
  'setting',
  'flag',
  '0 keeps the group’s pages in RAM: neither zswap nor swap may write them to a device (6.8).',
  { doc, instance: 'guest' },
);

/** cgroup v1, memory controller. */
export const groupV1: readonly Entry[] = [
  level(
    'memory.usage_in_bytes',
    'Charged (v1)',
    'Memory charged to the group on cgroup v1; compressed pages are not in it.',
  ),
  level('memory.memsw.usage_in_bytes', 'Charged with swap (v1)', 'Memory and swap charged to the group on cgroup v1.'),
];

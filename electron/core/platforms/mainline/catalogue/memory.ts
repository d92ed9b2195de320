/** The host's memory as /proc/meminfo, /proc/vmstat and /proc/sys/vm tell it. */
import { entry, meminfo, single, vmstat } from './entry.ts';
import type { Entry } from './entry.ts';

const vm = single('vm', '/proc/sys/vm', 'admin-guide/sysctl/vm.html');
const thp = single('transparent_hugepage', '/sys/kernel/mm/transparent_hugepage', 'admin-guide/mm/transhuge.html');

export const memory: readonly Entry[] = [
  meminfo('MemTotal', 'Memory', 'RAM the kernel can use; a balloon inside this machine lowers it.', {
    signal: 'memory.total',
  }),
  meminfo('MemFree', 'Free', 'RAM that holds nothing at all.'),
  meminfo(
    'MemAvailable',
    'Available',
    'RAM that new programs could get without swapping, as the kernel estimates it.',
    {
      signal: 'memory.available',
    },
  ),
  meminfo('Buffers', 'Buffers', 'Page cache of block devices.'),
  meminfo('Cached', 'Page cache', 'Page cache of files, shared memory included, swap cache excluded.'),
  meminfo('SwapCached', 'Swap cache', 'Pages that are in RAM again and still have their slot in swap.'),
  meminfo('AnonPages', 'Anonymous', 'Program memory that belongs to no file; the RAM of guests is of this kind.'),
  meminfo('Shmem', 'Shared memory', 'tmpfs and shared memory; it can be swapped and is counted in the page cache.'),
  meminfo('Slab', 'Kernel objects', 'Memory of the kernel’s own objects.'),
  meminfo('SReclaimable', 'Reclaimable kernel objects', 'The part of the kernel’s objects that it can give back.'),
  meminfo('AnonHugePages', 'Transparent huge pages', 'Anonymous memory in huge pages; KSM has to split them to merge.'),
  meminfo(
    'Hugetlb',
    'Reserved huge pages',
    'RAM set aside as huge pages; neither swapped, nor merged, nor compressed.',
  ),
  meminfo('Committed_AS', 'Committed', 'What has been promised to programs, used or not.'),
  meminfo('CommitLimit', 'Commit limit', 'The most that may be committed when overcommit_memory is 2.'),
  meminfo('SwapTotal', 'Swap', 'Size of all swap devices.', { signal: 'swap.total' }),
  meminfo('SwapFree', 'Swap free', 'Swap slots not taken. A page that zswap keeps takes a slot without being written.'),
  meminfo('Zswap', 'zswap pool', 'RAM that zswap’s compressed pages take.', { doc: 'admin-guide/mm/zswap.html' }),
  meminfo('Zswapped', 'Kept by zswap', 'Size, before compression, of the pages that zswap keeps.', {
    doc: 'admin-guide/mm/zswap.html',
  }),

  vmstat(
    'pswpin',
    'Swap-in',
    'pages',
    'Pages read from swap devices. Loads from zswap are not among them; zram’s are.',
    {
      signal: 'harm.swap-in',
    },
  ),
  vmstat(
    'pswpout',
    'Swap-out',
    'pages',
    'Pages written to swap devices. Stores in zswap are not among them; zram’s are.',
    {
      signal: 'harm.swap-out',
    },
  ),
  vmstat(
    'zswpin',
    'zswap loads',
    'pages',
    'Pages decompressed out of zswap: reads from a swap device that were avoided.',
  ),
  vmstat('zswpout', 'zswap stores', 'pages', 'Pages compressed into zswap: writes to a swap device that were avoided.'),
  vmstat('zswpwb', 'zswap write-back', 'pages', 'Pages that zswap wrote on to the swap device.'),
  vmstat('swpin_zero', 'Zero pages back', 'pages', 'Pages of zeros restored without any read.'),
  vmstat(
    'swpout_zero',
    'Zero pages out',
    'pages',
    'Pages of zeros noted as such: neither zswap nor a device got them.',
  ),
  vmstat('workingset_refault_anon', 'Anonymous refaults', 'pages', 'Program pages needed again soon after eviction.'),
  vmstat('workingset_refault_file', 'File refaults', 'pages', 'Cache pages needed again soon after eviction.'),
  vmstat(
    'workingset_refault',
    'Refaults',
    'pages',
    'Pages needed again soon after eviction, kinds not told apart (< 5.9).',
  ),
  vmstat('pgmajfault', 'Major faults', 'count', 'Page faults that had to wait for a device or for decompression.'),
  vmstat(
    'pgscan_direct',
    'Direct reclaim scans',
    'pages',
    'Pages looked at by programs that had to free memory themselves.',
  ),
  vmstat('pgsteal_direct', 'Direct reclaim', 'pages', 'Pages freed by programs that had to free memory themselves.'),
  vmstat('pgsteal_proactive', 'Proactive reclaim', 'pages', 'Pages freed because somebody wrote to memory.reclaim.'),
  vmstat('oom_kill', 'OOM kills', 'count', 'Processes killed because there was no memory left.', {
    signal: 'harm.oom-kills',
  }),
  vmstat('balloon_inflate', 'Balloon inflated', 'pages', 'Pages this machine’s own balloon gave to its host.'),
  vmstat('balloon_deflate', 'Balloon deflated', 'pages', 'Pages this machine’s own balloon took back.'),
  vmstat(
    'ksm_swpin_copy',
    'Merged pages copied',
    'pages',
    'Merged pages that came back from swap as copies of their own.',
  ),
  vmstat('cow_ksm', 'Merged pages written', 'pages', 'Merged pages that were written to and split again.'),

  vm(
    'swappiness',
    'swappiness',
    'setting',
    'count',
    'How readily program memory is swapped instead of dropping cache; 0 hardly ever.',
  ),
  vm(
    'overcommit_memory',
    'overcommit_memory',
    'setting',
    'count',
    '0 guesses, 1 always grants, 2 refuses beyond CommitLimit.',
  ),
  vm('overcommit_ratio', 'overcommit_ratio', 'setting', 'percent', 'Share of RAM that counts towards CommitLimit.'),
  vm(
    'page-cluster',
    'page-cluster',
    'setting',
    'count',
    'Pages read ahead from swap, as a power of two; 0 suits zram and zswap.',
  ),
  vm(
    'watermark_scale_factor',
    'watermark_scale_factor',
    'setting',
    'count',
    'How early background reclaim starts, in 1/10000 of RAM.',
  ),
  vm(
    'watermark_boost_factor',
    'watermark_boost_factor',
    'setting',
    'count',
    'How much more is reclaimed once memory was found fragmented, in 1/10000; 0 is off.',
  ),
  vm('min_free_kbytes', 'min_free_kbytes', 'setting', 'count', 'RAM the kernel keeps free for itself, in KiB.'),
  thp(
    'enabled',
    'Transparent huge pages',
    'setting',
    'text',
    'Whether anonymous memory may be put into huge pages.',
    'choice',
  ),
  entry('lru_gen.enabled', 'Multi-gen LRU', 'setting', 'text', 'Bits of the multi-generational LRU; 0x0000 is off.', {
    doc: 'admin-guide/mm/multigen_lru.html',
    where: { form: 'word', file: '/sys/kernel/mm/lru_gen/enabled' },
  }),
];

/** /proc/meminfo, /proc/vmstat, /proc/swaps and memory.stat, row by row as the kernel prints them. */
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { anonPages, tablePages, zswapPages } from './charge.ts';
import { labPageSize } from '../corpus.ts';
import { groupStatKeys, meminfoKeys, vmstatKeys } from './table-keys.ts';

type Rows = Readonly<Record<string, number>>;

const whole = (value: number): string => String(Math.max(0, Math.floor(value)));

/** Sums over the guests that several rows need. */
interface Sums {
  readonly resident: number;
  readonly hot: number;
  readonly file: number;
  readonly cached: number;
  readonly sum: (of: (guest: Guest) => number) => number;
}

function sumsOf(host: KvmState): Sums {
  const sum = (of: (guest: Guest) => number): number => host.guests.reduce((so, guest) => so + of(guest), 0);
  return {
    sum,
    resident: sum((guest) => guest.resident),
    hot: sum((guest) => Math.min(guest.resident, guest.wantHot)),
    file: sum((guest) => guest.file),
    cached: sum((guest) => guest.cachedZswap + guest.cachedDevice),
  };
}

/** What of the host's own programs and kernel is what: fixed parts. */
const anonOfBase = 0.7;
const slabOfKernel = 0.5;

export function meminfo(host: KvmState): string {
  const rows = meminfoRows(host);
  let text = '';
  for (const key of meminfoKeys[host.flavour]) {
    const label = `${key}:`.padEnd(16);
    const unit = key.startsWith('HugePages_') ? '' : ' kB';
    text += `${label}${whole(rows[key] ?? 0).padStart(24 - label.length)}${unit}\n`;
  }
  return text;
}

function meminfoRows(host: KvmState): Rows {
  const { managed, base, kernel, zswap, ksm } = host;
  const { resident, hot, file, cached, sum } = sumsOf(host);
  const anon = Math.max(0, resident - ksm.saved) + base * anonOfBase;
  const cache = file + base * (1 - anonOfBase);
  const slab = kernel * slabOfKernel;
  const tables = sum(tablePages);
  const available = Math.max(0, host.free - host.lowMark + cache * 0.5 + slab * 0.25);
  const kib = (pages: number): number => pages * 4;
  return {
    MemTotal: kib(managed),
    MemFree: kib(host.free),
    MemAvailable: kib(available),
    Buffers: 2048,
    Cached: Math.max(0, kib(cache) - 2048),
    SwapCached: kib(cached),
    Active: kib(Math.min(hot, anon) + cache * 0.4),
    Inactive: kib(anon - Math.min(hot, anon) + cache * 0.6),
    'Active(anon)': kib(Math.min(hot, anon)),
    'Inactive(anon)': kib(anon - Math.min(hot, anon)),
    'Active(file)': kib(cache * 0.4),
    'Inactive(file)': kib(cache * 0.6),
    SwapTotal: kib(host.swapPages),
    SwapFree: kib(host.swapPages - host.slots),
    Zswap: kib(zswap.poolPages),
    Zswapped: kib(zswap.stored),
    Dirty: 64,
    AnonPages: kib(anon),
    Mapped: 91_000,
    Shmem: 1880,
    KReclaimable: kib(slab * 0.5),
    Slab: kib(slab),
    SReclaimable: kib(slab * 0.5),
    SUnreclaim: kib(slab * 0.5),
    KernelStack: 6400 + host.guests.length * 160,
    PageTables: kib(tables),
    CommitLimit: kib(host.swapPages + (managed * host.overcommitRatio) / 100),
    Committed_AS: kib(sum(({ promised, running }) => (running ? promised : 0)) + base),
    VmallocTotal: 34_359_738_367,
    VmallocUsed: 31_000,
    Percpu: 4096,
    Hugepagesize: 2048,
    DirectMap4k: 180_000,
    DirectMap2M: kib(managed) > 180_000 ? kib(managed) - 180_000 : 0,
  };
}

export function vmstat(host: KvmState): string {
  const rows = vmstatRows(host);
  let text = '';
  for (const key of vmstatKeys[host.flavour]) text += `${key} ${whole(rows[key] ?? 0)}\n`;
  return text;
}

function vmstatRows(host: KvmState): Rows {
  const { zswap, ksm, base } = host;
  const { resident, hot, file, cached, sum } = sumsOf(host);
  const anon = Math.max(0, resident - ksm.saved) + base * anonOfBase;
  const active = Math.min(hot, anon);
  const cache = file + base * (1 - anonOfBase);
  const { past } = host;
  const swpinZero = past.swpinZero + sum((guest) => guest.group.swpinZero);
  const majorFaults = past.majorFaults + sum((guest) => guest.group.majorFaults);
  const zswpout = zswap.stores;
  const zswpin = zswap.loads;
  return {
    nr_free_pages: host.free,
    nr_zone_inactive_anon: anon - active,
    nr_zone_active_anon: active,
    nr_zone_inactive_file: cache * 0.6,
    nr_zone_active_file: cache * 0.4,
    nr_zspages: zswap.zpool === 'zsmalloc' ? zswap.poolPages : 0,
    numa_hit: host.faults + host.stolenAnon + host.stolenFile,
    numa_local: host.faults + host.stolenAnon + host.stolenFile,
    nr_inactive_anon: anon - active,
    nr_active_anon: active,
    nr_inactive_file: cache * 0.6,
    nr_active_file: cache * 0.4,
    nr_slab_reclaimable: host.kernel * slabOfKernel * 0.5,
    nr_slab_unreclaimable: host.kernel * slabOfKernel * 0.5,
    // Every page that comes back was remembered: zswap's, the device's and the zero pages of 6.12.
    workingset_refault_anon: zswpin + host.pswpin + swpinZero,
    workingset_refault_file: past.refaultFile + sum((guest) => guest.group.refaultFile),
    nr_anon_pages: anon,
    nr_mapped: 22_750,
    nr_file_pages: cache + cached,
    nr_shmem: 470,
    nr_vmscan_write: zswpout + host.pswpout,
    nr_written: host.pswpout + host.writtenKiB / 4,
    nr_kernel_stack: 6400 + host.guests.length * 160,
    nr_page_table_pages: sum(tablePages),
    nr_swapcached: cached,
    pgpgin: host.readKiB,
    pgpgout: host.writtenKiB,
    pswpin: host.pswpin,
    pswpout: host.pswpout,
    pgalloc_normal: host.faults + host.stolenAnon + host.stolenFile,
    allocstall_movable: host.stolenDirect / 32,
    pgfree: host.stolenAnon + host.stolenFile,
    pgfault: host.faults + majorFaults,
    pgmajfault: majorFaults,
    pgsteal_kswapd: host.stolenAnon + host.stolenFile - Math.min(host.stolenDirect, host.stolenAnon + host.stolenFile),
    pgsteal_direct: host.stolenDirect,
    pgscan_kswapd:
      host.scannedAnon + host.scannedFile - Math.min(host.scannedDirect, host.scannedAnon + host.scannedFile),
    pgscan_direct: host.scannedDirect,
    pgscan_anon: host.scannedAnon,
    pgscan_file: host.scannedFile,
    pgsteal_anon: host.stolenAnon,
    pgsteal_file: host.stolenFile,
    pageoutrun: host.reclaimRuns,
    oom_kill: host.oomKills,
    swap_ra: host.readAhead,
    swap_ra_hit: host.readAhead * 0.97,
    swpin_zero: swpinZero,
    swpout_zero: past.swpoutZero + sum((guest) => guest.group.swpoutZero),
    cow_ksm: ksm.cowed,
    zswpin,
    zswpout,
    zswpwb: zswap.writtenBack,
  };
}

export function swaps(host: KvmState): string {
  let text = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  if (host.swapPages === 0) return text;
  const size = host.swapPages * 4;
  const used = host.slots * 4;
  const column = (kib: number): string => `${String(kib)}\t${kib < 10_000_000 ? '\t' : ''}`;
  text += `${'/dev/vdb'.padEnd(40)}partition\t${column(size)}${column(used)}-2\n`;
  return text;
}

export function groupStat(host: KvmState, guest: Guest): string {
  const rows = groupStatRows(host, guest);
  let text = '';
  for (const key of groupStatKeys[host.flavour]) {
    const value = rows[key];
    text += value === undefined ? `${key} 0\n` : `${key} ${whole(value)}\n`;
  }
  return text;
}

function groupStatRows(host: KvmState, guest: Guest): Rows {
  const size = labPageSize;
  const anon = anonPages(host, guest);
  const active = Math.min(anon, guest.wantHot);
  const copies = host.facts.frontswap ? guest.cachedZswap : 0;
  return {
    anon: anon * size,
    file: guest.file * size,
    kernel: (zswapPages(guest) + tablePages(guest)) * size,
    kernel_stack: 163_840,
    pagetables: tablePages(guest) * size,
    percpu: 1728,
    zswap: guest.zswapBytes,
    zswapped: (guest.zswapped + copies) * size,
    file_mapped: 0,
    swapcached: (guest.cachedZswap + guest.cachedDevice) * size,
    inactive_anon: (anon - active) * size,
    active_anon: active * size,
    inactive_file: Math.floor(guest.file * 0.6) * size,
    active_file: (guest.file - Math.floor(guest.file * 0.6)) * size,
    slab_unreclaimable: 21_400,
    slab: 21_400,
    workingset_refault_anon: guest.group.zswpin + guest.group.pswpin + guest.group.swpinZero,
    workingset_refault_file: guest.group.refaultFile,
    pgscan: guest.group.scanned + guest.group.scannedDirect,
    pgsteal: guest.group.stolen,
    pgscan_kswapd: guest.group.scanned,
    pgscan_direct: guest.group.scannedDirect,
    pgsteal_kswapd: guest.group.stolen - Math.min(guest.group.stolen, guest.group.stolenDirect),
    pgsteal_direct: Math.min(guest.group.stolen, guest.group.stolenDirect),
    pgfault: guest.group.faults + guest.group.majorFaults,
    pgmajfault: guest.group.majorFaults,
    swpin_zero: guest.group.swpinZero,
    swpout_zero: guest.group.swpoutZero,
    zswpin: guest.group.zswpin,
    zswpout: guest.group.zswpout,
    zswpwb: guest.group.zswpwb,
  };
}

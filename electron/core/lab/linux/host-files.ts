/** The host's own files: how each reads, and what writing it does. One table; a file that is not in it is not there. */
import type { WriteOutcome } from '../machine.ts';
import type { KvmState } from './kvm-state.ts';
import { flag, invalid, missing, ok, refused, unsigned } from './settings.ts';
import { storedSizes } from './page-sizes.ts';
import { meminfo, swaps, vmstat } from './tables.ts';
import { ksmFiles } from './ksm-files.ts';

export interface LabFile {
  read(): string | undefined;
  /** Absent where the file has no write permission. */
  write?(value: string): WriteOutcome;
}

export const yesNo = (on: boolean): string => (on ? 'Y\n' : 'N\n');
export const line = (value: number | string): string => `${String(value)}\n`;

export function hostFiles(host: KvmState): ReadonlyMap<string, LabFile> {
  const files = new Map<string, LabFile>([
    ['/proc/meminfo', { read: () => meminfo(host) }],
    ['/proc/vmstat', { read: () => vmstat(host) }],
    ['/proc/swaps', { read: () => swaps(host) }],
    ['/proc/uptime', { read: () => uptime(host) }],
    ['/proc/version', { read: () => line(host.facts.version) }],
    [
      '/proc/cmdline',
      {
        read: () =>
          `BOOT_IMAGE=/boot/vmlinuz-${host.facts.release} root=/dev/vda1 ro quiet${host.pressureOff ? ' psi=0' : ''}\n`,
      },
    ],
    ['/proc/sys/kernel/random/boot_id', { read: () => line(host.bootId) }],
    ['/proc/sys/kernel/hostname', { read: () => line(host.name) }],
    ['/etc/os-release', { read: () => host.facts.osRelease }],
    ['/sys/class/dmi/id/product_uuid', { read: () => line(host.productUuid) }],
    ['/sys/fs/cgroup/cgroup.controllers', { read: () => 'cpuset cpu io memory hugetlb pids rdma misc\n' }],
    ['/sys/kernel/mm/lru_gen/enabled', { read: () => line(host.facts.lruGen) }],
    ['/sys/kernel/mm/transparent_hugepage/enabled', transparentHugePages(host)],
  ]);
  // A kernel booted with psi=0 has no /proc/pressure at all.
  if (!host.pressureOff) files.set('/proc/pressure/memory', { read: () => host.stall.text() });
  for (const [path, file] of [...vmFiles(host), ...zswapFiles(host), ...counterFiles(host), ...ksmFiles(host)]) {
    files.set(path, file);
  }
  return files;
}

function uptime(host: KvmState): string {
  const seconds = host.age / 1000;
  return `${seconds.toFixed(2)} ${(seconds * 6.4).toFixed(2)}\n`;
}

const thpChoices = ['always', 'madvise', 'never'];

function transparentHugePages(host: KvmState): LabFile {
  return {
    read: () => `${thpChoices.map((choice) => (choice === host.thp ? `[${choice}]` : choice)).join(' ')}\n`,
    write: (value) => {
      if (!thpChoices.includes(value.trim())) return invalid;
      host.thp = value.trim();
      return ok;
    },
  };
}

type Numbers<Of> = { [Key in keyof Of]: Of[Key] extends number ? Key : never }[keyof Of];

/** A setting that is one number in a range. */
export function numberFile<Of>(of: Of, key: Numbers<Of>, least: number, most: number): LabFile {
  return {
    read: () => line(of[key] as number),
    write: (value) => {
      const number = unsigned(value, most);
      if (number === undefined || number < least) return invalid;
      (of as Record<Numbers<Of>, number>)[key] = number;
      return ok;
    },
  };
}

function vmFiles(host: KvmState): readonly [string, LabFile][] {
  const at = (name: string): string => `/proc/sys/vm/${name}`;
  return [
    [at('swappiness'), numberFile(host, 'swappiness', 0, 200)],
    [at('overcommit_memory'), numberFile(host, 'overcommitMemory', 0, 2)],
    [at('overcommit_ratio'), numberFile(host, 'overcommitRatio', 0, 2 ** 31 - 1)],
    [at('page-cluster'), numberFile(host, 'pageCluster', 0, 31)],
    [at('watermark_scale_factor'), watermarkScale(host)],
    [at('watermark_boost_factor'), numberFile(host, 'watermarkBoost', 0, 2 ** 31 - 1)],
    [at('min_free_kbytes'), minimumFile(host)],
  ];
}

function watermarkScale(host: KvmState): LabFile {
  const file = numberFile(host, 'watermarkScale', 1, 3000);
  return {
    read: () => file.read(),
    write: (value) => {
      const done = file.write?.(value) ?? invalid;
      host.setMinimum(host.minimum);
      return done;
    },
  };
}

/** What is written reads back to the KiB, though the kernel keeps pages of it. */
function minimumFile(host: KvmState): LabFile {
  let written: number | undefined;
  return {
    read: () => line(written ?? host.minimum * 4),
    write: (value) => {
      const kib = unsigned(value, 2 ** 31 - 1);
      if (kib === undefined) return invalid;
      written = kib;
      host.setMinimum(Math.ceil(kib / 4));
      return ok;
    },
  };
}

function zswapFiles(host: KvmState): readonly [string, LabFile][] {
  const { zswap, facts } = host;
  const at = (name: string): string => `/sys/module/zswap/parameters/${name}`;
  const files: [string, LabFile][] = [
    [at('enabled'), { read: () => yesNo(zswap.enabled), write: (value) => enable(host, value) }],
    [at('compressor'), nameFile(host, 'compressor', facts.compressors)],
    [at('zpool'), nameFile(host, 'zpool', facts.zpools)],
    // As observed: any number is taken, 0 and 101 as well.
    [at('max_pool_percent'), numberFile(zswap, 'maxPoolPercent', 0, 0xffff_ffff)],
    [at('accept_threshold_percent'), numberFile(zswap, 'acceptThreshold', 0, 0xffff_ffff)],
  ];
  const switches = facts.frontswap
    ? ([
        ['same_filled_pages_enabled', 'sameFilledEnabled'],
        ['non_same_filled_pages_enabled', 'nonSameFilledEnabled'],
      ] as const)
    : ([['shrinker_enabled', 'shrinker']] as const);
  for (const [name, key] of switches) {
    files.push([
      at(name),
      { read: () => yesNo(zswap[key]), write: (value) => setFlag(value, (on) => (zswap[key] = on)) },
    ]);
  }
  return files;
}

export function setFlag(value: string, set: (on: boolean) => void): WriteOutcome {
  const on = flag(value);
  if (on === undefined) return invalid;
  set(on);
  return ok;
}

function enable(host: KvmState, value: string): WriteOutcome {
  const { zswap, facts } = host;
  return setFlag(value, (on) => {
    if (on && !facts.compressors.includes(zswap.compressor)) {
      say(host, `zswap: compressor ${zswap.compressor} not available, using default lzo`);
      zswap.compressor = 'lzo';
    }
    if (on && !facts.zpools.includes(zswap.zpool)) {
      say(host, `zswap: zpool ${zswap.zpool} not available, using default ${facts.zpool}`);
      zswap.zpool = facts.zpool;
    }
    zswap.enabled = on;
    zswap.started ||= on;
    resize(host);
  });
}

/** 6.12 takes any text before zswap is first switched on; once it runs, and always on 6.1, the name has to exist. */
function nameFile(host: KvmState, key: 'compressor' | 'zpool', known: readonly string[]): LabFile {
  const { zswap, facts } = host;
  return {
    read: () => line(zswap[key]),
    write: (value) => {
      const name = value.trim();
      if (name.length > 63) return refused('ENOSPC');
      if (!known.includes(name) && (facts.frontswap || zswap.started)) {
        say(host, `zswap: ${key} ${name} not available`);
        return missing;
      }
      zswap[key] = name;
      // The kernel loads the module of a name it is given.
      if (facts.modules.includes(name) && known.includes(name)) host.modules.add(name);
      resize(host);
      return ok;
    },
  };
}

/** What guests store from now on takes the room that the new compressor and allocator give it. */
function resize({ guests, zswap }: KvmState): void {
  for (const guest of guests) guest.sizes = storedSizes(guest.mix, zswap.compressor, zswap.zpool);
}

export function say(host: KvmState, words: string): void {
  host.log.push(`[${(host.age / 1000).toFixed(6).padStart(12)}] ${words}`);
  if (host.log.length > 200) host.log.shift();
}

function counterFiles(host: KvmState): readonly [string, LabFile][] {
  const { zswap, facts } = host;
  // 6.12 makes the directory when zswap is first switched on.
  const counter = (name: string, of: () => number): [string, LabFile] => [
    `/sys/kernel/debug/zswap/${name}`,
    { read: () => (facts.frontswap || zswap.started ? line(Math.floor(of())) : undefined) },
  ];
  const both = [
    counter('pool_limit_hit', () => zswap.poolLimitHit),
    counter('pool_total_size', () => zswap.poolPages * 4096),
    counter('reject_alloc_fail', () => 0),
    counter('reject_compress_poor', () => zswap.rejectCompressPoor),
    counter('reject_kmemcache_fail', () => 0),
    counter('reject_reclaim_fail', () => zswap.rejectReclaimFail),
    counter('stored_pages', () => zswap.stored),
    counter('written_back_pages', () => zswap.writtenBack),
  ];
  if (!facts.frontswap) return [...both, counter('reject_compress_fail', () => zswap.rejectCompressFail)];
  const frontswap = (name: string, of: () => number): [string, LabFile] => [
    `/sys/kernel/debug/frontswap/${name}`,
    { read: () => line(of()) },
  ];
  return [
    ...both,
    counter('duplicate_entry', () => 0),
    counter('same_filled_pages', () => zswap.sameFilled),
    frontswap('failed_stores', () => zswap.failedStores),
    frontswap('invalidates', () => zswap.invalidates),
    frontswap('loads', () => zswap.loads),
    frontswap('succ_stores', () => zswap.stores),
  ];
}

/**
 * What the agent may read for this platform: an explicit list. Nothing here can be widened by the host: names of
 * files are written out, and a `*` stands for one directory only. Never listed: /sys/class/zram-control (reading
 * hot_add creates a device), write-only files (mem_limit, memory.reclaim), block_state (megabytes).
 */
import type { FileSet, GroupSet } from '../platform.ts';
import { hostEntries } from './catalogue.ts';
import { groupStatCounters, groupStatLevels } from './catalogue/cgroup.ts';

/** Files of the host's entries below a directory: the catalogue is the list. */
function filesBelow(...directories: readonly string[]): readonly string[] {
  return hostEntries.flatMap(({ where }) =>
    where && 'file' in where && directories.some((directory) => where.file.startsWith(directory)) ? [where.file] : [],
  );
}

export const zramFiles = [
  'mm_stat',
  'io_stat',
  'bd_stat',
  'disksize',
  'comp_algorithm',
  'initstate',
  'backing_dev',
] as const;

const host: FileSet = {
  kind: 'files',
  name: 'mainline.host',
  every: 'tick',
  files: [
    '/proc/meminfo',
    '/proc/vmstat',
    '/proc/swaps',
    '/proc/pressure/memory',
    ...filesBelow('/sys/module/zswap/', '/sys/kernel/debug/', '/sys/kernel/mm/ksm/'),
    ...zramFiles.map((name) => `/sys/block/zram*/${name}`),
  ],
};

const facts: FileSet = {
  kind: 'files',
  name: 'mainline.facts',
  every: 'connect',
  files: [
    '/proc/version',
    '/proc/cmdline',
    '/etc/os-release',
    '/sys/class/dmi/id/product_uuid',
    '/sys/fs/cgroup/cgroup.controllers',
    '/sys/fs/cgroup/memory/memory.usage_in_bytes',
  ],
};

/** Settings of the whole host that a person or a plan may change while it runs. */
const settings: FileSet = {
  kind: 'files',
  name: 'mainline.settings',
  every: 'minute',
  files: filesBelow('/proc/sys/vm/', '/sys/kernel/mm/transparent_hugepage/', '/sys/kernel/mm/lru_gen/'),
};

/**
 * Where guests live below the root of the control groups: libvirt with systemd-machined (also podman and nspawn),
 * libvirt without it, Proxmox' machines and containers, LXC and LXD, docker under systemd.
 */
export const guestPlaces = [
  'machine.slice/*.scope',
  'machine.slice/*.libvirt-qemu',
  'machine/*.libvirt-qemu',
  'machine/*.libvirt-lxc',
  'qemu.slice/*.scope',
  'lxc/*',
  'lxc.payload.*',
  'system.slice/docker-*.scope',
] as const;

export const guestRoots = ['/sys/fs/cgroup/', '/sys/fs/cgroup/memory/'] as const;

const guestDirs = guestPlaces.map((place) => `${guestRoots[0]}${place}`);

/** Rows of memory.stat are asked for by their own name. */
const statKeys = [...groupStatLevels, ...groupStatCounters].map(({ id }) => id.slice('cgroup.memory.stat.'.length));

const guests: GroupSet = {
  kind: 'groups',
  name: 'mainline.guests',
  every: 'tick',
  dirs: guestDirs,
  leaves: [
    'memory.current',
    'memory.swap.current',
    'memory.zswap.current',
    'memory.pressure',
    'memory.events',
    'memory.stat',
  ],
  keys: statKeys,
};

const limits: GroupSet = {
  kind: 'groups',
  name: 'mainline.limits',
  every: 'minute',
  dirs: guestDirs,
  leaves: [
    'memory.max',
    'memory.high',
    'memory.low',
    'memory.min',
    'memory.swap.max',
    'memory.zswap.max',
    'memory.zswap.writeback',
  ],
  keys: [],
};

/** Hosts that still run the memory controller of cgroup v1: two numbers per guest are all that can be had. */
const guestsV1: GroupSet = {
  kind: 'groups',
  name: 'mainline.guests-v1',
  every: 'tick',
  dirs: guestPlaces.map((place) => `${guestRoots[1]}${place}`),
  leaves: ['memory.usage_in_bytes', 'memory.memsw.usage_in_bytes'],
  keys: [],
};

export const sets: readonly (FileSet | GroupSet)[] = [host, guests, limits, guestsV1, settings, facts];

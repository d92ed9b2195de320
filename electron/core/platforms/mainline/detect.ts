/**
 * How much of this platform a host has, and why, as sentences for an operator. What is missing to read everything
 * makes it partial; what is off or set unwisely is said as well, and does not.
 */
import type { Detection, Evidence, FileText } from '../platform.ts';
import { parseFlag, parseNumber } from '../kernel/single.ts';
import { parseMeminfo } from '../kernel/table.ts';
import { parseSwaps } from '../kernel/swaps.ts';
import { findGroups } from './guests/groups.ts';
import { readDomains } from './guests/libvirt.ts';
import { readProxmox } from './guests/proxmox.ts';
import { readQemu } from './guests/qemu.ts';

const zswapEnabled = '/sys/module/zswap/parameters/enabled';
const ksmRun = '/sys/kernel/mm/ksm/run';
const psi = '/proc/pressure/memory';
const ownPlaces = ['/proc/meminfo', '/proc/vmstat', '/proc/swaps', psi, '/sys/module/zswap/', '/sys/kernel/mm/ksm/'];
const counterPlaces = ['/sys/kernel/debug/zswap/', '/sys/kernel/debug/frontswap/', '/sys/kernel/debug/cleancache/'];

export function detect(evidence: Evidence): Detection {
  const look = new Look(evidence);
  const groups = findGroups(evidence);
  if (
    !ownPlaces.some((place) => look.has(place)) &&
    !counterPlaces.some((place) => look.has(place)) &&
    groups.length === 0
  ) {
    return { presence: 'none', because: ['Nothing that Linux says about its memory could be read here.'] };
  }
  const missing = [...missingBasics(look), ...missingCounters(look), ...missingGroups(look, groups)];
  const found = [
    ...zswapState(look),
    ...zramState(look),
    ...ksmState(look),
    ...swapState(look),
    ...frontswapState(look),
  ];
  return {
    presence: missing.length === 0 ? 'full' : 'partial',
    because: [...missing, ...found, guestSentence(evidence)],
  };
}

/** Questions to the evidence; a file that was not asked for is neither there nor absent. */
class Look {
  readonly evidence: Evidence;
  private readonly paths: readonly string[];

  constructor(evidence: Evidence) {
    this.evidence = evidence;
    this.paths = [...evidence.files.keys()];
  }

  file(path: string): FileText | undefined {
    return this.evidence.files.get(path);
  }

  /** A file, or with a final `/` any file below it. */
  has(path: string): boolean {
    return path.endsWith('/') ? this.paths.some((known) => known.startsWith(path)) : this.evidence.files.has(path);
  }

  why(prefix: string): 'absent' | 'refused' | 'failed' | undefined {
    for (const [path, { why }] of this.evidence.unread) if (path.startsWith(prefix)) return why;
    return undefined;
  }

  on(path: string): boolean | undefined {
    const file = this.file(path);
    const flag = file && parseFlag(file, []);
    return flag === undefined ? undefined : flag === 1;
  }

  number(path: string): number | undefined {
    const file = this.file(path);
    return file && parseNumber(file, []);
  }
}

function missingBasics(look: Look): string[] {
  const missing: string[] = [];
  for (const path of ['/proc/meminfo', '/proc/vmstat']) {
    if (!look.has(path)) missing.push(`${path} is missing: what the host’s memory does cannot be told without it.`);
  }
  if (look.has(psi)) return missing;
  missing.push(
    look.why(psi) === undefined
      ? `${psi} was not read: how long tasks wait for memory is unknown.`
      : `Pressure figures (PSI) are off: what overcommit costs cannot be measured. Boot with psi=1; kernels before 4.20 have none.`,
  );
  return missing;
}

function missingCounters(look: Look): string[] {
  if (counterPlaces.some((place) => look.has(place))) return [];
  const why = counterPlaces.map((place) => look.why(place)).find((word) => word !== undefined);
  if (why === 'refused') {
    return [
      'The counters below /sys/kernel/debug are for root only: rejected pages, write-back and frontswap are unknown. Log in as root or allow the agent through sudo.',
    ];
  }
  if (why === 'absent' && look.on(zswapEnabled) === true) {
    return ['zswap is on, but /sys/kernel/debug/zswap is not there: mount debugfs to see its counters.'];
  }
  return [];
}

function missingGroups(look: Look, groups: ReturnType<typeof findGroups>): string[] {
  if (groups.some(({ version }) => version === 2)) return [];
  const controllers = look.file('/sys/fs/cgroup/cgroup.controllers')?.text.split(/\s+/);
  if (controllers?.includes('memory')) return [];
  const v1 = groups.length > 0 || look.has('/sys/fs/cgroup/memory/');
  if (v1) {
    return [
      'The memory controller runs as cgroup v1: a guest’s compressed memory and pressure are unknown. Boot with systemd.unified_cgroup_hierarchy=1 to have them.',
    ];
  }
  if (controllers)
    return ['cgroup v2 is mounted without its memory controller: what guests cost is known from their processes only.'];
  if (look.has('/sys/fs/cgroup/')) return [];
  return look.why('/sys/fs/cgroup/') === undefined
    ? ['No control group was read: what single guests cost is not known from here.']
    : ['There is no cgroup v2 here: what guests cost is known from their processes only.'];
}

function zswapState(look: Look): string[] {
  const on = look.on(zswapEnabled);
  if (on === true) return ['zswap is on.'];
  if (on === false)
    return ['zswap is off: swapped pages go to the device uncompressed. It can be switched on while the host runs.'];
  return look.why(zswapEnabled) === undefined ? [] : ['This kernel is built without zswap.'];
}

function zramState(look: Look): string[] {
  const swaps = swapsOf(look)?.filter(({ name }) => /^\/dev\/zram\d+$/.test(name)) ?? [];
  if (swaps.length === 0) return [];
  const names = swaps.map(({ name }) => name.slice('/dev/'.length)).join(', ');
  return look.on(zswapEnabled) === true
    ? [
        `zswap is on in front of zram swap (${names}): pages are compressed twice. Use one of them: switch zswap off, or swap to a real device.`,
      ]
    : [
        `Swap is compressed in RAM by zram (${names}); its figures are in pswpin and pswpout, which are then no disk traffic.`,
      ];
}

function ksmState(look: Look): string[] {
  const run = look.number(ksmRun);
  if (run === 1) return ['KSM merges equal pages.'];
  if (run === undefined) return look.why(ksmRun) === undefined ? [] : ['This kernel is built without KSM.'];
  return (look.number('/sys/kernel/mm/ksm/pages_sharing') ?? 0) > 0
    ? ['KSM is stopped and keeps what it has merged.']
    : ['KSM is off: equal pages of guests are kept once for each.'];
}

function swapsOf(look: Look) {
  const file = look.file('/proc/swaps');
  return file && parseSwaps(file, []);
}

function swapState(look: Look): string[] {
  const said: string[] = [];
  const swaps = swapsOf(look);
  const meminfo = look.file('/proc/meminfo');
  const total = swaps === undefined && meminfo ? parseMeminfo(meminfo, []).get('SwapTotal')?.value : undefined;
  if (swaps?.length === 0 || total === 0) {
    said.push(
      'There is no swap device: zswap and frontswap cannot keep anything, as every page they take needs a slot. Add swap first.',
    );
  }
  for (const { name, deleted } of swaps ?? []) {
    if (deleted) said.push(`The swap device ${name} is gone while in use; its line stays until the next boot.`);
  }
  if (look.number('/proc/sys/vm/swappiness') === 0) {
    said.push(
      'vm.swappiness is 0: program memory is hardly ever swapped, so compression has little to do. 60 is the kernel’s default.',
    );
  }
  return said;
}

function frontswapState(look: Look): string[] {
  const there = ['frontswap', 'cleancache'].filter((name) => look.has(`/sys/kernel/debug/${name}/`));
  return there.length === 0 ? [] : [`This kernel has ${there.join(' and ')}.`];
}

function guestSentence(evidence: Evidence): string {
  const seen: string[] = [];
  const groups = findGroups(evidence).length;
  const domains = readDomains(evidence).filter(({ running }) => running).length;
  const proxmox = readProxmox(evidence).size;
  const processes = readQemu(evidence).length;
  if (groups > 0) seen.push(`${String(groups)} in control groups`);
  if (domains > 0) seen.push(`${String(domains)} running under libvirt`);
  if (proxmox > 0) seen.push(`${String(proxmox)} configured in Proxmox`);
  if (processes > 0) seen.push(processes === 1 ? 'one QEMU process' : `${String(processes)} QEMU processes`);
  return seen.length === 0 ? 'No guests were found.' : `Guests were found: ${seen.join(', ')}.`;
}

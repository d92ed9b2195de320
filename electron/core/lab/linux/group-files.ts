/** The control group of one guest, as systemd-machined makes it: the leaves' texts, and what writing a limit does. */
import { labPageSize } from '../corpus.ts';
import type { WriteOutcome } from '../machine.ts';
import { chargedPages } from './charge.ts';
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { reclaimGuest } from './reclaim.ts';
import { denied, invalid, limitPages, memparse, missing, ok, refused } from './settings.ts';
import { groupStat } from './tables.ts';

export const groupRoot = '/sys/fs/cgroup/machine.slice';

/** `machine-qemu\x2d7\x2ddb1.scope`: systemd escapes what is no letter, digit, `_`, `:` or `.`. */
export function scopeOf({ domainId, name }: Guest): string {
  const escaped = name.replace(/[^A-Za-z0-9_:.]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `machine-qemu\\x2d${String(domainId)}\\x2d${escaped}.scope`;
}

const bytes = (pages: number): string => (pages === Infinity ? 'max\n' : `${String(pages * labPageSize)}\n`);

/** undefined when this kernel has no such leaf. */
export function readLeaf(host: KvmState, guest: Guest, leaf: string): string | undefined {
  switch (leaf) {
    case 'memory.current':
      return bytes(chargedPages(host, guest));
    case 'memory.peak':
      return bytes(Math.max(guest.group.peak, chargedPages(host, guest)));
    case 'memory.swap.current':
      return bytes(guest.slots);
    case 'memory.swap.peak':
      return host.facts.frontswap ? undefined : bytes(Math.max(guest.group.swapPeak, guest.slots));
    case 'memory.zswap.current':
      return `${String(Math.floor(guest.zswapBytes))}\n`;
    case 'memory.pressure':
      return host.pressureOff ? undefined : guest.group.stall.text();
    case 'memory.stat':
      return groupStat(host, guest);
    case 'memory.events':
    case 'memory.events.local':
      return `low ${String(guest.group.eventsLow)}\nhigh ${String(guest.group.eventsHigh)}\nmax ${String(guest.group.eventsMax)}\noom ${String(guest.group.eventsOom)}\noom_kill ${String(guest.group.eventsOomKill)}\noom_group_kill 0\n`;
    case 'memory.swap.events':
      return `high 0\nmax ${String(guest.group.swapMaxHit)}\nfail ${String(guest.group.swapFail)}\n`;
    case 'memory.max':
      return bytes(guest.group.max);
    case 'memory.high':
      return bytes(guest.group.high);
    case 'memory.low':
      return bytes(guest.group.low);
    case 'memory.min':
      return bytes(guest.group.min);
    case 'memory.swap.max':
      return bytes(guest.group.swapMax);
    case 'memory.swap.high':
      return bytes(guest.group.swapHigh);
    case 'memory.zswap.max':
      return guest.group.zswapMax === Infinity ? 'max\n' : `${String(guest.group.zswapMax)}\n`;
    case 'memory.zswap.writeback':
      return host.facts.frontswap ? undefined : guest.group.writeback ? '1\n' : '0\n';
    case 'memory.oom.group':
      return '0\n';
    case 'cgroup.procs':
      return `${String(guest.pid)}\n`;
    default:
      return undefined;
  }
}

const limits = {
  'memory.max': 'max',
  'memory.high': 'high',
  'memory.low': 'low',
  'memory.min': 'min',
  'memory.swap.max': 'swapMax',
  'memory.swap.high': 'swapHigh',
} as const;

export function writeLeaf(host: KvmState, guest: Guest, leaf: string, value: string): WriteOutcome {
  if (Object.hasOwn(limits, leaf)) {
    const pages = limitPages(value, labPageSize);
    if (pages === undefined) return invalid;
    guest.group[limits[leaf as keyof typeof limits]] = pages;
    return ok;
  }
  if (leaf === 'memory.zswap.max') return setZswapMax(guest, value);
  if (leaf === 'memory.zswap.writeback' && !host.facts.frontswap) {
    const number = value.trim();
    if (number !== '0' && number !== '1') return invalid;
    guest.group.writeback = number === '1';
    return ok;
  }
  if (leaf === 'memory.reclaim') return reclaimNow(host, guest, value);
  return readLeaf(host, guest, leaf) === undefined ? missing : denied;
}

/** Lowering it trims nothing: only new pages are refused. */
function setZswapMax(guest: Guest, value: string): WriteOutcome {
  const pages = limitPages(value, labPageSize);
  if (pages === undefined) return invalid;
  guest.group.zswapMax = pages === Infinity ? Infinity : pages * labPageSize;
  return ok;
}

/** `512M`, or with `swappiness=N` behind it; EAGAIN when less than that could be had. */
function reclaimNow(host: KvmState, guest: Guest, value: string): WriteOutcome {
  const wanted = memparse(value.trim().split(/\s+/)[0] ?? '');
  if (wanted === undefined || wanted === Infinity) return invalid;
  const pages = Math.floor(wanted / labPageSize);
  return reclaimGuest(host, guest, pages) >= pages ? ok : refused('EAGAIN');
}

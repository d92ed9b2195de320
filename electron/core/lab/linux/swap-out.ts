/**
 * Where a guest's pages go when they leave RAM, and how they come back: the swap map's zero marks (Linux 6.12), zswap,
 * the device (docs/domain.md 4.1). Called by reclaim.ts and faults.ts; counts are whole pages and never more than there
 * are.
 */
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';

/** @returns how many pages of RAM were freed; less than asked for where slots, limits or write-back=0 are in the way */
export function swapOut(host: KvmState, guest: Guest, count: number): number {
  const wanted = Math.min(count, guest.resident);
  const clean = dropClean(host, guest, wanted);
  // On 6.12 a page that came back from zswap has left it, and still has its slot.
  const slotted = host.facts.frontswap ? 0 : Math.min(guest.cachedZswap, wanted - clean);
  guest.cachedZswap -= slotted;
  host.slots -= slotted;
  const fresh = openSlots(host, guest, wanted - clean);
  const gone = sendOut(host, guest, fresh);
  guest.resident -= gone;
  host.slots += gone;
  return clean + gone;
}

/** Pages whose copy in swap is still good are dropped, and cost nothing. */
function dropClean(host: KvmState, guest: Guest, wanted: number): number {
  const device = Math.min(guest.cachedDevice, wanted);
  guest.cachedDevice -= device;
  guest.onDevice += device;
  const kept = host.facts.frontswap ? Math.min(guest.cachedZswap, wanted - device) : 0;
  guest.cachedZswap -= kept;
  guest.zswapped += kept;
  guest.resident -= device + kept;
  return device + kept;
}

function openSlots(host: KvmState, guest: Guest, wanted: number): number {
  const own = Math.max(0, guest.group.swapMax - guest.slots);
  if (own < wanted) guest.group.swapMaxHit++;
  const open = Math.min(wanted, own, Math.max(0, host.swapPages - host.slots));
  if (open < wanted) guest.group.swapFail += wanted - open;
  return open;
}

function sendOut(host: KvmState, guest: Guest, count: number): number {
  if (count <= 0) return 0;
  guest.owedZero += count * guest.sizes.zeroShare;
  const zero = Math.min(count, Math.floor(guest.owedZero));
  guest.owedZero = Math.min(1, guest.owedZero - zero);
  const { zswap } = host;
  const marked = host.facts.frontswap ? 0 : zero;
  guest.marked += marked;
  guest.group.swpoutZero += marked;
  const offered = count - marked;
  const kept = zswap.store(guest, zero - marked, offered - (zero - marked), host.managed);
  guest.zswapped += kept;
  const written = guest.group.writeback ? offered - kept : 0;
  guest.onDevice += written;
  host.pswpout += written;
  host.writtenKiB += written * 4;
  return marked + kept + written;
}

/** Old pages of zswap on to the device. @returns how many */
export function writeBack(host: KvmState, guest: Guest, count: number): number {
  if (!guest.group.writeback) return 0;
  const moved = Math.min(count, guest.zswapped);
  if (moved <= 0) return 0;
  host.zswap.writeBack(guest, moved, zswapEntries(host, guest));
  guest.zswapped -= moved;
  guest.onDevice += moved;
  host.pswpout += moved;
  host.writtenKiB += moved * 4;
  return moved;
}

/** Pages of the guest in zswap; on 6.1 copies of those that are resident again are among them. */
export const zswapEntries = (host: KvmState, guest: Guest): number =>
  host.facts.frontswap ? guest.zswapped + guest.cachedZswap : guest.zswapped;

/** Brings pages back, from wherever they are in equal parts. RAM for them has been found. */
export function swapIn(host: KvmState, guest: Guest, count: number): void {
  const out = guest.out;
  if (out === 0 || count === 0) return;
  const marked = Math.min(guest.marked, Math.floor((count * guest.marked) / out));
  const zswapped = Math.min(guest.zswapped, Math.ceil((count * guest.zswapped) / out), count - marked);
  const device = Math.min(guest.onDevice, count - marked - zswapped);
  if (zswapped > 0) {
    host.zswap.load(guest, zswapped);
    guest.zswapped -= zswapped;
    guest.cachedZswap += zswapped;
  }
  guest.marked -= marked;
  guest.group.swpinZero += marked;
  host.slots -= marked;
  guest.onDevice -= device;
  guest.cachedDevice += device;
  guest.group.pswpin += device;
  host.pswpin += device;
  host.readKiB += device * 4;
  const back = marked + zswapped + device;
  guest.resident += back;
  const ahead = back - Math.ceil(back / 2 ** Math.min(3, host.pageCluster));
  host.readAhead += ahead;
  guest.group.majorFaults += back - ahead;
  guest.lost += zswapped * 12e-6 + (device - Math.floor(device / 2)) * 180e-6;
}

/** Slots of pages that were written to again are freed, and with them the copies. */
export function freeCached(host: KvmState, guest: Guest, share: number): void {
  const zswapped = Math.ceil(guest.cachedZswap * share);
  const device = Math.ceil(guest.cachedDevice * share);
  if (zswapped > 0) {
    if (host.facts.frontswap) host.zswap.drop(guest, zswapped, zswapEntries(host, guest));
    guest.cachedZswap -= zswapped;
  }
  guest.cachedDevice -= device;
  host.slots -= zswapped + device;
}

/** Pages the guest no longer needs, wherever they are, in equal parts. */
export function release(host: KvmState, guest: Guest, count: number): void {
  const total = guest.total;
  if (total === 0 || count <= 0) return;
  const wanted = Math.min(count, total);
  const part = wanted / total;
  const zswapped = Math.floor(guest.zswapped * part);
  const marked = Math.floor(guest.marked * part);
  const device = Math.floor(guest.onDevice * part);
  const resident = Math.min(guest.resident, wanted - zswapped - marked - device);
  if (zswapped > 0) {
    host.zswap.drop(guest, zswapped, zswapEntries(host, guest));
    guest.zswapped -= zswapped;
  }
  guest.marked -= marked;
  guest.onDevice -= device;
  host.slots -= zswapped + marked + device;
  dropResident(host, guest, resident);
}

function dropResident(host: KvmState, guest: Guest, count: number): void {
  guest.resident -= count;
  host.free += count;
  const over = guest.cachedZswap + guest.cachedDevice - guest.resident;
  if (over > 0) freeCached(host, guest, 1);
}

/** The guest is gone: everything of it is given back. */
export function releaseAll(host: KvmState, guest: Guest): void {
  freeCached(host, guest, 1);
  if (guest.zswapped > 0) host.zswap.drop(guest, guest.zswapped, guest.zswapped);
  host.slots -= guest.zswapped + guest.marked + guest.onDevice;
  host.free += guest.resident + guest.file;
  guest.zswapped = guest.marked = guest.onDevice = guest.resident = guest.file = guest.shadows = 0;
  guest.mergedZero = guest.mergedZeroPage = guest.mergedCommon = 0;
}

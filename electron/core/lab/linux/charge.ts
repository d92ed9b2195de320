/** What a guest's control group is charged, and what happens at its limits. */
import { labPageSize } from '../corpus.ts';
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { reclaimGuest } from './reclaim.ts';

/** Page tables and the like: about a five-hundredth of what is mapped. */
export const tablePages = (guest: Guest): number => guest.promised >> 9;

/** Resident anonymous pages in the group's charge: a merged page is charged to one of those who use it. */
export function anonPages(host: KvmState, guest: Guest): number {
  const merged = guest.merged;
  if (merged === 0) return guest.resident;
  const { shared, sharing, zeroPages } = host.ksm;
  const all = shared + sharing + zeroPages;
  const saved = all === 0 ? 0 : Math.floor((merged * (sharing + zeroPages)) / all);
  return Math.max(0, guest.resident - saved);
}

export const zswapPages = (guest: Guest): number => Math.ceil(guest.zswapBytes / labPageSize);

/** memory.current, in pages: compressed pages are part of it. */
export const chargedPages = (host: KvmState, guest: Guest): number =>
  anonPages(host, guest) + guest.file + zswapPages(guest) + tablePages(guest);

/** @returns true when the group could not be brought below its memory.max: somebody has to be killed */
export function holdLimits(host: KvmState, guest: Guest): boolean {
  const charged = chargedPages(host, guest);
  if (charged > guest.group.peak) guest.group.peak = charged;
  const slots = guest.slots;
  if (slots > guest.group.swapPeak) guest.group.swapPeak = slots;
  if (guest.group.high === Infinity && guest.group.max === Infinity) return false;
  const lowest = Math.min(guest.group.high, guest.group.max);
  if (charged <= lowest) return false;
  const freed = reclaimGuest(host, guest, charged - lowest);
  const left = chargedPages(host, guest);
  guest.lost += freed * 4e-6;
  if (left > guest.group.high) {
    guest.group.eventsHigh++;
    guest.lost += 0.5;
  }
  if (charged > guest.group.max) guest.group.eventsMax++;
  // Kernel memory cannot be reclaimed; a group is only killed for pages of its programs.
  return left > guest.group.max && freed * 16 < charged - lowest && guest.resident > 0;
}

/** What a guest wants now, from its workload and the hour, within what its balloon allows; renewed every half minute. */
import { demandOf } from '../workload.ts';
import type { Guest } from './guest.ts';

/** Part of a guest's page cache that its host caches once more, as file pages of the disk image. */
const cachedByHost = 0.25;
const pagesInGiB = 262_144;

export function renewDemand(guest: Guest, hour: number): void {
  // It sways slowly: memory that came and went every half minute would be no workload.
  guest.sway = Math.max(-1, Math.min(1, guest.sway + (guest.dice.next() - 0.5) * 0.15));
  const { anonymous, hot, cache, coldTouches, fileReads } = demandOf(guest.workload, hour, guest.sway);
  const { promised, press } = guest;
  const anon = anonymous * press * promised;
  const inside = guest.balloon * 0.97;
  const own = Math.min(anon, inside);
  // What does not fit the balloon, the guest swaps out itself, to its own disk.
  const swapped = Math.max(0, Math.round(anon - own));
  if (swapped > guest.insideSwapped) guest.insideSwapOut += swapped - guest.insideSwapped;
  else guest.insideSwapIn += guest.insideSwapped - swapped;
  guest.insideSwapped = swapped;
  const cached = Math.min(cache * promised, Math.max(0, inside - own));
  guest.wantAnon = Math.floor(Math.min(inside, own + cached));
  guest.wantHot = Math.floor(own * Math.min(0.95, hot * Math.max(1, press * 0.9)));
  guest.wantFile = Math.floor(cache * promised * cachedByHost);
  const gib = promised / pagesInGiB;
  guest.touches = coldTouches * press * gib;
  guest.reads = fileReads * gib;
}

/**
 * Takes memory back: for the host when it runs low, for a group at its limit. File pages and program memory are taken
 * in the proportion that swappiness asks for, cold ones first; a guest below its memory.low is spared while others have
 * something.
 */
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { swapOut, writeBack } from './swap-out.ts';

/** More than this in a second is not done in the background: whoever wants memory has to do it. */
const backgroundPages = 60_000;

/** @returns pages freed */
export function reclaimHost(host: KvmState): number {
  const wanted = host.highMark - host.free + host.short;
  if (wanted <= 0) return 0;
  host.reclaimRuns++;
  let freed = round(host, wanted, 'cold', true);
  if (freed < wanted) freed += round(host, wanted - freed, 'cold', false);
  if (freed < wanted) freed += round(host, wanted - freed, 'hot', false);
  const direct = Math.max(0, freed - backgroundPages) + Math.min(freed, host.short);
  if (direct > 0) {
    host.stolenDirect += direct;
    host.scannedDirect += direct + (direct >> 1);
  }
  if (host.zswap.shrinker && freed > 0) shrinkZswap(host, freed >> 5);
  return freed;
}

function round(host: KvmState, wanted: number, what: 'cold' | 'hot', spare: boolean): number {
  let [anon, file] = [0, 0];
  for (const guest of host.guests) {
    const part = sparing(guest, spare);
    if (part === 0) continue;
    file += guest.file * part;
    anon += (what === 'cold' ? guest.cold : guest.resident) * part;
  }
  if (host.swappiness === 0 && file > host.highMark) anon = 0;
  if (anon + file < 1) return 0;
  // As get_scan_count weighs them: swappiness for anonymous, 200 less that for file pages.
  const anonWeight = anon * host.swappiness + 1;
  const fileWeight = file * (200 - host.swappiness);
  const fromFile = Math.min(file, (wanted * fileWeight) / (anonWeight + fileWeight));
  const fromAnon = Math.min(anon, wanted - fromFile);
  let freed = 0;
  for (const guest of host.guests) {
    const part = sparing(guest, spare);
    if (part === 0) continue;
    if (!spare && guest.resident < guest.group.low) guest.group.eventsLow++;
    if (file > 0) freed += dropFile(host, guest, Math.floor((fromFile * guest.file * part) / file));
    if (anon > 0) {
      const have = (what === 'cold' ? guest.cold : guest.resident) * part;
      freed += takeAnon(host, guest, Math.ceil((fromAnon * have) / anon));
    }
  }
  return freed;
}

/** The part of a guest that may be taken: all of it, or what it has above its memory.low. memory.min is never given up. */
function sparing(guest: Guest, spare: boolean): number {
  const kept = spare ? Math.max(guest.group.low, guest.group.min) : guest.group.min;
  if (kept === 0) return 1;
  const have = guest.resident + guest.file;
  return have <= kept ? 0 : (have - kept) / have;
}

function dropFile(host: KvmState, guest: Guest, count: number): number {
  const taken = Math.min(guest.file, count);
  guest.file -= taken;
  guest.shadows = Math.min(guest.wantFile, guest.shadows + taken);
  host.free += taken;
  host.stolenFile += taken;
  host.scannedFile += taken + (taken >> 2);
  account(guest, taken);
  return taken;
}

function takeAnon(host: KvmState, guest: Guest, count: number): number {
  if (count <= 0) return 0;
  const pool = host.zswap.poolPages;
  const taken = swapOut(host, guest, count);
  // What zswap took for them is not free.
  host.free += taken - (host.zswap.poolPages - pool);
  host.stolenAnon += taken;
  host.scannedAnon += count + (count >> 1);
  account(guest, taken);
  return taken;
}

function account(guest: Guest, taken: number): void {
  guest.group.stolen += taken;
  guest.group.scanned += taken + (taken >> 1);
}

/** The shrinker of 6.12: cold pages of zswap go on to the device while memory is short. */
function shrinkZswap(host: KvmState, count: number): void {
  const { stored } = host.zswap;
  if (stored === 0 || count === 0) return;
  for (const guest of host.guests) {
    if (guest.zswapped > 0) writeBack(host, guest, Math.floor((count * guest.zswapped) / stored));
  }
}

/** Of one guest only, at its limit or by memory.reclaim. @returns pages freed from its charge */
export function reclaimGuest(host: KvmState, guest: Guest, wanted: number): number {
  if (wanted <= 0) return 0;
  let freed = dropFile(host, guest, Math.min(guest.file, wanted));
  if (freed < wanted) freed += takeAnon(host, guest, Math.min(guest.resident, wanted - freed));
  guest.group.stolenDirect += freed;
  guest.group.scannedDirect += freed + (freed >> 1);
  host.stolenDirect += freed;
  host.scannedDirect += freed + (freed >> 1);
  return freed;
}

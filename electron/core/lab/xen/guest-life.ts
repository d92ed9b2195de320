/**
 * A guest at work for a few seconds: memory grows and shrinks with its workload, cold pages are touched, files are
 * read, and what does not fit is reclaimed: clean pages to cleancache, anonymous ones to frontswap, or to the swap
 * disk when the hypervisor refuses them. Hooks as in mm/cleancache.c and mm/frontswap.c of Linux 3.10.
 */
import { flushMany, getMany, putAgainMany, putMany } from '../tmem/bulk.ts';
import type { Tmem } from '../tmem/tmem.ts';
import { demandOf } from '../workload.ts';
import type { Demand, WorkloadKind } from '../workload.ts';
import type { Guest } from './guest.ts';
import { pagesPerMiB } from './options.ts';

const pagesPerGiB = 1024 * pagesPerMiB;
/** Part of its promised memory a guest takes or frees in a second at most. */
const fastest = 0.02;
/** Part of the swapped pages that are written again after they came back: their slot is given up. */
const dirtied = 0.6;
/** Files in use are that much more than what the workload would like to keep cached. */
const fileSpread = 1.5;
/** Part of the reads that are of something never read before; pages of them nobody asks for again fill the pool too. */
const firstReads = 0.03;
const spoiled = 1.3;
/** Part of file traffic that writes or truncates. */
const writes = 0.05;

/** Jobs an hour that want a tenth to a third of the guest's memory at once, faster than any balloon moves. */
const bursts: Readonly<Record<WorkloadKind, number>> = { idle: 0.5, web: 4, batch: 6, database: 2 };

/** @param tmem undefined: switched off in the hypervisor, which then refuses every page */
export function live(guest: Guest, tmem: Tmem | undefined, span: number, hour: number): void {
  const { dice } = guest;
  guest.wobble = Math.max(-1, Math.min(1, guest.wobble + (dice.next() - 0.5) * 0.3));
  const demand = demandOf(guest.workload, hour, guest.wobble);
  startBurst(guest, span);
  resize(guest, tmem, demand, span);
  const touched = touchCold(guest, tmem, demand, span);
  const read = readFiles(guest, tmem, demand, span);
  reclaim(guest, tmem);
  guest.committed = Math.round((guest.anon + guest.front + guest.disk) * 1.06) + guest.slab;
  guest.vm.pgfault += read + touched + Math.round(200 * span);
  guest.seconds += span * (0.01 + 0.3 * demand.hot * demand.anonymous) + touched / 20_000 + read / 50_000;
}

function startBurst({ burst, dice, workload }: Guest, span: number): void {
  if (burst.left > 0) {
    burst.left -= span;
    return;
  }
  burst.share = 0;
  if (dice.next() >= (bursts[workload] * span) / 3600) return;
  burst.left = dice.between(20, 120);
  burst.share = dice.between(10, 33) / 100;
}

/** A whole number of events from a rate: what is left over happens by chance. */
const roll = (guest: Guest, expected: number): number => Math.floor(expected + guest.dice.next());

function resize(guest: Guest, tmem: Tmem | undefined, demand: Demand, span: number): void {
  const held = guest.anon + guest.front + guest.disk;
  const most = guest.room + Math.floor(guest.swap * 0.98);
  const { share } = guest.burst;
  const wanted = Math.min(most, Math.round((demand.anonymous + share) * guest.promised));
  const step = Math.ceil((fastest * span + share) * guest.promised);
  if (wanted >= held) {
    guest.anon += Math.min(wanted - held, step);
    return;
  }
  const freed = Math.min(held - wanted, step);
  const fromDisk = Math.floor((freed * guest.disk) / held);
  const fromFront = Math.floor((freed * guest.front) / held);
  guest.disk -= fromDisk;
  guest.anon -= Math.min(guest.anon, freed - fromDisk - fromFront);
  dropFront(guest, tmem, fromFront);
}

/** frontswap_invalidate_page of slots that are freed. */
function dropFront(guest: Guest, tmem: Tmem | undefined, count: number): void {
  if (!tmem || !guest.client || !guest.frontPool || count <= 0) return;
  guest.frontswap.invalidates += flushMany(tmem, guest.client, guest.frontPool, count, count);
}

function touchCold(guest: Guest, tmem: Tmem | undefined, demand: Demand, span: number): number {
  const front = guest.front;
  const swapped = front + guest.disk;
  if (swapped === 0) return 0;
  const held = guest.anon + swapped;
  const cold = Math.max(1, held * (1 - demand.hot));
  const gib = guest.promised / pagesPerGiB;
  const calm = demand.coldTouches * gib * span * Math.min(1, swapped / cold);
  // Hot pages that do not fit come back all the time: as many as the disk and the hypervisor can bring.
  const thrash = Math.min(Math.max(0, swapped - cold) * 0.3, 2000) * span;
  const touched = Math.min(swapped, roll(guest, calm + thrash));
  const fromFront = Math.min(front, Math.round((touched * front) / swapped));
  const fromDisk = Math.min(guest.disk, touched - fromFront);
  fetchFront(guest, tmem, fromFront, roll(guest, fromFront * dirtied));
  const freed = Math.min(fromDisk, roll(guest, fromDisk * dirtied));
  guest.vm.pswpin += fromDisk;
  guest.vm.pgpgin += fromDisk * 4;
  guest.vm.pgmajfault += touched;
  guest.disk -= freed;
  guest.anon += freed;
  return touched;
}

/** Loads from frontswap; of those, `freed` slots are given up and their pages are memory again. */
export function fetchFront(guest: Guest, tmem: Tmem | undefined, loads: number, freed: number): void {
  if (!tmem || !guest.client || !guest.frontPool || loads <= 0) return;
  guest.frontswap.loads += getMany(tmem, guest.frontPool, loads, loads);
  const gone = flushMany(tmem, guest.client, guest.frontPool, Math.min(loads, freed), Math.min(loads, freed));
  guest.frontswap.invalidates += gone;
  guest.anon += gone;
}

function readFiles(guest: Guest, tmem: Tmem | undefined, demand: Demand, span: number): number {
  const { cleanPool: pool, client, cleancache } = guest;
  const gib = guest.promised / pagesPerGiB;
  const files = Math.max(256, demand.cache * guest.promised * fileSpread);
  const reads = roll(guest, demand.fileReads * gib * span);
  const misses = Math.min(roll(guest, reads * (1 - Math.min(1, guest.cache / files))), Math.floor(files));
  let hits = 0;
  if (guest.options.cleancache) {
    if (tmem && pool && client) {
      // Pages in a private pool are never in the page cache as well; those in a shared one may be.
      const beyond = pool.uuid ? files : Math.max(1, files - guest.cache);
      const share = Math.min(1 - firstReads, pool.stats.Pc / (beyond * spoiled));
      hits = getMany(tmem, pool, misses, roll(guest, misses * share));
      const changed = roll(guest, reads * writes);
      flushMany(tmem, client, pool, changed, roll(guest, changed * share * 0.2));
      cleancache.invalidates += changed;
    }
    cleancache.succ_gets += hits;
    cleancache.failed_gets += misses - hits;
  }
  guest.cache += misses;
  guest.vm.pgpgin += (misses - hits) * 4;
  guest.vm.pgpgout += roll(guest, reads * writes) * 4;
  return reads;
}

/** Page cache first, down to a floor; then anonymous pages. */
export function reclaim(guest: Guest, tmem: Tmem | undefined): void {
  const over = guest.anon + guest.cache - guest.room;
  if (over <= 0) return;
  const floor = pagesPerMiB + Math.floor(guest.totalram / 40);
  const fromCache = Math.min(over, Math.max(0, guest.cache - floor));
  evictCache(guest, tmem, fromCache);
  const left = over - fromCache;
  if (left > 0) swapOut(guest, tmem, Math.min(left, guest.anon));
  guest.vm.scanned += over * 2;
  guest.vm.stolen += over;
}

function evictCache(guest: Guest, tmem: Tmem | undefined, count: number): void {
  guest.cache -= count;
  const { cleanPool: pool, client } = guest;
  if (count === 0 || !guest.options.cleancache || !tmem || !pool || !client) return;
  // A page of a shared pool that came from there is still in it.
  const again = pool.uuid ? Math.min(Math.floor((count * pool.stats.Pc) / (pool.stats.Pc + count)), pool.stats.Pc) : 0;
  if (again > 0) putAgainMany(tmem, client, pool, again);
  putMany(tmem, client, pool, count - again, guest.mix);
  guest.cleancache.puts += count;
}

function swapOut(guest: Guest, tmem: Tmem | undefined, count: number): void {
  const space = Math.max(0, guest.swap - guest.front - guest.disk);
  const out = Math.min(count, space);
  let stored = 0;
  if (guest.options.frontswap) {
    if (tmem && guest.client && guest.frontPool) stored = putMany(tmem, guest.client, guest.frontPool, out, guest.mix);
    guest.frontswap.succ_stores += stored;
    guest.frontswap.failed_stores += out - stored;
  }
  guest.disk += out - stored;
  guest.vm.pswpout += out - stored;
  guest.vm.pgpgout += (out - stored) * 4;
  // Nowhere left to put it: the kernel kills.
  guest.killed += count - out;
  guest.anon -= count;
}

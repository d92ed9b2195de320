/**
 * One second of a 3.10 host's memory: programs grow, touch, read; reclaim offers program pages to frontswap and clean
 * file pages to cleancache; zcache takes what it can. Pages of other nodes are remotify.ts's business.
 */
import { demandOf } from '../workload.ts';
import type { NodeState } from './node-state.ts';

const renewal = 30;
const pagesInGiB = 262_144;
/** Frames of RAM that zcache may hold for swapped pages before the kernel has none to give it. */
export const persLimit = 0.3;

export const hourOf = (node: NodeState): number => ((node.startedAt + node.age) / 3_600_000) % 24;

export function memorySecond(node: NodeState): void {
  node.recount();
  if (Math.floor(node.seconds) % renewal === 0 || node.wantAnon === 0) renewDemand(node);
  resize(node);
  touch(node);
  readFiles(node);
  if (node.free < node.lowMark) reclaim(node, node.highMark - node.free);
  node.recount();
}

function renewDemand(node: NodeState): void {
  const hour = hourOf(node);
  node.wantAnon = node.wantHot = node.wantFile = node.touches = node.reads = 0;
  for (const program of node.programs) {
    program.sway = Math.max(-1, Math.min(1, program.sway + (node.dice.next() - 0.5) * 0.15));
    if (!program.running) continue;
    const demand = demandOf(program.workload, hour, program.sway);
    program.want = Math.floor(Math.min(1.5, demand.anonymous * program.press) * program.promised);
    node.wantAnon += program.want;
    node.wantHot += Math.floor(program.want * demand.hot);
    node.wantFile += Math.floor(demand.cache * program.promised);
    node.touches += demand.coldTouches * (program.promised / pagesInGiB);
    node.reads += demand.fileReads * (program.promised / pagesInGiB);
  }
}

function resize(node: NodeState): void {
  const missing = node.wantAnon - node.anon;
  if (missing > 0) {
    const grown = allot(node, Math.min(missing, node.managed >> 7));
    node.resident += grown;
  } else if (missing < -(node.managed >> 8)) release(node, Math.min(-missing, node.managed >> 8));
}

/** Memory that is there, after reclaim if need be. */
function allot(node: NodeState, count: number): number {
  if (node.free - count < node.lowMark) reclaim(node, count + node.highMark - node.free);
  const given = Math.max(0, Math.min(count, node.free - (node.lowMark >> 1)));
  node.free -= given;
  return given;
}

/** Pages the programs give up, from every place in equal parts. */
function release(node: NodeState, count: number): void {
  const total = node.anon;
  if (total === 0) return;
  const part = Math.min(1, count / total);
  dropLocal(node, Math.floor(node.local * part));
  for (const [num, held] of node.remote) flushRemote(node, num, Math.floor(held * part));
  const lost = Math.floor(node.lost * part);
  node.lost -= lost;
  node.count('ramster/remote_page_flushes_failed', lost);
  node.device -= Math.floor(node.device * part);
  node.resident -= Math.min(node.resident, Math.floor(node.resident * part));
  node.recount();
}

export function dropLocal(node: NodeState, count: number): void {
  if (count <= 0) return;
  node.local -= count;
  node.leaked = Math.min(node.leaked, node.local);
  node.pers.remove(count);
  node.count('frontswap/invalidates', count);
  node.count('zcache/flush_total', count);
  node.count('zcache/flush_found', count);
}

/** The page is not wanted any more; the other node is told later, by the worker. */
export function flushRemote(node: NodeState, num: number, count: number): void {
  if (count <= 0) return;
  node.remote.set(num, (node.remote.get(num) ?? 0) - count);
  node.count('frontswap/invalidates', count);
  node.count('zcache/flush_total', count);
  node.count('zcache/flush_found', count);
  node.pendingFlushes += count;
}

function touch(node: NodeState): void {
  const out = node.slots;
  if (out === 0) return;
  const cold = Math.max(1, node.anon - node.wantHot);
  const share = Math.min(1, out / cold);
  node.owed.touches += node.touches * share * share + Math.max(0, node.wantHot - node.resident) / 16;
  const wanted = Math.min(out, Math.floor(node.owed.touches));
  if (wanted <= 0) return;
  node.owed.touches -= wanted;
  const given = allot(node, wanted);
  const local = Math.min(node.local, Math.floor((given * node.local) / out));
  const device = Math.min(node.device, Math.floor((given * node.device) / out));
  load(node, local);
  node.device -= device;
  node.pswpin += device;
  node.majorFaults += given;
  node.resident += local + device;
  node.free += given - local - device;
  // What is left of them is on other nodes.
  node.wantedRemote += given - local - device;
}

/** Exclusive: a page that is loaded leaves zcache. */
export function load(node: NodeState, count: number): void {
  if (count <= 0) return;
  node.local -= count;
  node.leaked = Math.min(node.leaked, node.local);
  node.pers.remove(count);
  node.count('frontswap/loads', count);
}

function readFiles(node: NodeState): void {
  if (node.wantFile <= 0) return;
  const part = Math.min(1, node.file / node.wantFile);
  node.owed.reads += node.reads * Math.max(0.02, 1 - part);
  const wanted = Math.floor(node.owed.reads);
  if (wanted <= 0) return;
  node.owed.reads -= wanted;
  // Asked of cleancache first; the part of it that is there is not read from disk.
  const known = Math.min(node.ephLocal, Math.floor(wanted * (node.ephLocal / Math.max(1, node.wantFile))));
  node.ephLocal -= known;
  node.eph.remove(known);
  node.count('cleancache/succ_gets', known);
  node.wantedEph += wanted - known;
  const given = allot(node, Math.min(wanted, Math.max(0, node.wantFile - node.file)));
  node.file += given;
}

export function reclaim(node: NodeState, wanted: number): void {
  if (wanted <= 0) return;
  const cold = Math.max(0, node.resident - node.wantHot);
  const fileWeight = node.file * (200 - node.swappiness);
  const anonWeight = cold * node.swappiness;
  const all = fileWeight + anonWeight;
  const fromFile = all === 0 ? 0 : Math.min(node.file, Math.ceil((wanted * fileWeight) / all));
  evictFile(node, fromFile);
  const fromAnon = Math.min(node.resident, wanted - fromFile);
  if (fromAnon > 0) swapOut(node, fromAnon);
  node.stolen += fromFile + Math.max(0, fromAnon);
  node.recount();
}

export function evictFile(node: NodeState, count: number): void {
  if (count <= 0) return;
  node.file -= count;
  node.count('cleancache/puts', count);
  const { sizes, owed } = node;
  owed.ephPoor += count * sizes.poorShare;
  const poor = Math.min(count, Math.floor(owed.ephPoor));
  owed.ephPoor -= poor;
  owed.ephZero += count * sizes.zeroShare;
  const zero = Math.min(count - poor, Math.floor(owed.ephZero));
  owed.ephZero -= zero;
  const packed = count - poor - zero;
  node.count('zcache/failed_eph_puts', poor);
  node.count('zcache/compress_poor', poor);
  node.count('zcache/zero_filled_pages', zero);
  node.eph.add(packed, zero, packed * sizes.bytes);
  node.ephLocal += packed + zero;
  trimEphemeral(node);
}

/** Cache pages go first once they take more frames than the file pages in use. */
function trimEphemeral(node: NodeState): void {
  const over = node.eph.frames - Math.max(node.file, node.lowMark);
  if (over <= 0) return;
  node.count('zcache/eph_ate_tail', over);
  evictEphemeral(node, over);
}

/** @returns frames freed */
function evictEphemeral(node: NodeState, frames: number): number {
  const before = node.eph.frames;
  const stored = node.eph.packed;
  const gone = node.eph.evict(Math.min(frames, before));
  node.count('zcache/evicted_eph_zpages', gone);
  node.count('zcache/evicted_eph_pageframes', before - node.eph.frames);
  // Pages of other nodes are evicted in their proportion.
  const share = stored === 0 ? 0 : Math.floor((gone * node.foreignEph) / stored);
  const foreign = Math.min(node.foreignEph, Math.max(share, gone - node.ephLocal));
  node.foreignEph -= foreign;
  node.ephLocal -= gone - foreign;
  return before - node.eph.frames;
}

function swapOut(node: NodeState, count: number): void {
  const wanted = Math.min(count, node.swapPages - node.slots, node.resident);
  if (wanted <= 0) return;
  const { sizes, owed } = node;
  owed.poor += wanted * sizes.poorShare;
  const poor = Math.min(wanted, Math.floor(owed.poor));
  owed.poor -= poor;
  owed.zero += wanted * sizes.zeroShare;
  const zero = Math.min(wanted - poor, Math.floor(owed.zero));
  owed.zero -= zero;
  const packed = roomForPersistent(node, wanted - poor - zero);
  const refused = wanted - zero - packed;
  node.pers.add(packed, zero, packed * sizes.bytes);
  node.local += packed + zero;
  node.device += refused;
  node.resident -= wanted;
  node.pswpout += refused;
  node.count('frontswap/succ_stores', packed + zero);
  node.count('frontswap/failed_stores', refused);
  node.count('zcache/failed_pers_puts', refused);
  node.count('zcache/compress_poor', poor);
  node.count('zcache/zero_filled_pages', zero);
  node.recount();
}

/** Pages that find a frame: swapped pages take those of cache pages first. */
export function roomForPersistent(node: NodeState, wanted: number): number {
  if (wanted <= 0) return 0;
  const limit = Math.floor(node.managed * persLimit);
  const needed = Math.ceil(wanted / node.sizes.density);
  const room = limit - node.pers.frames;
  const tight = needed > Math.max(0, node.free - (node.lowMark >> 1));
  if (tight) node.count('zcache/pers_ate_eph', evictEphemeral(node, needed));
  if (room >= needed) return wanted;
  const fits = Math.max(0, Math.floor(room * node.sizes.density));
  const refused = wanted - Math.min(wanted, fits);
  node.count('zcache/failed_getfreepages', refused);
  node.count('zcache/failed_alloc', Math.ceil(refused / 64));
  node.count('zcache/pers_ate_eph_failed', refused);
  return Math.min(wanted, fits);
}

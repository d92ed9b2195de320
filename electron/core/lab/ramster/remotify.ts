/**
 * RAMster's own work on a host: the worker that sends pages away (from 60 s after boot, at most 100 frames of each kind
 * a second), fetching them back, telling the other node what to drop, selfshrink; and what happens when the other node
 * is full, silent or gone.
 */
import { dropLocal, flushRemote, load, roomForPersistent } from './memory.ts';
import type { Network } from './network.ts';
import type { NodeState, Program } from './node-state.ts';

const firstSeconds = 60;
const framesPerSecond = 100;
const flushesPerSecond = 2000;
/** Selfshrink: every five seconds; three rounds without growth; a twentieth. */
const shrinkEvery = 5;
const inertia = 3;
const hysteresis = 20;
const restart = 60;

export function remotifySecond(network: Network, node: NodeState): void {
  fetchWanted(network, node);
  if (node.hung) return;
  suffer(node);
  if (node.seconds >= firstSeconds && node.target !== undefined) work(network, node, node.target);
  if (Math.floor(node.seconds) % shrinkEvery === 0) selfshrink(network, node);
  node.recount();
}

/** Pages of the own that faults and reads of this second found missing here. */
function fetchWanted(network: Network, node: NodeState): void {
  const wanted = node.wantedRemote;
  node.wantedRemote = 0;
  if (wanted > 0) fetch(network, node, wanted);
  const asked = node.wantedEph;
  node.wantedEph = 0;
  const found = asked > 0 ? fetchEphemeral(network, node, asked) : 0;
  node.count('cleancache/succ_gets', found);
  node.count('cleancache/failed_gets', asked - found);
}

/** @returns pages that came back into RAM */
export function fetch(network: Network, node: NodeState, wanted: number): number {
  let came = 0;
  for (const [num, held] of node.remote) {
    const count = Math.min(held, wanted - came, Math.max(0, node.free - node.lowMark));
    if (count <= 0) continue;
    const peer = network.linkedPeer(node, num);
    if (peer === undefined) {
      // The kernel waits for the answer, and whoever needs the page with it.
      node.hung = true;
      return came;
    }
    node.remote.set(num, held - count);
    node.resident += count;
    node.free -= count;
    came += count;
    node.count('frontswap/loads', count);
    node.count('ramster/remote_pers_pages_succ_get', count);
    const foreign = Math.min(count, peer.foreignPers);
    peer.foreignPers -= foreign;
    peer.pers.remove(foreign);
  }
  return came;
}

function fetchEphemeral(network: Network, node: NodeState, asked: number): number {
  let found = 0;
  for (const [num, held] of node.ephRemote) {
    const count = Math.min(held, Math.floor(asked * Math.min(1, held / Math.max(1, node.wantFile))));
    const peer = count > 0 ? network.linkedPeer(node, num) : undefined;
    if (peer === undefined) continue;
    node.ephRemote.set(num, held - count);
    // The other node may have dropped some of them since.
    const kept = Math.min(count, peer.foreignEph);
    peer.foreignEph -= kept;
    peer.eph.remove(kept);
    node.count('ramster/remote_eph_pages_succ_get', kept);
    node.count('ramster/remote_eph_pages_unsucc_get', count - kept);
    found += kept;
  }
  return found;
}

function work(network: Network, node: NodeState, target: number): void {
  const [pers, eph] = [node.persEnable !== '0', node.ephEnable !== '0'];
  if (pers || eph) drainFlushes(network, node, target);
  const peer = network.linkedPeer(node, target);
  if (pers) sendPersistent(node, target, peer);
  if (eph && peer !== undefined && peer !== node) sendEphemeral(node, target, peer);
}

function sendPersistent(node: NodeState, target: number, peer: NodeState | undefined): void {
  const packed = Math.max(0, node.pers.packed - node.foreignPers - node.leaked);
  const frames = Math.min(framesPerSecond, Math.ceil(packed / node.sizes.density));
  const count = Math.min(packed, node.local - node.leaked, Math.floor(frames * node.sizes.density));
  if (count <= 0) return;
  const silent = peer === undefined && node.sides.get(target)?.state === 'up';
  if (silent) {
    // The message is on its way until the idle timeout: the worker waits in it.
    node.hung = true;
    return;
  }
  const taken = peer === undefined || peer === node ? 0 : roomForPersistent(peer, count);
  if (peer !== undefined && taken > 0) {
    if (!peer.clients.has(node.name)) {
      peer.clients.add(node.name);
      peer.log.say(
        `ramster: AUTOcreated persistent tmem poolid=1, for remote client=${String(node.config.local?.num ?? 0)}`,
      );
    }
    const bytes = node.pers.removePacked(taken);
    node.local -= taken;
    node.remote.set(target, (node.remote.get(target) ?? 0) + taken);
    peer.pers.add(taken, 0, bytes);
    peer.foreignPers += taken;
    peer.recount();
    node.count('ramster/pers_pages_remoted', taken);
  }
  const failed = count - taken;
  if (peer !== undefined) peer.count('zcache/failed_pers_puts', failed);
  if (peer !== undefined) node.count('ramster/pers_pages_remote_nomem', failed);
  node.count('ramster/pers_pages_remote_failed', failed);
  node.leaked += failed;
}

function sendEphemeral(node: NodeState, target: number, peer: NodeState): void {
  const packed = Math.max(0, Math.min(node.ephLocal, node.eph.packed - node.foreignEph));
  const count = Math.min(packed, Math.floor(framesPerSecond * node.sizes.density));
  if (count <= 0) return;
  const bytes = node.eph.removePacked(count);
  node.ephLocal -= count;
  node.ephRemote.set(target, (node.ephRemote.get(target) ?? 0) + count);
  peer.eph.add(count, 0, bytes);
  peer.foreignEph += count;
  peer.recount();
  node.count('ramster/eph_pages_remoted', count);
}

/** Only worked off while one of the switches is on: with both off the other node keeps what nobody wants. */
function drainFlushes(network: Network, node: NodeState, target: number): void {
  const count = Math.min(flushesPerSecond, node.pendingFlushes);
  if (count <= 0) return;
  const peer = network.linkedPeer(node, target);
  node.pendingFlushes -= count;
  if (peer === undefined) return node.count('ramster/remote_page_flushes_failed', count);
  node.count('ramster/remote_pages_flushed', count);
  const found = Math.min(count, peer.foreignPers);
  peer.foreignPers -= found;
  peer.pers.remove(found);
  peer.count('zcache/flush_total', count);
  peer.count('zcache/flush_found', found);
}

/** Brings swapped pages back by itself while frontswap does not grow; there is no switch for it in sysfs. */
function selfshrink(network: Network, node: NodeState): void {
  const current = node.local + node.remoteTotal;
  const grew = current > node.lastFrontswap;
  node.lastFrontswap = current;
  if (grew || current === 0) {
    node.inertia = inertia;
    return;
  }
  if (node.inertia > 0) {
    node.inertia--;
    return;
  }
  const wanted = current <= hysteresis ? current : Math.floor(current / hysteresis);
  const room = Math.max(0, node.free - node.highMark);
  const count = Math.min(wanted, room);
  if (count <= 0) return;
  const local = Math.min(node.local, Math.ceil((count * node.local) / current));
  load(node, local);
  node.resident += local;
  node.recount();
  fetch(network, node, count - local);
}

/** Pages that were on a lost node come back never: who needs one dies. */
function suffer(node: NodeState): void {
  for (const program of node.programs) {
    if (!program.running && --program.restartIn <= 0) program.running = true;
  }
  if (node.lost === 0) return;
  const running = node.programs.filter((program) => program.running);
  // One after the other, as each comes to touch a page of its own that is gone.
  if (running.length === 0) return settle(node);
  if (Math.floor(node.seconds) % 3 !== 0) return;
  const largest = running.reduce((most, program) => (program.want > most.want ? program : most));
  if (node.counted('ramster/remote_pers_pages_unsucc_get') === 0) {
    node.log.say('WARNING: at drivers/staging/zcache/zcache-main.c:1292 zcache_get_page+0x114/0x120()');
    node.log.say('zcache_get fails on persistent pool, bad things are very likely to happen soon');
  }
  die(node, largest, running.length);
}

function die(node: NodeState, program: Program, running: number): void {
  const all = node.programs.reduce((sum, { want, running: alive }) => sum + (alive ? want : 0), 0);
  const part = running === 1 || all === 0 ? 1 : Math.min(1, program.want / all);
  const lost = Math.ceil(node.lost * part);
  node.count('ramster/remote_pers_pages_unsucc_get', Math.min(lost, 8));
  node.count('ramster/remote_page_flushes_failed', lost);
  node.lost -= lost;
  dropLocal(node, Math.floor(node.local * part));
  for (const [num, held] of node.remote) flushRemote(node, num, Math.floor(held * part));
  node.device -= Math.floor(node.device * part);
  node.resident -= Math.floor(node.resident * part);
  program.running = false;
  program.restartIn = restart;
  program.want = 0;
  node.wantAnon = 0;
  node.died++;
  const pid = String(2000 + node.died);
  node.log.say(
    `${program.name}[${pid}]: segfault at 0 ip 0000000000400b1c sp 00007fffd0c0a0e0 error 4 in ${program.name}[400000+9000]`,
  );
}

function settle(node: NodeState): void {
  node.count('ramster/remote_page_flushes_failed', node.lost);
  node.lost = 0;
}

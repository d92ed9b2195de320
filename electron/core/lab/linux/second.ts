/**
 * One second of a KVM host: guests act, memory is reclaimed, limits are held, KSM looks, and what was lost by waiting
 * becomes pressure. Allocates nothing: forty hosts with fifty guests each run sixty of these in a second.
 */
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { holdLimits } from './charge.ts';
import { renewDemand } from './demand.ts';
import { guestSecond } from './faults.ts';
import { reclaimHost } from './reclaim.ts';
import { releaseAll, writeBack } from './swap-out.ts';

/** Seconds between two looks at a guest's workload. */
const renewal = 30;
/** Seconds without anything to reclaim after which the kernel kills. */
const patience = 4;
/** Seconds until a killed guest is started again. */
const restart = 45;

export function second(host: KvmState): void {
  const moment = Math.floor(host.age / 1000);
  const { guests } = host;
  host.recount();
  host.short = 0;
  let index = 0;
  for (const guest of guests) {
    if ((moment + index++) % renewal === 0 || guest.wantAnon === 0) renewDemand(guest, hourOf(host));
    if (guest.balloon !== guest.balloonTarget) moveBalloon(guest);
    if (guest.running) guestSecond(host, guest);
    else if (--guest.restartIn <= 0) host.launch(guest);
  }
  background(host);
  for (const guest of guests) {
    if (guest.running && holdLimits(host, guest)) kill(host, guest, true);
  }
  host.free += host.ksm.second(guests, host.free - host.highMark);
  starve(host);
  pressure(host);
}

/** A balloon takes and gives about 256 MiB in a second. */
const balloonPace = 65_536;

function moveBalloon(guest: Guest): void {
  const way = guest.balloonTarget - guest.balloon;
  guest.balloon += Math.sign(way) * Math.min(balloonPace, Math.abs(way));
  guest.wantAnon = Math.min(guest.wantAnon, Math.floor(guest.balloon * 0.97));
  guest.wantHot = Math.min(guest.wantHot, guest.wantAnon);
}

export const hourOf = (host: KvmState): number => ((host.startedAt + host.age) / 3_600_000) % 24;

function background(host: KvmState): void {
  if (host.free < host.lowMark || host.short > 0) {
    const freed = reclaimHost(host);
    host.starved = freed === 0 && host.short > 0 ? host.starved + 1 : 0;
  } else host.starved = 0;
  let due = host.zswap.second();
  for (const guest of host.guests) {
    if (due <= 0) break;
    due -= writeBack(host, guest, due);
  }
}

function starve(host: KvmState): void {
  if (host.starved < patience) return;
  let largest: Guest | undefined;
  for (const guest of host.guests) {
    if (guest.running && (largest === undefined || guest.resident > largest.resident)) largest = guest;
  }
  if (largest && largest.resident > 0) kill(host, largest, false);
  host.starved = 0;
}

function kill(host: KvmState, guest: Guest, byGroup: boolean): void {
  const size = guest.resident * 4;
  releaseAll(host, guest);
  host.ksm.settle(host.guests);
  host.recount();
  host.oomKills++;
  if (byGroup) guest.group.eventsOom++;
  guest.group.eventsOomKill++;
  guest.running = false;
  guest.restartIn = restart;
  const what = byGroup ? 'Memory cgroup out of memory' : 'Out of memory';
  host.log.push(
    `[${(host.age / 1000).toFixed(6).padStart(12)}] ${what}: Killed process ${String(guest.pid)} (qemu-system-x86) total-vm:${String(guest.promised * 4)}kB, anon-rss:${String(size)}kB, file-rss:0kB, shmem-rss:0kB, UID:64055 pgtables:${String(guest.promised >> 7)}kB oom_score_adj:0`,
  );
  if (host.log.length > 200) host.log.shift();
}

function pressure(host: KvmState): void {
  const common = host.short > 0 ? Math.min(0.5, host.short * 2e-6 + 0.01) : 0;
  let [idle, sum, running] = [1, 0, 0];
  for (const guest of host.guests) {
    const lost = Math.min(0.95, guest.lost + common);
    guest.group.stall.second(lost, lost * 0.8);
    guest.lost = 0;
    if (!guest.running) continue;
    idle *= 1 - lost;
    sum += lost;
    running++;
  }
  const some = 1 - idle;
  const mean = running === 0 ? 0 : sum / running;
  // All are held up together only when each is held up for most of the time, or when reclaim holds up everybody.
  host.stall.second(some, Math.min(some, mean * mean + common * 0.6));
}

/**
 * The guest's balloon: self-ballooning and self-shrinking as drivers/xen/xen-selfballoon.c of Linux 3.10 does them,
 * and the way towards whatever is wanted. Constants: docs/domain.md 6.
 */
import type { Tmem } from '../tmem/tmem.ts';
import type { Guest } from './guest.ts';
import { fetchFront, reclaim } from './guest-life.ts';
import { pagesPerMiB } from './options.ts';

/** Pages a second. */
const fastest = 16_384;

/** @param claim takes pages from the hypervisor for a domain, and says how many it got */
export function balloon(guest: Guest, tmem: Tmem | undefined, span: number, claim: (pages: number) => number): void {
  guest.sinceRound += span;
  if (guest.sinceRound >= guest.knobs.selfballoon_interval) {
    guest.sinceRound = 0;
    if (guest.knobs.selfballooning === 1) selfBalloon(guest);
    if (guest.knobs.frontswap_selfshrinking === 1) selfShrink(guest, tmem);
  }
  moveTowards(guest, Math.ceil(fastest * span), claim);
  // A balloon that grows takes pages the guest has to free first.
  reclaim(guest, tmem);
}

/** One round: towards what is committed, quickly up, an eighth of the surplus down. */
function selfBalloon(guest: Guest): void {
  const { knobs } = guest;
  const now = guest.totalram;
  const front = knobs.frontswap_selfshrinking === 1 ? guest.front : 0;
  const goal = guest.committed + guest.reserve + knobs.selfballoon_reserved_mb * pagesPerMiB + front;
  const moved =
    goal < now
      ? now - Math.floor((now - goal) / knobs.selfballoon_downhysteresis)
      : now + Math.floor((goal - now) / knobs.selfballoon_uphysteresis);
  guest.wanted = Math.max(moved, floorOf(guest)) + guest.current - now;
}

/** The least it may come down to, pages. */
export function floorOf(guest: Guest): number {
  const least = guest.knobs.selfballoon_min_usable_mb;
  const reserve = guest.reserve;
  if (least > 0) return reserve + least * pagesPerMiB;
  const useful = (guest.promised - reserve) / pagesPerMiB;
  const mib =
    useful < 16
      ? useful
      : useful < 64
        ? 16 + (useful - 16) / 2
        : useful < 512
          ? 40 + (useful - 40) / 8
          : 99 + (useful - 99) / 32;
  return reserve + Math.floor(mib * pagesPerMiB);
}

/** Frontswap that did not grow for some rounds is fetched back, a twentieth at a time, where there is room for it. */
function selfShrink(guest: Guest, tmem: Tmem | undefined): void {
  const { knobs } = guest;
  const front = guest.front;
  const grew = front > guest.lastFront;
  guest.lastFront = front;
  if (front === 0 || grew) {
    guest.inertia = knobs.frontswap_inertia;
    return;
  }
  guest.inertia -= 1;
  if (guest.inertia > 0) return;
  guest.inertia = knobs.frontswap_inertia;
  const back = front <= knobs.frontswap_hysteresis ? front : Math.floor(front / knobs.frontswap_hysteresis);
  const free = guest.room - guest.anon - guest.cache;
  if (free >= back) fetchFront(guest, tmem, back, back);
}

function moveTowards(guest: Guest, most: number, claim: (pages: number) => number): void {
  const { domain } = guest;
  const wanted = Math.min(guest.wanted, guest.promised);
  if (wanted > guest.current) {
    const allowed = Math.min(wanted - guest.current, most, Math.max(0, domain.max - domain.tot));
    const got = allowed > 0 ? claim(allowed) : 0;
    guest.current += got;
    domain.tot += got;
  } else if (wanted < guest.current) {
    const given = Math.min(guest.current - wanted, most, Math.max(0, guest.current - guest.kernel - guest.slab));
    guest.current -= given;
    domain.tot -= given;
    claim(-given);
  }
}

/**
 * zswap of one host: its parameters, its pool and its counters. Guests' pages go in by `store` and leave by `load`,
 * `drop` or `writeBack`; the counters move with them, so that the sums the kernel keeps hold here as well.
 *
 * A pool at its limit refuses new pages until it is below accept_threshold_percent, and hardly writes back old ones;
 * what is freed in zsmalloc stays as fragments, which later pages use again and which are given back slowly
 * (docs/domain.md 4.1).
 */
import { labPageSize } from '../corpus.ts';
import type { Flavour, FlavourFacts } from './flavour.ts';
import { factsOf } from './flavour.ts';
import type { Guest } from './guest.ts';

export interface ZswapOptions {
  readonly enabled: boolean;
  readonly compressor: string;
  readonly maxPoolPercent: number;
  /** Only 6.12 has one. */
  readonly shrinker?: boolean;
  readonly zpool?: string;
}

/** Part of what is freed that becomes fragments, and part of those that a second gives back. */
const fragmented = 0.6;
const compacted = 1 / 600;
/** On 6.1 one page is written back for about so many that a full zbud or z3fold refuses. */
const refusedPerWriteBack = 4096;

export class Zswap {
  readonly flavour: Flavour;
  readonly facts: FlavourFacts;
  enabled: boolean;
  /** Whether it was ever on: 6.12 has no counters before. */
  started: boolean;
  compressor: string;
  zpool: string;
  maxPoolPercent: number;
  acceptThreshold = 90;
  sameFilledEnabled = true;
  nonSameFilledEnabled = true;
  shrinker: boolean;

  stored = 0;
  sameFilled = 0;
  /** Room that the stored pages take, and free room between them; bytes. */
  used = 0;
  fragments = 0;
  full = false;

  poolLimitHit = 0;
  rejectReclaimFail = 0;
  rejectCompressPoor = 0;
  rejectCompressFail = 0;
  writtenBack = 0;
  stores = 0;
  loads = 0;
  invalidates = 0;
  failedStores = 0;
  private refusedSince = 0;

  constructor(flavour: Flavour, options: ZswapOptions) {
    this.flavour = flavour;
    this.facts = factsOf[flavour];
    this.enabled = options.enabled;
    this.started = options.enabled;
    this.compressor = options.compressor;
    this.zpool = options.zpool ?? this.facts.zpool;
    this.maxPoolPercent = options.maxPoolPercent;
    this.shrinker = !this.facts.frontswap && (options.shrinker ?? false);
  }

  get poolPages(): number {
    return Math.ceil((this.used + this.fragments) / labPageSize);
  }

  limit(managed: number): number {
    return Math.floor((managed * this.maxPoolPercent) / 100);
  }

  /**
   * Offers pages of the guest. Counts are whole pages.
   * @param zero pages of one repeated value; none on 6.12, whose swap map keeps them
   * @param rest all others, those that do not shrink among them
   * @returns how many were taken; the rest goes to the device
   */
  store(guest: Guest, zero: number, rest: number, managed: number): number {
    const offered = zero + rest;
    if (offered === 0) return 0;
    const taken = this.enabled ? this.take(guest, zero, rest, managed) : 0;
    this.stores += taken;
    guest.group.zswpout += taken;
    this.failedStores += offered - taken;
    return taken;
  }

  private take(guest: Guest, zero: number, rest: number, managed: number): number {
    if (guest.zswapBytes >= guest.group.zswapMax) return 0;
    if (this.isFull(managed, zero + rest)) return 0;
    const same = this.sameFilledEnabled ? zero : 0;
    let open = rest + zero - same;
    if (!this.nonSameFilledEnabled) open = 0;
    const { sizes } = guest;
    guest.owedPoor += (open * sizes.poorShare) / Math.max(1e-9, 1 - sizes.zeroShare);
    const poor = Math.min(open, Math.floor(guest.owedPoor));
    guest.owedPoor = Math.min(1, guest.owedPoor - poor);
    if (this.facts.frontswap) this.rejectCompressPoor += poor;
    else this.rejectCompressFail += poor;
    const good = this.fitting(guest, open - poor, managed);
    this.keep(guest, same, good);
    return same + good;
  }

  /** Full as the kernel sees it: the limit is met, or was met and the pool is not yet below the threshold. */
  private isFull(managed: number, offered: number): boolean {
    const limit = this.limit(managed);
    if (this.poolPages >= limit) {
      this.full = true;
      this.refuse(offered);
    } else if (this.full && this.poolPages * 100 <= limit * this.acceptThreshold) this.full = false;
    return this.full;
  }

  private refuse(count: number): void {
    this.poolLimitHit += count;
    if (!this.facts.frontswap) return;
    if (this.zpool === 'zsmalloc') this.rejectReclaimFail += Math.floor((count * 7) / 8);
    else this.refusedSince += count;
  }

  /** How many fit under the limit and under the guest's own; the others meet a full pool. */
  private fitting(guest: Guest, wanted: number, managed: number): number {
    const { bytes, poolBytes } = guest.sizes;
    if (wanted === 0 || bytes === 0) return wanted === 0 ? 0 : wanted;
    const room = Math.max(0, this.limit(managed) * labPageSize - this.used);
    const own = Math.ceil((guest.group.zswapMax - guest.zswapBytes) / bytes);
    const below = Math.min(wanted, own);
    const fits = Math.min(below, Math.floor(room / poolBytes));
    if (fits < below) {
      this.full = true;
      this.refuse(below - fits);
    }
    return fits;
  }

  private keep(guest: Guest, same: number, good: number): void {
    const bytes = good * guest.sizes.bytes;
    const room = good * guest.sizes.poolBytes;
    guest.zswapBytes += bytes;
    guest.sameFilled += same;
    this.sameFilled += same;
    this.stored += same + good;
    this.used += room;
    this.fragments = Math.max(0, this.fragments - room);
  }

  /** Pages read back; on 6.1 they stay in zswap as well. */
  load(guest: Guest, count: number): void {
    this.loads += count;
    guest.group.zswpin += count;
    if (!this.facts.frontswap) this.forget(guest, count, guest.zswapped);
  }

  /** Pages nobody needs any more. @param entries pages of the guest that are in zswap before */
  drop(guest: Guest, count: number, entries: number): void {
    this.invalidates += count;
    this.forget(guest, count, entries);
  }

  writeBack(guest: Guest, count: number, entries: number): void {
    this.writtenBack += count;
    guest.group.zswpwb += count;
    this.forget(guest, count, entries);
  }

  private forget(guest: Guest, count: number, entries: number): void {
    if (count === 0) return;
    const part = Math.min(1, count / entries);
    const same = count >= entries ? guest.sameFilled : Math.min(count, Math.round(guest.sameFilled * part));
    const bytes = guest.zswapBytes * part;
    const stored = this.stored - this.sameFilled;
    const room = count - same >= stored ? this.used : (this.used * (count - same)) / Math.max(1, stored);
    guest.sameFilled -= same;
    guest.zswapBytes = count >= entries ? 0 : guest.zswapBytes - bytes;
    this.sameFilled -= same;
    this.stored -= count;
    this.used -= room;
    if (this.zpool === 'zsmalloc') this.fragments += room * fragmented;
  }

  /** Once a second. @returns pages that the worker of 6.1 should write back */
  second(): number {
    this.fragments = this.stored === 0 ? 0 : this.fragments * (1 - compacted);
    const due = Math.floor(this.refusedSince / refusedPerWriteBack);
    this.refusedSince -= due * refusedPerWriteBack;
    return due;
  }
}

/**
 * One guest as its host sees it: counts of pages by place. To the host all memory of a guest is anonymous, the guest's
 * own page cache included; `file` is the host's cache of the guest's disk image. A plain record with numbers in it, as
 * it is walked once a second for every guest; the functions of the other files change it.
 *
 * All pages of the guest are `resident + zswapped + marked + onDevice`. Pages in the swap cache (`cachedZswap`,
 * `cachedDevice`) are part of `resident` and keep their slot; on 6.1 those from zswap keep their copy there too.
 */
import type { Dice } from '../random.ts';
import type { PageMix } from '../corpus.ts';
import { mixes } from '../workload.ts';
import type { WorkloadKind } from '../workload.ts';
import { storedSizes } from './page-sizes.ts';
import type { StoredSizes } from './page-sizes.ts';
import { Stall } from './stall.ts';

export interface GuestOptions {
  readonly name: string;
  readonly workload: WorkloadKind;
  readonly memoryMiB: number;
}

/** Limits and counters of the guest's control group: a guest that is started anew has a new group. */
export class GroupFigures {
  // Limits in pages; zswapMax in bytes, as its use is.
  max = Infinity;
  high = Infinity;
  low = 0;
  min = 0;
  swapMax = Infinity;
  swapHigh = Infinity;
  zswapMax = Infinity;
  writeback = true;

  stall = new Stall();
  peak = 0;
  swapPeak = 0;

  faults = 0;
  majorFaults = 0;
  zswpin = 0;
  zswpout = 0;
  zswpwb = 0;
  swpinZero = 0;
  swpoutZero = 0;
  pswpin = 0;
  refaultFile = 0;
  scanned = 0;
  scannedDirect = 0;
  stolen = 0;
  stolenDirect = 0;
  eventsLow = 0;
  eventsHigh = 0;
  eventsMax = 0;
  eventsOom = 0;
  eventsOomKill = 0;
  swapFail = 0;
  swapMaxHit = 0;
}

export class Guest {
  readonly name: string;
  readonly uuid: string;
  readonly dice: Dice;
  /** Pages. */
  readonly promised: number;
  workload: WorkloadKind;
  mix: PageMix;
  sizes: StoredSizes;
  /** More than 1: asks for more than its workload would. */
  press = 1;

  domainId = 0;
  pid = 0;
  running = true;
  /** Seconds until libvirt starts it again after it was killed. */
  restartIn = 0;

  // What it wants, renewed every half minute by its workload.
  wantAnon = 0;
  wantHot = 0;
  wantFile = 0;
  touches = 0;
  reads = 0;
  sway = 0;
  owedTouches = 0;
  owedReads = 0;

  resident = 0;
  zswapped = 0;
  /** Zero pages that are only a mark in the swap map (6.12). */
  marked = 0;
  onDevice = 0;
  cachedZswap = 0;
  cachedDevice = 0;
  file = 0;
  /** File pages that were evicted and are still remembered. */
  shadows = 0;
  /** Compressed bytes of its pages in zswap, copies of cached ones included. */
  zswapBytes = 0;
  /** Its pages in zswap that are one repeated value (6.1). */
  sameFilled = 0;
  /** Parts of a page that are still owed, so that small batches keep the shares. */
  owedPoor = 0;
  owedZero = 0;

  mergedZero = 0;
  mergedZeroPage = 0;
  mergedCommon = 0;

  balloon: number;
  /** Where the balloon is going: it moves there in the seconds that follow. */
  balloonTarget: number;
  /** Seconds between two statistics of the balloon; 0 is off. */
  statisticsPeriod = 10;
  insideSwapped = 0;
  insideSwapIn = 0;
  insideSwapOut = 0;

  group = new GroupFigures();
  /** Seconds lost by waiting in the current second. */
  lost = 0;

  constructor(options: GuestOptions, dice: Dice, compressor: string, zpool: string) {
    this.name = options.name;
    this.workload = options.workload;
    this.promised = Math.max(1, Math.round(options.memoryMiB)) * 256;
    this.balloon = this.promised;
    this.balloonTarget = this.promised;
    this.dice = dice;
    this.mix = mixes[options.workload];
    this.sizes = storedSizes(this.mix, compressor, zpool);
    this.uuid = uuidFrom(dice);
    this.sway = dice.next() * 2 - 1;
  }

  /** Pages of its memory, wherever they are. */
  get total(): number {
    return this.resident + this.zswapped + this.marked + this.onDevice;
  }

  /** Pages of it that are not in RAM. */
  get out(): number {
    return this.zswapped + this.marked + this.onDevice;
  }

  /** Swap slots it takes. */
  get slots(): number {
    return this.out + this.cachedZswap + this.cachedDevice;
  }

  get merged(): number {
    return this.mergedZero + this.mergedZeroPage + this.mergedCommon;
  }

  get cold(): number {
    return this.resident > this.wantHot ? this.resident - this.wantHot : 0;
  }
}

export function uuidFrom(dice: Dice): string {
  let text = '';
  for (let at = 0; at < 32; at++) text += dice.between(0, 15).toString(16);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
}

/**
 * KSM of one host. Zero pages of all guests are equal; of code and text a part is, as guests run the same system. How
 * fast they are found follows from pages_to_scan and sleep_millisecs; what is merged splits again when it is written to.
 */
import type { Guest } from './guest.ts';
import { labPageSize } from '../corpus.ts';

export interface KsmOptions {
  readonly run: 0 | 1 | 2;
  readonly pagesToScan?: number;
  readonly sleepMillisecs?: number;
  readonly useZeroPages?: boolean;
}

/** Part of code and text that guests have in common: the system's own programs and libraries. */
const commonCode = 0.5;
const commonText = 0.25;
/** Bookkeeping for each page that is watched (struct ksm_rmap_item on 64-bit kernels): docs/domain.md 5.1 ksm. */
export const rmapItemBytes = 64;
/** Time the scanner itself needs for a page. */
const secondsPerPage = 2e-6;
/** The model looks every so many seconds. */
const every = 4;

export class Ksm {
  run: 0 | 1 | 2;
  pagesToScan: number;
  sleepMillisecs: number;
  mergeAcrossNodes = 1;
  useZeroPages: boolean;
  maxPageSharing = 256;
  pruneMillisecs = 2000;
  smartScan = true;
  advisor: 'none' | 'scan-time' = 'none';
  advisorMaxCpu = 70;
  advisorTarget = 200;
  advisorMin = 500;
  advisorMax = 30_000;

  shared = 0;
  sharing = 0;
  zeroPages = 0;
  /** Pages watched: each has a piece of bookkeeping. */
  items = 0;
  unshared = 0;
  scanned = 0;
  skipped = 0;
  fullScans = 0;
  cowed = 0;
  private cursor = 0;
  private waited = 0;

  constructor(options: KsmOptions) {
    this.run = options.run;
    this.pagesToScan = options.pagesToScan ?? 100;
    this.sleepMillisecs = options.sleepMillisecs ?? 20;
    this.useZeroPages = options.useZeroPages ?? false;
  }

  /** Pages of RAM that merging saves. */
  get saved(): number {
    return this.sharing + this.zeroPages;
  }

  get volatile(): number {
    return Math.max(0, this.items - this.shared - this.sharing - this.unshared);
  }

  get profit(): number {
    return this.saved * labPageSize - this.items * rmapItemBytes;
  }

  get chains(): number {
    return this.dups > 1 ? 1 : 0;
  }

  /** Copies of the zero page, each with at most max_page_sharing users. */
  dups = 0;

  /** @param room pages free for splitting @returns pages of RAM saved more than before (negative: taken) */
  second(guests: readonly Guest[], room: number): number {
    if (++this.waited < every) return 0;
    this.waited = 0;
    const before = this.saved;
    const registered = registeredPages(guests);
    const looked = this.run === 1 ? this.look(registered) : 0;
    const reach = registered === 0 ? 0 : Math.min(1, looked / registered);
    let splitting = this.run === 2 ? Math.max(0, room) : 0;
    for (const guest of guests) {
      this.split(guest);
      if (reach > 0) this.merge(guest, reach);
      if (splitting > 0) splitting -= splitAll(guest, splitting);
    }
    this.count(guests, registered, looked);
    return this.saved - before;
  }

  /** After a guest is gone: what was merged in it is not. */
  settle(guests: readonly Guest[]): void {
    this.count(guests, registeredPages(guests), 0);
  }

  /** How many pages are looked at in the time. */
  private look(registered: number): number {
    if (this.advisor === 'scan-time') {
      const rounds = (this.advisorTarget * 1000) / Math.max(1, this.sleepMillisecs);
      const wanted = Math.round(registered / Math.max(1, rounds));
      this.pagesToScan = Math.min(this.advisorMax, Math.max(this.advisorMin, wanted));
    }
    const round = this.sleepMillisecs / 1000 + this.pagesToScan * secondsPerPage;
    const looked = Math.floor((this.pagesToScan * every) / Math.max(1e-4, round));
    this.scanned += looked;
    this.cursor += looked;
    if (registered > 0 && this.cursor >= registered) {
      this.fullScans += Math.floor(this.cursor / registered);
      this.cursor %= registered;
    }
    return looked;
  }

  /** A page is merged at the second visit, when it has not changed since the first: half a pass for each half. */
  private merge(guest: Guest, reach: number): void {
    const { mix, resident } = guest;
    const part = reach / 2;
    const zero = resident * mix.zero * 0.95;
    if (this.useZeroPages) {
      guest.mergedZeroPage += Math.max(0, Math.floor((zero - guest.mergedZero - guest.mergedZeroPage) * part));
    } else guest.mergedZero += Math.max(0, Math.floor((zero - guest.mergedZero - guest.mergedZeroPage) * part));
    const common = resident * (mix.code * commonCode + mix.text * commonText);
    guest.mergedCommon += Math.max(0, Math.floor((common - guest.mergedCommon) * part));
  }

  /** Writes split pages; pages that left RAM are merged no more. */
  private split(guest: Guest): void {
    const merged = guest.merged;
    if (merged === 0) return;
    const written = Math.min(merged, Math.floor(guest.touches * 0.02 * every * (merged / Math.max(1, guest.resident))));
    const over = Math.max(0, merged - written - Math.floor(guest.resident * 0.95));
    this.cowed += written;
    takeMerged(guest, written + over);
  }

  private count(guests: readonly Guest[], registered: number, looked: number): void {
    let [zero, zeroPages, common, distinct] = [0, 0, 0, 0];
    for (const guest of guests) {
      zero += guest.mergedZero;
      zeroPages += guest.mergedZeroPage;
      common += guest.mergedCommon;
      if (guest.mergedCommon > distinct) distinct = guest.mergedCommon;
    }
    // The first guest that has a page shares it with nobody.
    const lone = distinct === common ? common : 0;
    this.dups = zero > 1 ? Math.ceil(zero / this.maxPageSharing) : 0;
    this.shared = this.dups + (lone > 0 ? 0 : distinct);
    this.sharing = Math.max(0, (this.dups > 0 ? zero - this.dups : 0) + (lone > 0 ? 0 : common - distinct));
    this.zeroPages = zeroPages;
    const tracked = this.shared + this.sharing;
    if (this.run === 2) this.items = tracked;
    else if (this.run === 1) this.items = Math.min(registered, this.items + looked);
    this.items = Math.max(this.items, tracked);
    const single = this.items - tracked;
    this.unshared = Math.floor(single * 0.97);
    if (this.smartScan && looked > 0) this.skipped += Math.floor((looked * single) / Math.max(1, this.items) / 2);
  }
}

function registeredPages(guests: readonly Guest[]): number {
  let registered = 0;
  for (const { resident } of guests) registered += resident;
  return registered;
}

function splitAll(guest: Guest, room: number): number {
  const count = Math.min(guest.merged, room);
  takeMerged(guest, count);
  return count;
}

/** Takes merged pages away, in equal parts. */
function takeMerged(guest: Guest, count: number): void {
  const merged = guest.merged;
  if (merged === 0 || count <= 0) return;
  const part = Math.min(1, count / merged);
  guest.mergedZero -= Math.ceil(guest.mergedZero * part);
  guest.mergedZeroPage -= Math.ceil(guest.mergedZeroPage * part);
  guest.mergedCommon -= Math.ceil(guest.mergedCommon * part);
}

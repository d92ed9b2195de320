/**
 * A paravirtual guest: what it holds and what it has counted. guest-life.ts makes it work, balloon.ts moves its
 * balloon; the host and the guest's own machine read it. Amounts are pages.
 */
import type { PageMix } from '../corpus.ts';
import type { Dice } from '../random.ts';
import type { Client, Domain, Pool } from '../tmem/tmem.ts';
import { mixes } from '../workload.ts';
import type { WorkloadKind } from '../workload.ts';
import { pagesPerMiB } from './options.ts';
import type { XenGuestOptions } from './options.ts';

/** `selfballoon/` of xen_memory0, under the kernel's own names, with its defaults. */
export interface BalloonKnobs {
  selfballooning: number;
  selfballoon_interval: number;
  selfballoon_downhysteresis: number;
  selfballoon_uphysteresis: number;
  selfballoon_min_usable_mb: number;
  selfballoon_reserved_mb: number;
  frontswap_selfshrinking: number;
  frontswap_hysteresis: number;
  frontswap_inertia: number;
}

export class Guest {
  readonly options: XenGuestOptions;
  readonly domain: Domain;
  readonly uuid: string;
  readonly dice: Dice;
  readonly promised: number;
  readonly swap: number;
  /** Kept by the kernel from the start: page structs of all it may ever have, and its image. */
  readonly kernel: number;
  readonly slab: number;
  workload: WorkloadKind;
  /** The toolstack's target. A guest that balloons itself does not move it. */
  target: number;
  /** What the balloon works towards. */
  wanted: number;
  /** What it has. */
  current: number;
  /** The lab's seconds at which it last worked, and at which it works again. */
  livedAt = 0;
  dueAt = 0;
  wobble = 0;
  /** A job that wants memory at once, for a short while: seconds it still runs, and its share of what was promised. */
  burst = { left: 0, share: 0 };

  client: Client | undefined = undefined;
  frontPool: Pool | undefined = undefined;
  cleanPool: Pool | undefined = undefined;

  anon = 0;
  cache = 0;
  /** On the swap disk. */
  disk = 0;
  committed = 0;
  /** Pages freed by the killer when nothing else was left. */
  killed = 0;
  seconds = 1;

  readonly frontswap = { failed_stores: 0, invalidates: 0, loads: 0, succ_stores: 0 };
  readonly cleancache = { failed_gets: 0, invalidates: 0, puts: 0, succ_gets: 0 };
  readonly vm = { pswpin: 0, pswpout: 0, pgpgin: 0, pgpgout: 0, pgmajfault: 0, pgfault: 0, scanned: 0, stolen: 0 };
  readonly knobs: BalloonKnobs;
  /** Seconds since the driver's last round, rounds left before pages are fetched back, and what frontswap held then. */
  sinceRound = 0;
  inertia = 3;
  lastFront = 0;

  constructor(options: XenGuestOptions, domid: number, uuid: string, dice: Dice) {
    this.options = options;
    this.uuid = uuid;
    this.dice = dice;
    this.workload = options.workload;
    this.promised = options.maxMemMiB * pagesPerMiB;
    const memory = options.memoryMiB * pagesPerMiB;
    this.swap = (options.swapMiB ?? 2 * options.memoryMiB) * pagesPerMiB - 1;
    this.kernel = Math.ceil(this.promised / 64) + 8 * pagesPerMiB;
    this.slab = Math.ceil(memory / 200) + 2 * pagesPerMiB;
    this.target = memory;
    this.wanted = memory;
    this.current = memory;
    this.domain = { domid, tot: memory, max: limitFor(memory) };
    const self = options.selfballooning && (options.frontswap || options.cleancache) ? 1 : 0;
    this.knobs = {
      selfballooning: self,
      selfballoon_interval: 5,
      selfballoon_downhysteresis: 8,
      selfballoon_uphysteresis: 1,
      selfballoon_min_usable_mb: 0,
      selfballoon_reserved_mb: 0,
      frontswap_selfshrinking: options.frontswap ? self : 0,
      frontswap_hysteresis: 20,
      frontswap_inertia: 3,
    };
  }

  get mix(): PageMix {
    return mixes[this.workload];
  }
  /** Its own swapped pages that lie in the hypervisor. */
  get front(): number {
    return this.frontPool?.stats.Pc ?? 0;
  }
  /** MemTotal. */
  get totalram(): number {
    return this.current - this.kernel;
  }
  /** Watermarks and reserves of its zones. */
  get reserve(): number {
    return Math.ceil(this.totalram / 100) + pagesPerMiB;
  }
  /** Room for anonymous memory and page cache. */
  get room(): number {
    return Math.max(0, this.totalram - this.slab - this.reserve);
  }
}

/** libxl lets a domain have a MiB more than it says. */
export const limitFor = (pages: number): number => pages + pagesPerMiB;

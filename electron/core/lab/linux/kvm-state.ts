/** Everything a KVM host of the lab remembers: counts of pages, counters, settings, its guests, zswap and KSM. */
import type { EpochMs } from '#shared/units.ts';
import type { Dice } from '../random.ts';
import { labPageSize } from '../corpus.ts';
import type { Flavour, FlavourFacts } from './flavour.ts';
import { factsOf } from './flavour.ts';
import type { GuestOptions } from './guest.ts';
import { GroupFigures, Guest, uuidFrom } from './guest.ts';
import type { KsmOptions } from './ksm.ts';
import { Ksm } from './ksm.ts';
import { Stall } from './stall.ts';
import type { ZswapOptions } from './zswap.ts';
import { Zswap } from './zswap.ts';

/** Mistakes a host can be set up with, each one seen in the field. */
export type Misconfiguration =
  'no-swap' | 'pressure-off' | 'swappiness-zero' | 'tiny-pool' | 'unknown-compressor' | 'no-balloon-statistics';

export interface KvmOptions {
  readonly name: string;
  readonly flavour: Flavour;
  readonly memoryMiB: number;
  readonly swapMiB: number;
  readonly zswap: ZswapOptions;
  readonly ksm: KsmOptions;
  readonly guests: readonly (GuestOptions & { readonly libvirt?: true })[];
  readonly dice: Dice;
  readonly misconfigured?: readonly Misconfiguration[];
  /** The lab's clock at boot: the hour of the day the workloads follow. Eight in the morning without it. */
  readonly startedAt?: EpochMs;
}

const defaultStart = Date.UTC(2026, 0, 5, 8) as EpochMs;

export class KvmState {
  readonly name: string;
  readonly flavour: Flavour;
  readonly facts: FlavourFacts;
  readonly bootId: string;
  readonly productUuid: string;
  readonly startedAt: EpochMs;
  readonly pressureOff: boolean;
  readonly guests: readonly Guest[];
  readonly zswap: Zswap;
  readonly ksm: Ksm;
  readonly stall = new Stall();
  readonly log: string[] = [];
  /** Compressors and allocators that are modules and are loaded. */
  readonly modules: Set<string>;

  /** Milliseconds since boot. */
  age = 0;
  reachable = true;

  /** Pages: what the kernel manages, what it keeps for itself, what other programs of the host take. */
  readonly managed: number;
  readonly kernel: number;
  readonly base: number;
  readonly swapPages: number;
  minimum = 0;
  lowMark = 0;
  highMark = 0;

  swappiness = 60;
  overcommitMemory = 0;
  overcommitRatio = 50;
  pageCluster = 3;
  watermarkScale = 10;
  watermarkBoost = 15_000;
  thp = 'madvise';

  free = 0;
  /** Pages that were asked for in this second and could not be had. */
  short = 0;
  /** Seconds in a row in which nothing more could be reclaimed. */
  starved = 0;
  slots = 0;
  nextDomainId = 1;
  nextPid = 2400;

  /** Of groups that are gone. */
  readonly past = { majorFaults: 0, swpinZero: 0, swpoutZero: 0, refaultFile: 0 };
  pswpin = 0;
  pswpout = 0;
  readKiB = 48_000;
  writtenKiB = 12_000;
  faults = 90_000;
  oomKills = 0;
  readAhead = 0;
  stolenFile = 0;
  stolenAnon = 0;
  scannedFile = 0;
  scannedAnon = 0;
  stolenDirect = 0;
  scannedDirect = 0;
  reclaimRuns = 0;

  constructor(options: KvmOptions) {
    const { dice, flavour, name } = options;
    const wrong = options.misconfigured ?? [];
    this.name = name;
    this.flavour = flavour;
    this.facts = factsOf[flavour];
    this.bootId = uuidFrom(dice.fork('boot'));
    this.productUuid = uuidFrom(dice.fork('product'));
    this.startedAt = options.startedAt ?? defaultStart;
    this.pressureOff = wrong.includes('pressure-off');
    if (wrong.includes('swappiness-zero')) this.swappiness = 0;
    const zswap = wrong.includes('unknown-compressor')
      ? { ...options.zswap, enabled: false, compressor: flavour === '6.12' ? 'zstd-fast' : 'lzo' }
      : options.zswap;
    this.zswap = new Zswap(flavour, wrong.includes('tiny-pool') ? { ...zswap, maxPoolPercent: 1 } : zswap);
    this.ksm = new Ksm(options.ksm);
    const inUse = [this.zswap.compressor, this.zswap.zpool];
    this.modules = new Set(this.zswap.enabled ? inUse.filter((name) => this.facts.modules.includes(name)) : []);
    const total = Math.max(256, Math.round(options.memoryMiB)) * 256;
    this.managed = total - Math.round(total * 0.015) - 8192;
    this.kernel = Math.round(this.managed * 0.02) + 12_288;
    this.base = 65_536 < this.managed / 8 ? 65_536 : Math.round(this.managed / 8);
    this.swapPages = wrong.includes('no-swap')
      ? 0
      : Math.max(0, Math.round(options.swapMiB)) * 256 - (options.swapMiB > 0 ? 1 : 0);
    const minKiB = Math.min(65_536, Math.round(4 * Math.sqrt(this.managed * (labPageSize / 1024))));
    this.setMinimum(Math.round(minKiB / 4));
    const { compressor, zpool } = this.zswap;
    this.guests = options.guests.map((guest) => {
      const made = new Guest(guest, dice.fork(`guest ${guest.name}`), compressor, zpool);
      if (wrong.includes('no-balloon-statistics')) made.statisticsPeriod = 0;
      this.launch(made);
      return made;
    });
    this.free = this.managed - this.kernel - this.base;
  }

  /** min_free_kbytes and watermark_scale_factor make the watermarks. */
  setMinimum(pages: number): void {
    const gap = Math.max(pages / 4, (this.managed * this.watermarkScale) / 10_000);
    this.minimum = pages;
    this.lowMark = Math.round(pages + gap);
    this.highMark = Math.round(pages + 2 * gap);
  }

  launch(guest: Guest): void {
    if (guest.domainId > 0) this.retire(guest);
    guest.running = true;
    guest.domainId = this.nextDomainId++;
    guest.pid = this.nextPid;
    this.nextPid += 17;
  }

  /** A new start is a new group, with counters of its own and no limits; the host's sums go on. */
  private retire(guest: Guest): void {
    const { group } = guest;
    this.past.majorFaults += group.majorFaults;
    this.past.swpinZero += group.swpinZero;
    this.past.swpoutZero += group.swpoutZero;
    this.past.refaultFile += group.refaultFile;
    guest.group = new GroupFigures();
  }

  /** Up to `count` pages of free memory, down to the minimum that is the kernel's own; the rest is missed. */
  allot(count: number): number {
    const room = this.free - this.minimum;
    if (count <= room) {
      this.free -= count;
      return count;
    }
    const given = room > 0 ? room : 0;
    this.free -= given;
    this.short += count - given;
    return given;
  }

  /** Free memory from what is in use: the sum that must hold at every moment. */
  recount(): void {
    let used = this.kernel + this.base + this.zswap.poolPages;
    let slots = 0;
    for (const guest of this.guests) {
      used += guest.resident + guest.file;
      slots += guest.slots;
    }
    this.slots = slots;
    this.free = this.managed - used + this.ksm.saved;
  }
}

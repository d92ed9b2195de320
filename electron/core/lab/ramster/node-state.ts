/** Everything one host of the RAMster lab remembers. Functions of the other files change it; a reboot makes a new one. */
import type { EpochMs } from '#shared/units.ts';
import type { Dice } from '../random.ts';
import { pageClasses } from '../corpus.ts';
import type { PageClass, PageMix } from '../corpus.ts';
import { mixes } from '../workload.ts';
import type { WorkloadKind } from '../workload.ts';
import { uuidFrom } from '../linux/guest.ts';
import { Configfs } from './configfs.ts';
import { KernelLog } from './kernel-log.ts';
import type { ZbudSizes } from './zbud.ts';
import { ZbudPool, zbudSizes } from './zbud.ts';

export interface ProgramOptions {
  readonly name: string;
  readonly workload: WorkloadKind;
  readonly memoryMiB: number;
}

export interface NodeOptions {
  readonly name: string;
  readonly memoryMiB: number;
  readonly swapMiB: number;
  readonly programs: readonly ProgramOptions[];
  /** The node its pages go to once the cluster stands; none for a host that only lends. */
  readonly target?: string;
  readonly persistent?: boolean;
  readonly ephemeral?: boolean;
}

/** A program of the host: a part of its memory, and what dies when its pages are lost. */
export interface Program {
  readonly name: string;
  /** Pages. */
  readonly promised: number;
  workload: WorkloadKind;
  press: number;
  sway: number;
  want: number;
  running: boolean;
  restartIn: number;
}

export interface Side {
  state: 'trying' | 'up' | 'given-up';
  /** Seconds since boot at which it began. */
  since: number;
  /** Seconds without an answer. */
  silent: number;
  /** Port of the end that dialled. */
  dialPort: number;
}

export class NodeState {
  readonly options: NodeOptions;
  readonly name: string;
  readonly address: string;
  readonly dice: Dice;
  readonly bootId: string;
  readonly startedAt: EpochMs;
  readonly log: KernelLog;
  readonly config: Configfs;
  readonly programs: Program[];
  readonly sizes: ZbudSizes;
  readonly eph: ZbudPool;
  readonly pers: ZbudPool;

  /** Milliseconds since boot. */
  age = 0;
  powered = true;
  reachable = true;
  /** Somebody waits for a page of a peer that does not answer; nothing on this host goes on. */
  hung = false;

  readonly managed: number;
  readonly kernel: number;
  /** Of its device, and what of it is switched on now. */
  readonly swapSize: number;
  swapPages: number;
  readonly lowMark: number;
  readonly highMark: number;
  swappiness = 60;
  free = 0;
  wantAnon = 0;
  wantHot = 0;
  wantFile = 0;
  touches = 0;
  reads = 0;
  owed = { touches: 0, reads: 0, zero: 0, poor: 0, ephPoor: 0, ephZero: 0 };

  // Own program pages by place; the pools hold foreign pages as well.
  resident = 0;
  local = 0;
  /** Pages on each other node, by its number. */
  readonly remote = new Map<number, number>();
  /** Pages that were on a node which is lost. */
  lost = 0;
  device = 0;
  file = 0;
  /** Own page-cache pages in zcache, and on another node. */
  ephLocal = 0;
  readonly ephRemote = new Map<number, number>();
  foreignPers = 0;
  /** Nodes that have a pool here. */
  readonly clients = new Set<string>();
  foreignEph = 0;

  // RAMster's switches.
  readonly up = new Set<number>();
  target: number | undefined = undefined;
  /** Text, as any number of 64 bits is kept as it is. */
  persEnable = '0';
  ephEnable = '0';
  readonly sides = new Map<number, Side>();
  pendingFlushes = 0;
  /** Pages asked for in this second that are on another node, or may be. */
  wantedRemote = 0;
  wantedEph = 0;
  /** Local pages whose sending failed: they are in no queue any more. */
  leaked = 0;
  lastFrontswap = 0;
  inertia = 3;

  /** debugfs counters by `group/name`; the file list is in debug-files.ts. */
  readonly counts = new Map<string, number>();
  /** Gauges that root has overwritten, until the kernel counts them again at the next second. */
  readonly forged = new Map<string, number>();
  pswpin = 0;
  pswpout = 0;
  majorFaults = 400;
  stolen = 0;
  died = 0;

  constructor(options: NodeOptions, address: string, dice: Dice, startedAt: EpochMs) {
    this.options = options;
    this.name = options.name;
    this.address = address;
    this.dice = dice;
    this.startedAt = startedAt;
    this.bootId = uuidFrom(dice.fork('boot'));
    this.log = new KernelLog(() => this.age / 1000);
    this.config = new Configfs(this.log);
    this.programs = options.programs.map(({ name, workload, memoryMiB }) => ({
      name,
      workload,
      promised: Math.max(1, Math.round(memoryMiB)) * 256,
      press: 1,
      sway: dice.next() * 2 - 1,
      want: 0,
      running: true,
      restartIn: 0,
    }));
    this.sizes = zbudSizes(mixOf(options.programs));
    this.eph = new ZbudPool(this.sizes.density);
    this.pers = new ZbudPool(this.sizes.density);
    const total = Math.max(128, Math.round(options.memoryMiB)) * 256;
    this.managed = total - Math.round(total * 0.017) - 2048;
    this.kernel = Math.round(this.managed * 0.02) + 6144;
    this.swapSize = Math.max(0, Math.round(options.swapMiB)) * 256 - (options.swapMiB > 0 ? 1 : 0);
    this.swapPages = this.swapSize;
    this.lowMark = Math.round(this.managed / 160) + 256;
    this.highMark = this.lowMark * 2;
    this.recount();
  }

  count(name: string, more = 1): void {
    if (more !== 0) this.counts.set(name, (this.counts.get(name) ?? 0) + more);
  }

  counted(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  get remoteTotal(): number {
    let sum = 0;
    for (const count of this.remote.values()) sum += count;
    return sum;
  }

  /** Pages of frontswap: here and away. */
  get frontswap(): number {
    return this.local + this.remoteTotal + this.lost;
  }

  get slots(): number {
    return this.frontswap + this.device;
  }

  get anon(): number {
    return this.resident + this.slots;
  }

  get seconds(): number {
    return this.age / 1000;
  }

  recount(): void {
    this.free = this.managed - this.kernel - this.resident - this.file - this.eph.frames - this.pers.frames;
  }
}

/** Mix of all programs, by their size. */
function mixOf(programs: readonly ProgramOptions[]): PageMix {
  const all = programs.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  const share = (kind: PageClass): number =>
    all === 0
      ? mixes.web[kind]
      : programs.reduce((sum, { workload, memoryMiB }) => sum + mixes[workload][kind] * memoryMiB, 0) / all;
  return Object.fromEntries(pageClasses.map((kind) => [kind, share(kind)])) as Record<PageClass, number>;
}

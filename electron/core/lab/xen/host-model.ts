/**
 * The model of one Xen host: the hypervisor's heap, tmem, Domain-0 and the guests. Stepped by host.ts; the xl
 * commands beside this file read and change it.
 */
import type { Dice } from '../random.ts';
import { authorise } from '../tmem/control.ts';
import { relinquish } from '../tmem/evict.ts';
import { endClient, newPool } from '../tmem/pools.ts';
import { clientOf, createTmem } from '../tmem/tmem.ts';
import type { Domain, Tmem } from '../tmem/tmem.ts';
import { balloon } from './balloon.ts';
import { bootLines, ConsoleRing } from './console-ring.ts';
import { Guest } from './guest.ts';
import { live } from './guest-life.ts';
import { pagesPerMiB } from './options.ts';
import type { XenGuestOptions, XenHostOptions } from './options.ts';
import { parseUuid } from './uuid.ts';

/** Each guest works that often, seconds; self-ballooning has the same period. Guests take turns. */
const round = 5;

export class HostModel {
  readonly options: XenHostOptions;
  readonly heap: { free: number };
  readonly tmem: Tmem;
  readonly ring = new ConsoleRing();
  readonly guests: Guest[] = [];
  readonly dom0: Domain;
  readonly dice: Dice;
  readonly bootId: string;
  readonly totalMiB: number;
  readonly upAtStart: number;
  elapsed = 0;
  #nextDomid = 1;
  #claim = (pages: number): number => this.claim(pages);

  constructor(options: XenHostOptions) {
    this.options = options;
    this.dice = options.dice.fork(`xen ${options.name}`);
    this.bootId = uuidFrom(this.dice.fork('boot'));
    this.upAtStart = options.upSeconds ?? 86_400 + this.dice.between(0, 40 * 86_400);
    this.totalMiB = options.memoryMiB - 1;
    const dom0 = (options.dom0MiB ?? Math.min(4096, Math.max(512, Math.floor(options.memoryMiB / 16)))) * pagesPerMiB;
    this.dom0 = { domid: 0, tot: dom0 - 64, max: dom0 };
    // The hypervisor keeps its own code, and a page table entry of its own for every frame.
    const own = Math.floor((14 + this.totalMiB / 128) * pagesPerMiB);
    this.heap = { free: this.totalMiB * pagesPerMiB - own - dom0 };
    for (const line of bootLines(options)) this.ring.add(line);
    this.tmem = createTmem({
      version: options.version,
      heap: this.heap,
      compress: options.compress === true,
      sharedAuth: options.sharedAuth === true,
      say: (line) => this.ring.add(line),
    });
    for (const guest of options.guests) this.create(guest);
  }

  /** tmem as guests meet it: nothing where it is switched off. */
  get offered(): Tmem | undefined {
    return this.options.tmem ? this.tmem : undefined;
  }

  /** Starts a guest, as `xl create` does. Throws when the host has no memory for it: the scenario is wrong then. */
  create(options: XenGuestOptions): Guest {
    const domid = this.#nextDomid++;
    const dice = this.dice.fork(`guest ${options.name} ${String(domid)}`);
    const guest = new Guest(options, domid, uuidFrom(dice), dice);
    const got = this.claim(guest.current);
    if (got < guest.current) {
      throw new Error(
        `Xen host ${this.options.name} has no memory for guest ${options.name}: ${String(Math.floor(got / pagesPerMiB))} of ${String(options.memoryMiB)} MiB are left.`,
      );
    }
    // Its first days are behind it: pages of files are cached, and its turn comes at its own moment.
    guest.anon = Math.floor(guest.room / 3);
    guest.cache = Math.floor(guest.room / 6);
    guest.livedAt = this.elapsed;
    guest.dueAt = this.elapsed + (this.guests.length % round) + 1;
    this.guests.push(guest);
    if (this.options.tmem) this.#bindTmem(guest);
    return guest;
  }

  #bindTmem(guest: Guest): void {
    const { options, domain } = guest;
    const { tmem } = this;
    if (!options.frontswap && !options.cleancache) return;
    guest.client = clientOf(tmem, domain);
    const made = (request: Parameters<typeof newPool>[2]) => guest.client?.pools[newPool(tmem, domain, request)];
    if (options.frontswap) guest.frontPool = made({ persistent: true });
    if (!options.cleancache) return;
    const shared = options.clusterFs === undefined ? undefined : parseUuid(options.clusterFs);
    // The administrators authorised it beforehand, which does not work where xl misreads the name.
    const told = options.clusterFs === undefined ? undefined : parseUuid(options.clusterFs, tmem.traits.minor < 8);
    if (told) authorise(tmem, domain, told, true);
    guest.cleanPool = made(shared ? { persistent: false, shared } : { persistent: false });
  }

  destroy(guest: Guest): void {
    this.guests.splice(this.guests.indexOf(guest), 1);
    this.heap.free += guest.current;
    guest.domain.tot -= guest.current;
    endClient(this.tmem, guest.domain.domid);
  }

  find(name: string): Guest | undefined {
    return this.guests.find(({ options, domain }) => options.name === name || String(domain.domid) === name);
  }

  /** Pages out of the heap, tmem giving back what it can; a negative number returns them. @returns how many it got */
  claim(pages: number): number {
    if (pages > this.heap.free && this.options.tmem) relinquish(this.tmem, pages - this.heap.free);
    const got = Math.min(pages, Math.max(0, this.heap.free));
    this.heap.free -= got;
    return got;
  }

  step(seconds: number): void {
    this.elapsed += seconds;
    const now = this.elapsed;
    for (const guest of this.guests) if (guest.dueAt <= now) this.#turn(guest, now);
  }

  #turn(guest: Guest, now: number): void {
    const span = now - guest.livedAt;
    guest.livedAt = now;
    guest.dueAt = now + round;
    const hour = ((this.options.startHour ?? 8) + now / 3600) % 24;
    live(guest, this.offered, span, hour);
    balloon(guest, this.offered, span, this.#claim);
  }

  uptime(): number {
    return this.upAtStart + this.elapsed;
  }
}

function uuidFrom(dice: Dice): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => dice.between(0, 15).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(dice.between(0, 3))}${hex(3)}-${hex(12)}`;
}

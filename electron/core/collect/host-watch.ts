/**
 * Watches one host while it has a link: a round each interval, on a phase of its own so that many hosts spread over
 * the interval, never two rounds at once. What it saw last stays when the link goes, with its age.
 */
import { fail, problemOf } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import type { EpochMs } from '#shared/units.ts';
import type { HostId, HostSummary, MissingRight, PlatformPresence } from '#shared/model/host.ts';
import type { HostReading, RawFile, UnreadFile } from '#shared/model/reading.ts';
import type { Evidence, Platform } from '#core/platforms/platform.ts';
import type { AgentLink, Clock, Log } from '#core/ports.ts';
import type { Catalogue } from './catalogue.ts';
import { HostEvidence } from './evidence.ts';
import { observe } from './observe.ts';
import type { Observation } from './observe.ts';
import { Rates } from './rates.ts';
import { Rounds } from './round.ts';
import type { jobsOf } from './round.ts';
import { summarise } from './summary.ts';

export interface HostWatchOptions {
  readonly host: HostId;
  readonly clock: Clock;
  readonly log: Log;
  readonly platforms: readonly Platform[];
  readonly jobs: ReturnType<typeof jobsOf>;
  readonly catalogue: Catalogue;
  /** Milliseconds; asked before each round, so that a change counts at once. */
  interval(): number;
  onSeen(at: EpochMs, seen: Observation): void;
  onMissing(missing: readonly MissingRight[]): void;
  onDead(why: unknown): void;
}

export class HostWatch {
  readonly #options: HostWatchOptions;
  readonly #rates = new Rates();
  readonly #phase: number;
  #rounds: Rounds | undefined;
  #link: AgentLink | undefined;
  #evidence: HostEvidence | undefined;
  #cancel: () => void = () => undefined;
  /** The round that is out; resolves to why it failed. */
  #running: Promise<unknown> | undefined;
  #renewal: Promise<void> | undefined;
  #pressure: (number | null)[] = [];
  #latest:
    | { at: EpochMs; evidence: Evidence; seen: Pick<Observation, 'values' | 'pools' | 'clusters' | 'troubles'> }
    | undefined;
  /** Those whose system is on the host; all, until a probe has told. */
  #present: readonly Platform[];
  summary: HostSummary | undefined;
  presence: readonly PlatformPresence[] = [];

  constructor(options: HostWatchOptions) {
    this.#options = options;
    this.#phase = phaseOf(options.host);
    this.#present = options.platforms;
  }

  start(link: AgentLink): void {
    this.stop();
    this.#link = link;
    this.#rounds = new Rounds(link, this.#options.clock, this.#options.jobs);
    this.#evidence = new HostEvidence(link.facts.pageSize);
    void this.#round();
  }

  /** The link is gone; the last figures stay. */
  stop(): void {
    this.#cancel();
    this.#link = undefined;
    this.#rounds = undefined;
  }

  /** A round at once, outside the interval. Does nothing while one is running or without a link. */
  async refresh(): Promise<void> {
    this.#cancel();
    await this.#round();
  }

  /** Everything is asked for now; whoever wants that meanwhile is answered together. Rejects with the link's problem. */
  renew(): Promise<void> {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  evidence(): Evidence | undefined {
    return this.#latest?.evidence;
  }

  reading(): HostReading | undefined {
    if (this.#latest === undefined) return undefined;
    const { at, evidence, seen } = this.#latest;
    const files: RawFile[] = [...evidence.files.values()].map(({ path, text, at: readAt }) => ({
      source: path,
      text,
      at: readAt,
    }));
    for (const { command, text, at: readAt } of evidence.commands.values())
      files.push({ source: `$ ${command}`, text, at: readAt });
    const unread: UnreadFile[] = [...evidence.unread].map(([source, { why, words }]) => ({ source, why, words }));
    const { pools, troubles } = seen;
    return { host: this.#options.host, at, values: seen.values(), pools, files, unread, troubles };
  }

  /** The clusters this host is a member of, as it saw them last. */
  clusters(): { at: EpochMs; clusters: Observation['clusters'] } | undefined {
    return this.#latest === undefined ? undefined : { at: this.#latest.at, clusters: this.#latest.seen.clusters };
  }

  async #renew(): Promise<void> {
    // What is out already may have been asked before the change that the caller wants to see.
    while (this.#running !== undefined) await this.#running;
    const rounds = this.#rounds;
    rounds?.askForAll();
    this.#cancel();
    const why = await this.#round();
    if (why !== undefined) throw why;
    if (rounds === undefined || rounds !== this.#rounds)
      fail('host-gone', 'The host went away while it was read. Connect it again, then repeat.');
  }

  /** Does nothing while one is out, or without a link. */
  #round(): Promise<unknown> {
    const rounds = this.#rounds;
    const evidence = this.#evidence;
    const link = this.#link;
    if (rounds === undefined || evidence === undefined || link === undefined || this.#running !== undefined)
      return Promise.resolve();
    this.#running = this.#read(rounds, evidence, link);
    return this.#running;
  }

  async #read(rounds: Rounds, evidence: HostEvidence, link: AgentLink): Promise<unknown> {
    const { clock } = this.#options;
    try {
      evidence.begin();
      const probed = await rounds.run(evidence);
      if (this.#rounds !== rounds) return undefined;
      this.#take(evidence, link, probed);
    } catch (error) {
      if (problemOf(error) === undefined) this.#options.log.bug(`reading host ${link.facts.hostname}`, error);
      if (this.#rounds === rounds) this.#options.onDead(error);
      return error;
    } finally {
      this.#running = undefined;
      // A new link may have come up while the old round was still out.
      if (this.#rounds !== undefined && this.#rounds !== rounds) void this.#round();
    }
    const interval = this.#options.interval();
    const now = clock.now();
    this.#cancel = clock.after(interval - ((now - this.#phase * interval) % interval), () => void this.#round());
    return undefined;
  }

  #take(collected: HostEvidence, link: AgentLink, probed: boolean): void {
    const { clock, platforms, catalogue } = this.#options;
    const at = epochMs(collected.readAt ?? clock.now());
    const evidence = collected.view();
    if (probed) {
      this.presence = presenceOf(platforms, evidence);
      const absent = new Set(this.presence.filter(({ presence }) => presence === 'none').map(({ id }) => id));
      this.#present = platforms.filter(({ id }) => !absent.has(id));
      this.#rounds?.leaveOut(absent);
      this.#options.onMissing(missingRights(evidence));
    }
    const { bootId } = link.facts;
    const uptimeAt = (moment: number | undefined): number => collected.uptimeAt(moment);
    const seen = observe({ at, bootId, evidence, uptimeAt }, this.#present, catalogue, this.#rates);
    const { values, pools, clusters, troubles } = seen;
    this.#latest = { at, evidence, seen: { values, pools, clusters, troubles } };
    this.#pressure = [...this.#pressure.slice(-59), seen.signals['harm.psi-some'] ?? null];
    this.summary = summarise(at, seen, this.#pressure);
    this.#options.onSeen(at, seen);
  }
}

export function presenceOf(platforms: readonly Platform[], evidence: Evidence): PlatformPresence[] {
  return platforms.map((platform) => ({ id: platform.id, title: platform.title, ...platform.detect(evidence) }));
}

export function missingRights(evidence: Evidence): MissingRight[] {
  return [...evidence.unread].filter(([, { why }]) => why === 'refused').map(([path, { words }]) => ({ path, words }));
}

/** 0…1, the same for the same host each time. */
function phaseOf(host: HostId): number {
  let hash = 2166136261;
  for (const char of host) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  return (hash >>> 0) / 2 ** 32;
}

/**
 * The room that watches: one HostWatch per host, what they saw last, and what they saw lately. Talks to hosts only
 * through the links it is given.
 */
import type { AnswerOf, ArgsOf } from '#shared/contract/contract.ts';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import { fail } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import type { HistoryEvent } from '#shared/model/history.ts';
import type { HostConfig, HostId, HostSummary, MissingRight, PlatformPresence } from '#shared/model/host.ts';
import type { Series, Tick } from '#shared/model/sample.ts';
import type { Evidence, Platform } from '#core/platforms/platform.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { AgentLink, Clock, CollectPort, HistoryTick, HostsPort, Log, SignalTable } from '#core/ports.ts';
import { catalogueOf } from './catalogue.ts';
import { fleetSeries, fleetSignals } from './fleet-series.ts';
import { GuestRows } from './guest-rows.ts';
import { eventOf } from './history-events.ts';
import { HistoryRows } from './history-rows.ts';
import type { SharedLayouts } from './history-rows.ts';
import { HostWatch } from './host-watch.ts';
import type { Observation } from './observe.ts';
import { keyFrom, keyOf, signalKey, tickOf } from './keys.ts';
import { Rings } from './rings.ts';
import { jobsOf } from './round.ts';
import { thin } from './thin.ts';

export interface CollectOptions {
  readonly hosts: HostsPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly platforms: readonly Platform[];
  /** Milliseconds between two readings. */
  interval(): number;
  /** A host's summary is newer; `first` when it had none since it went live. */
  onHost(host: HostId, first: boolean): void;
  onTick(tick: Tick): void;
  /** What is kept for good; nothing is put together for it where nobody listens. */
  onHistory?(tick: HistoryTick): void;
  onEvent?(event: HistoryEvent): void;
  onGuests(): void;
  /** A host's view of a cluster is newer, or gone. */
  onClusters(): void;
}

/** How many ticks are kept, and of how many series: fifty of each guest. */
const hostHistory = { ticks: 720, series: 5000 };
const guestHistory = { ticks: 360, series: 50_000 };
const historyLimits = {
  hostColumns: hostHistory.series,
  guestColumns: 50,
  guests: guestHistory.series / 50,
};

interface Watched {
  readonly watch: HostWatch;
  readonly host: Rings;
  readonly guests: Rings;
  readonly rows: HistoryRows;
  /** Live, and not yet read since. */
  fresh: boolean;
}

export class Collect implements CollectPort {
  readonly #options: CollectOptions;
  readonly #jobs: ReturnType<typeof jobsOf>;
  readonly #watched = new Map<HostId, Watched>();
  readonly #layouts: SharedLayouts = new Map();
  readonly catalogue;
  readonly guestRows;

  constructor(options: CollectOptions) {
    this.#options = options;
    this.#jobs = jobsOf(options.platforms);
    this.catalogue = catalogueOf(options.platforms);
    this.guestRows = new GuestRows();
    options.hosts.onLink((host, link) => this.#link(host, link));
    options.hosts.onChange((host) => {
      if (options.hosts.config(host) === undefined) this.#forget(host);
    });
  }

  summary(host: HostId): HostSummary | undefined {
    return this.#watched.get(host)?.watch.summary;
  }

  presence(host: HostId): readonly PlatformPresence[] {
    return this.#watched.get(host)?.watch.presence ?? [];
  }

  reading(host: HostId): AnswerOf<'hosts.reading'> {
    return this.#watched.get(host)?.watch.reading() ?? null;
  }

  async refresh(host: HostId): Promise<void> {
    await this.#live(host)?.watch.refresh();
  }

  async renew(host: HostId): Promise<void> {
    await this.#live(host)?.watch.renew();
  }

  evidence(host: HostId): Evidence | undefined {
    return this.#watched.get(host)?.watch.evidence();
  }

  guests(host: HostId): ReturnType<CollectPort['guests']> {
    return this.guestRows.of(host);
  }

  seenAt(host: HostId): Tick['at'] | undefined {
    return this.summary(host)?.at;
  }

  interval(): number {
    return this.#options.interval();
  }

  signals(host: HostId, signals: readonly SignalId[], from: number): SignalTable {
    const table = this.#watched.get(host)?.host.table(signals.map(signalKey), from);
    const { at, columns } = table ?? { at: [], columns: signals.map(() => undefined) };
    const known = (value: number | undefined): number | null =>
      value === undefined || Number.isNaN(value) ? null : value;
    return { at, columns: columns.map((column) => at.map((_, row) => known(column?.[row]))) };
  }

  members(): readonly ClusterMember[] {
    return [...this.#watched].flatMap(([host, { watch }]) => {
      const seen = watch.clusters();
      const { 'memory.total': memoryTotal, 'memory.available': memoryAvailable } = watch.summary?.signals ?? {};
      return (seen?.clusters ?? []).map(({ reading, flow }) => ({
        host,
        hostName: this.#options.hosts.config(host)?.name ?? '',
        at: seen?.at ?? epochMs(0),
        reading,
        flow,
        ...(memoryTotal === undefined ? {} : { memoryTotal }),
        ...(memoryAvailable === undefined ? {} : { memoryAvailable }),
      }));
    });
  }

  series({ host, keys, spanSeconds, points }: ArgsOf<'samples.series'>): readonly Series[] {
    const watched = this.#watched.get(host);
    if (watched === undefined) return [];
    const from = this.#options.clock.now() - spanSeconds * 1000;
    const wanted = keys ?? [...watched.host.keys()].map(keyFrom);
    return wanted.flatMap(({ metric, instance }): Series[] => {
      const key = keyOf(metric, instance);
      const seen = watched.host.since(key, from) ?? watched.guests.since(key, from);
      return seen === undefined ? [] : [{ metric, instance, ...thin(seen, points) }];
    });
  }

  fleet({ spanSeconds, points }: ArgsOf<'samples.fleet'>): AnswerOf<'samples.fleet'> {
    const to = this.#options.clock.now();
    const from = to - spanSeconds * 1000;
    const tables = [...this.#watched.values()].map(({ host }) => host.table(fleetKeys, from));
    return fleetSeries(tables, { from, to, intervalMs: this.#options.interval(), points });
  }

  /** Milliseconds back from now to the oldest tick in memory: of what is told of the host, and of its guests. */
  ringSpanMs(host: HostId): { readonly host: number; readonly guests: number } {
    const watched = this.#watched.get(host);
    const now = this.#options.clock.now();
    const back = (rings: Rings | undefined): number => Math.max(0, now - (rings?.oldest() ?? now));
    return { host: back(watched?.host), guests: back(watched?.guests) };
  }

  close(): void {
    for (const { watch } of this.#watched.values()) watch.stop();
  }

  #live(host: HostId): Watched | undefined {
    if (this.#options.hosts.state(host).kind !== 'live')
      fail('host-gone', 'That host is not connected; connect it first.');
    return this.#watched.get(host);
  }

  #link(host: HostId, link: AgentLink | undefined): void {
    if (link === undefined) this.#watched.get(host)?.watch.stop();
    else {
      const watched = this.#watched.get(host) ?? this.#begin(host);
      watched.fresh = true;
      watched.watch.start(link);
    }
  }

  #begin(host: HostId): Watched {
    const { clock, log, platforms, hosts, interval } = this.#options;
    const rings = {
      host: new Rings(hostHistory.ticks, hostHistory.series),
      guests: new Rings(guestHistory.ticks, guestHistory.series),
    };
    const watch = new HostWatch({
      host,
      clock,
      log,
      platforms,
      jobs: this.#jobs,
      catalogue: this.catalogue,
      interval,
      onSeen: (at, seen) => this.#seen(host, at, seen),
      onMissing: (missing: readonly MissingRight[]) => hosts.setMissing(host, missing),
      onDead: (why) => hosts.reportDead(host, why),
    });
    const watched = { watch, ...rings, rows: new HistoryRows(historyLimits, this.#layouts), fresh: true };
    this.#watched.set(host, watched);
    return watched;
  }

  #seen(host: HostId, at: Tick['at'], seen: Observation): void {
    const watched = this.#watched.get(host);
    const config = this.#options.hosts.config(host);
    if (watched === undefined || config === undefined) return;
    const intervalMs = this.#options.interval();
    const signals = Object.entries(seen.signals).map(([signal, value]) => [signalKey(signal), value] as const);
    const points = seen.points.map(([metric, instance, value]) => [keyOf(metric, instance), value] as const);
    watched.host.append(at, intervalMs, [...points, ...signals]);
    watched.guests.append(
      at,
      intervalMs,
      seen.guestPoints.map(([metric, instance, value]) => [keyOf(metric, instance), value] as const),
    );
    this.guestRows.replace({ id: host, name: config.name }, at, seen.guests);
    this.#remember(watched, config, at, seen);
    this.#options.onTick(tickOf(host, at, seen));
    this.#options.onHost(host, watched.fresh);
    watched.fresh = false;
    this.#options.onGuests();
    if (seen.clusters.length > 0) this.#options.onClusters();
  }

  #remember({ rows }: Watched, { id, name }: HostConfig, at: Tick['at'], seen: Observation): void {
    const { onHistory, onEvent } = this.#options;
    const event = eventOf({ id, name }, at, seen, this.catalogue);
    if (event !== undefined) onEvent?.(event);
    onHistory?.({ host: id, hostName: name, at, intervalMs: this.#options.interval(), rows: rows.of(name, seen) });
  }

  #forget(host: HostId): void {
    this.#watched.get(host)?.watch.stop();
    this.#watched.delete(host);
    this.guestRows.removeHost(host);
    this.#options.onGuests();
    this.#options.onClusters();
  }
}

const fleetKeys = fleetSignals.map(signalKey);

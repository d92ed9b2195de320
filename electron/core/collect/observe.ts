/**
 * From evidence to what pages show: the platforms' values with their age and rate, the signals, and the points that
 * are kept over time. Everything here is computed anew each tick from the newest texts.
 */
import type { EpochMs } from '#shared/units.ts';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import type { ClusterReading } from '#shared/model/cluster.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { HistoryColumn } from '#shared/model/history.ts';
import type { SignalValues } from '#shared/model/host.ts';
import type { MetricId, MetricValue, SignalId } from '#shared/model/metric.ts';
import type { PoolReading } from '#shared/model/pool.ts';
import type { CurrentValue } from '#shared/model/reading.ts';
import type { Evidence, Platform } from '#core/platforms/platform.ts';
import { addsUp } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import type { Rates } from './rates.ts';

/** `value` is what is drawn, a counter's rate; `kept` what the history keeps, a counter's growth (`Rates.grown`). */
export type Point = readonly [
  metric: MetricId,
  instance: string,
  value: number | undefined,
  kept: number,
  kind: HistoryColumn['kind'],
];

export interface Observation {
  /** With age and rate; put together when somebody asks, as most ticks are not looked at value by value. */
  values(): readonly CurrentValue[];
  readonly guests: readonly ObservedGuest[];
  readonly signals: SignalValues;
  readonly points: readonly Point[];
  /** Guest by guest, in the order of `guests`. */
  readonly guestPoints: readonly Point[];
  /** Since it was observed last. */
  readonly rebooted: boolean;
  /** Metrics whose counter began anew without a reboot, one for each counter. */
  readonly resets: readonly MetricId[];
  readonly pools: readonly PoolReading[];
  readonly clusters: readonly ObservedCluster[];
  readonly troubles: readonly string[];
}

export interface ObservedGuest {
  readonly reading: Omit<GuestReading, 'values'>;
  readonly signals: SignalValues;
  /** How many of `guestPoints` are its own. */
  readonly pointCount: number;
  values(): readonly CurrentValue[];
}

/** A cluster with how fast its pages move. */
export interface ObservedCluster {
  readonly reading: ClusterReading;
  readonly flow: ClusterMember['flow'];
}

export interface Moment {
  readonly at: EpochMs;
  readonly bootId: string;
  readonly evidence: Evidence;
  /** Seconds since boot when the answer came that arrived at this moment of the console's clock. */
  uptimeAt(at: number | undefined): number;
}

export function observe(
  moment: Moment,
  platforms: readonly Platform[],
  catalogue: Catalogue,
  rates: Rates,
): Observation {
  const { at, evidence } = moment;
  const points: Point[] = [];
  const guestPoints: Point[] = [];
  const resets: MetricId[] = [];

  /** Takes a value in: its rate, its point, its signal. */
  const take = (value: MetricValue, into: Point[], signals: Partial<Record<SignalId, number>>): void => {
    const def = catalogue.find(value.metric);
    if (def === undefined || typeof value.value !== 'number' || !Number.isFinite(value.value)) return;
    const { metric, instance, source } = value;
    let drawn: number | undefined = value.value;
    if (def.kind === 'counter') {
      drawn = rates.rate(keyOf(value), value.value, moment.uptimeAt(readAt(evidence, source)));
      if (rates.reset && def.sum !== true) resets.push(metric);
      if (def.charted) into.push([metric, instance, drawn, rates.grown, 'counter']);
    } else if (def.charted) into.push([metric, instance, drawn, drawn, 'level']);
    if (def.signal === undefined || drawn === undefined) return;
    const before = signals[def.signal];
    if (before === undefined) signals[def.signal] = drawn;
    else if (addsUp(def.signal)) signals[def.signal] = before + drawn;
  };
  const current = (value: MetricValue): CurrentValue => {
    const read = readAt(evidence, value.source) ?? at;
    const rate = rates.known(keyOf(value));
    return rate === undefined ? { ...value, at: read } : { ...value, at: read, rate };
  };

  const flowOf = ({ name, system, traffic }: ClusterReading): ClusterMember['flow'] =>
    Object.fromEntries(
      Object.entries(traffic).flatMap(([kind, count]) => {
        const rate = rates.rate(`cluster ${system} ${name} ${kind}`, count, moment.uptimeAt(undefined));
        return rate === undefined ? [] : [[kind, rate]];
      }),
    );

  // Read anew when asked for: what every tick would keep until the next one, the garbage collector would take for
  // something that stays, and two hundred hosts would cost twice the memory.
  const values = (): CurrentValue[] => platforms.flatMap((platform) => platform.read(evidence).values.map(current));
  const guestValues = (key: string): CurrentValue[] =>
    platforms
      .flatMap((platform) => platform.read(evidence).guests.filter((guest) => guest.key === key))
      .flatMap((guest) => guest.values.map(current));

  const rebooted = rates.begin(moment.bootId);
  const signals: Partial<Record<SignalId, number>> = {};
  const guests: ObservedGuest[] = [];
  const pools: PoolReading[] = [];
  const clusters: ObservedCluster[] = [];
  const troubles: string[] = [];
  for (const platform of platforms) {
    const reading = platform.read(evidence);
    for (const value of reading.values) take(value, points, signals);
    for (const { values: told, ...guest } of reading.guests) {
      const own: Partial<Record<SignalId, number>> = {};
      const before = guestPoints.length;
      for (const value of told) take(value, guestPoints, own);
      const pointCount = guestPoints.length - before;
      guests.push({ reading: guest, signals: own, pointCount, values: () => guestValues(guest.key) });
    }
    pools.push(...(reading.pools ?? []));
    for (const cluster of reading.clusters ?? []) clusters.push({ reading: cluster, flow: flowOf(cluster) });
    for (const { path, line, words } of reading.troubles) troubles.push(`${path}, line ${line}: ${words}`);
  }
  rates.end();
  return { values, guests, signals, points, guestPoints, rebooted, resets, pools, clusters, troubles };
}

/** When the text was read that a value stands in. A formula ends in the place its terms stand in: `a + b (PATH)`. */
function readAt({ files, commands }: Evidence, source: string): EpochMs | undefined {
  const read = files.get(source) ?? commands.get(source);
  if (read !== undefined || !source.endsWith(')')) return read?.at;
  const place = source.slice(source.lastIndexOf(' (') + 2, -1);
  return (files.get(place) ?? commands.get(place))?.at;
}

const keyOf = ({ metric, instance }: MetricValue): string => `${metric}|${instance}`;

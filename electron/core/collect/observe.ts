/**
 * From evidence to what pages show: the platforms' values with their age and rate, the signals, and the points that
 * are kept over time. Everything here is computed anew each tick from the newest texts.
 */
import type { EpochMs } from '#shared/units.ts';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import type { ClusterReading } from '#shared/model/cluster.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { SignalValues } from '#shared/model/host.ts';
import type { MetricValue, SignalId } from '#shared/model/metric.ts';
import type { PoolReading } from '#shared/model/pool.ts';
import type { CurrentValue } from '#shared/model/reading.ts';
import type { Evidence, Platform } from '#core/platforms/platform.ts';
import { addsUp } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import type { Rates } from './rates.ts';

export type Point = readonly [metric: string, instance: string, value: number | undefined];

export interface Observation {
  readonly values: readonly CurrentValue[];
  readonly guests: readonly GuestReading[];
  readonly guestValues: ReadonlyMap<string, readonly CurrentValue[]>;
  readonly signals: SignalValues;
  readonly points: readonly Point[];
  readonly guestPoints: readonly Point[];
  readonly pools: readonly PoolReading[];
  readonly clusters: readonly ObservedCluster[];
  readonly troubles: readonly string[];
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
  /** Host uptime in seconds at the console's moments in the evidence. */
  readonly uptimes: ReadonlyMap<number, number>;
}

export function observe(
  moment: Moment,
  platforms: readonly Platform[],
  catalogue: Catalogue,
  rates: Rates,
): Observation {
  const { at, evidence, uptimes } = moment;
  const latestUptime = Math.max(0, ...uptimes.values());
  const signals: Partial<Record<SignalId, number>> = {};
  const points: Point[] = [];
  const guestPoints: Point[] = [];

  const current = (value: MetricValue, into: Point[]): CurrentValue => {
    const def = catalogue.find(value.metric);
    const text = evidence.files.get(value.source);
    const readAt = text?.at ?? at;
    let rate: number | undefined;
    if (def?.kind === 'counter' && typeof value.value === 'number') {
      const uptime = (text && uptimes.get(text.at)) ?? latestUptime;
      rate = rates.rate(`${value.metric}|${value.instance}`, value.value, uptime);
    }
    const drawn = def?.kind === 'counter' ? rate : typeof value.value === 'number' ? value.value : undefined;
    if (def?.charted === true) into.push([value.metric, value.instance, drawn]);
    if (def?.signal !== undefined && def.instance === 'host' && drawn !== undefined) {
      const before = signals[def.signal];
      if (before === undefined) signals[def.signal] = drawn;
      else if (addsUp(def.signal)) signals[def.signal] = before + drawn;
    }
    return rate === undefined ? { ...value, at: readAt } : { ...value, at: readAt, rate };
  };

  const flowOf = ({ name, system, traffic }: ClusterReading): ClusterMember['flow'] =>
    Object.fromEntries(
      Object.entries(traffic).flatMap(([kind, count]) => {
        const rate = rates.rate(`cluster ${system} ${name} ${kind}`, count, latestUptime);
        return rate === undefined ? [] : [[kind, rate]];
      }),
    );

  rates.begin(moment.bootId);
  const values: CurrentValue[] = [];
  const guests: GuestReading[] = [];
  const guestValues = new Map<string, readonly CurrentValue[]>();
  const pools: PoolReading[] = [];
  const clusters: ObservedCluster[] = [];
  const troubles: string[] = [];
  for (const platform of platforms) {
    const reading = platform.read(evidence);
    for (const value of reading.values) values.push(current(value, points));
    for (const guest of reading.guests) {
      guests.push(guest);
      guestValues.set(
        guest.key,
        guest.values.map((value) => current(value, guestPoints)),
      );
    }
    pools.push(...(reading.pools ?? []));
    for (const cluster of reading.clusters ?? []) clusters.push({ reading: cluster, flow: flowOf(cluster) });
    for (const { path, line, words } of reading.troubles) troubles.push(`${path}, line ${line}: ${words}`);
  }
  rates.end();
  return { values, guests, guestValues, signals, points, guestPoints, pools, clusters, troubles };
}

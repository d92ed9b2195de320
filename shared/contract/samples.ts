/** Values over time up to now: from memory, and from the history where the span is longer than that reaches. */
import * as z from 'zod';
import type { MetricDef } from '#shared/model/metric.ts';
import type { Series, Tick } from '#shared/model/sample.ts';
import type { EpochMs } from '#shared/units.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

/** The metric's id, or `signal.<name>` for a signal of the host. */
const seriesKey = z.strictObject({ metric: z.string().max(200), instance: z.string().max(1000) });

export interface CatalogueEntry extends MetricDef {
  readonly platform: string;
}

/** Sums of signals over hosts, on a common time grid. */
export interface FleetSeries {
  readonly at: readonly EpochMs[];
  readonly signals: { readonly [signal: string]: readonly (number | null)[] };
}

/** Ten years: what is older than the memory of the last hour comes from the history on the disk. */
const span = z.int().min(1).max(316_000_000);

export const samples = {
  'samples.catalogue': request(nothing).answering<readonly CatalogueEntry[]>(),
  /** The asked keys that exist; all charted host-level series when `keys` is left out. At most `points` points each, thinned by minimum and maximum. */
  'samples.series': request(
    z.strictObject({
      host: id,
      keys: z.array(seriesKey).max(200).optional(),
      spanSeconds: span,
      points: z.int().min(2).max(4000),
    }),
  ).answering<readonly Series[]>(),
  /** `saved.*` summed, `harm.*` as the worst of the hosts. */
  'samples.fleet': request(
    z.strictObject({ spanSeconds: span, points: z.int().min(2).max(4000) }),
  ).answering<FleetSeries>(),
  /** Replaces what this page watches. Ticks of these hosts are sent until it is replaced or the page goes. */
  'samples.watch': request(z.strictObject({ hosts: z.array(id).max(16) })).answering<null>(),
};

export const sampleEvents = {
  'samples.tick': event<Tick>(),
};

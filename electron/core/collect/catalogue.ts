/** All platforms' metrics in one place, and the few questions asked of them for every value of every tick. */
import type { MetricDef, MetricId, SignalId } from '#shared/model/metric.ts';
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { Platform } from '#core/platforms/platform.ts';

export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  find(metric: MetricId): MetricDef | undefined;
}

export function catalogueOf(platforms: readonly Platform[]): Catalogue {
  const entries = platforms.flatMap((platform) => platform.catalogue.map((def) => ({ ...def, platform: platform.id })));
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return { entries, find: (metric) => byId.get(metric) };
}

/** `saved.*` and `capacity.*` of several mechanisms add up; of anything else the first one counts. */
export const addsUp = (signal: SignalId): boolean => signal.startsWith('saved.') || signal.startsWith('capacity.');

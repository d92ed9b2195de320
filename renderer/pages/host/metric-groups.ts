/** A host's values by the first word of their metric's id (`zswap`, `zram`, `ksm` …), as the catalogue orders them. Pure. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { CurrentValue } from '#shared/model/reading.ts';

export interface MetricRow {
  readonly entry: CatalogueEntry;
  readonly value: CurrentValue;
}

export interface MetricGroup {
  readonly name: string;
  /** Computed by the platform from what was read, not read as it stands. */
  readonly computed: boolean;
  readonly rows: readonly MetricRow[];
  /** Devices the group has values of; [''] for the host itself. */
  readonly instances: readonly string[];
}

export const groupName = (metric: string): string => metric.split('.', 1)[0] ?? metric;

/** @param want which metrics belong to the view; values of guests never do. */
export function metricGroups(
  catalogue: readonly CatalogueEntry[],
  values: readonly CurrentValue[],
  want: (entry: CatalogueEntry) => boolean,
): readonly MetricGroup[] {
  const byMetric = new Map<string, CurrentValue[]>();
  for (const value of values) {
    const same = byMetric.get(value.metric) ?? [];
    byMetric.set(value.metric, same);
    same.push(value);
  }
  const groups = new Map<string, MetricRow[]>();
  for (const entry of catalogue) {
    if (entry.instance === 'guest' || !want(entry)) continue;
    for (const value of byMetric.get(entry.id) ?? []) {
      const rows = groups.get(groupName(entry.id)) ?? [];
      groups.set(groupName(entry.id), rows);
      rows.push({ entry, value });
    }
  }
  const knobbed = new Set(catalogue.filter(({ kind }) => kind === 'setting').map(({ id }) => groupName(id)));
  const found = [...groups].map(([name, rows]) => ({
    name,
    computed: rows.every(({ entry }) => name === entry.platform),
    rows,
    instances: [...new Set(rows.map(({ value }) => value.instance))],
  }));
  // What can be switched is a mechanism, and comes before what is only counted.
  const rank = ({ name, computed }: MetricGroup): number => (computed ? 0 : knobbed.has(name) ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** About as high as a chart, in table rows. */
const chartRows = 9;

/** Groups in two columns of about the same height, which does not change as long as the groups do not. */
export function twoColumns(groups: readonly MetricGroup[]): readonly (readonly MetricGroup[])[] {
  const columns: [MetricGroup[], MetricGroup[]] = [[], []];
  let lead = 0;
  for (const group of groups) {
    const height = group.rows.length + chartRows;
    columns[lead <= 0 ? 0 : 1].push(group);
    lead += lead <= 0 ? height : -height;
  }
  return columns;
}

/** The kernel's own page about a metric. */
export function docAddress(doc: string | undefined): string | undefined {
  if (doc === undefined) return undefined;
  return /^https?:\/\//.test(doc) ? doc : `https://docs.kernel.org/${doc.replace(/^\/+/, '')}`;
}

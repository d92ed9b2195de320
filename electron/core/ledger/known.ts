/** What a span of history says of one host: its totals by metric, seen from the host, a guest or a device. */
import type { SeriesTotals } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { MetricDef, MetricId } from '#shared/model/metric.ts';
import type { Platform } from '#core/platforms/platform.ts';
import type { RuleCondition } from '#core/platforms/ledger.ts';

export type Catalogue = ReadonlyMap<MetricId, MetricDef>;

/** Of a metric that two platforms declare, the first counts, as everywhere. */
export function catalogueOf(platforms: readonly Platform[]): Catalogue {
  const catalogue = new Map<MetricId, MetricDef>();
  for (const { catalogue: own } of platforms)
    for (const def of own) if (!catalogue.has(def.id)) catalogue.set(def.id, def);
  return catalogue;
}

/** Where a rule stands: '' for what does not apply. */
export interface Place {
  readonly guest: string;
  readonly device: string;
}
export const hostPlace: Place = { guest: '', device: '' };

export class HostTotals {
  readonly host: HostId;
  readonly catalogue: Catalogue;
  readonly #series = new Map<string, SeriesTotals>();
  readonly #devices = new Map<MetricId, string[]>();

  constructor(host: HostId, catalogue: Catalogue, totals: readonly SeriesTotals[]) {
    this.host = host;
    this.catalogue = catalogue;
    for (const one of totals) {
      this.#series.set(keyOf(one.guest, one.metric, one.instance), one);
      if (one.guest !== '' || one.instance === '') continue;
      const devices = this.#devices.get(one.metric);
      if (devices === undefined) this.#devices.set(one.metric, [one.instance]);
      else devices.push(one.instance);
    }
  }

  /** A guest's rule may name its host's metrics (the page size), never the other way round. */
  find(metric: MetricId, { guest, device }: Place): SeriesTotals | undefined {
    const level = this.catalogue.get(metric)?.instance;
    if (level === undefined) return undefined;
    return this.#series.get(keyOf(level === 'guest' ? guest : '', metric, level === 'device' ? device : ''));
  }

  devicesWith(metrics: readonly MetricId[]): readonly string[] {
    return [...new Set(metrics.flatMap((metric) => this.#devices.get(metric) ?? []))].sort();
  }

  holds({ metric, is }: RuleCondition, place: Place): boolean {
    const found = this.find(metric, place);
    const amount = found?.kind === 'counter' ? found.increase : found?.mean;
    if (amount === undefined || is === 'absent') return (amount === undefined) === (is === 'absent');
    return is === undefined || (is === 'positive' ? amount > 0 : amount === 0);
  }
}

const keyOf = (guest: string, metric: MetricId, instance: string): string => `${guest}\n${metric}\n${instance}`;

/** The rules of all platforms together, and every metric they need. */
import type { MetricId } from '#shared/model/metric.ts';
import type { HarmRule, RatioRule, RuleTerm, SavingRule } from '#core/platforms/ledger.ts';
import type { Platform } from '#core/platforms/platform.ts';
import type { Catalogue } from './known.ts';

export interface AllRules {
  readonly savings: readonly SavingRule[];
  readonly harm: readonly HarmRule[];
  readonly overcommit: readonly RatioRule[];
  readonly effective: readonly RatioRule[];
  /** What the whole host has, by platform. */
  readonly ram: readonly MetricId[];
}

export const allRules = (platforms: readonly Platform[]): AllRules => ({
  savings: platforms.flatMap(({ ledger }) => ledger?.savings ?? []),
  harm: platforms.flatMap(({ ledger }) => ledger?.harm ?? []),
  overcommit: platforms.flatMap(({ ledger }) => ledger?.overcommit ?? []),
  effective: platforms.flatMap(({ ledger }) => ledger?.effective ?? []),
  ram: platforms.flatMap(({ catalogue }) =>
    catalogue.flatMap(({ id, signal }) => (signal === 'memory.total' ? id : [])),
  ),
});

/** Of all rules' terms, conditions and worst spells; each once. */
export function metricsOf(rules: AllRules, catalogue: Catalogue): readonly MetricId[] {
  const { savings, harm, overcommit, effective, ram } = rules;
  const figures = [
    ...savings.flatMap(({ gross, overhead, net }) => [gross, overhead ?? [], net ?? []].flat()),
    ...harm.map(({ figure }) => figure),
    ...overcommit,
    ...effective,
  ];
  const conditions = [...savings, ...harm].flatMap(({ when = [], cautions = [] }) => [
    ...when,
    ...cautions.map((caution) => caution.when),
  ]);
  const named = [
    ...figures.flatMap(({ terms }) => Object.values(terms).flatMap(metricOf)),
    ...conditions.map(({ metric }) => metric),
    ...harm.flatMap(({ peak }) => peak ?? []),
    ...ram,
  ];
  return [...new Set(named)].filter((metric) => catalogue.has(metric));
}

function metricOf(term: RuleTerm): readonly MetricId[] {
  if ('constant' in term) return [];
  return ['metric' in term ? term.metric : term.knownTimeOf];
}

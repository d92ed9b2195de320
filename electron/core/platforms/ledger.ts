/**
 * What a platform adds to the savings ledger: rules, each a formula over its own metrics. The ledger room fills the
 * terms in from a span of history and does the sum that is written there; nothing else computes a saving.
 */
import type { FigureUnit, Harm, LedgerPart, Mechanism } from '#shared/model/ledger.ts';
import type { MetricId } from '#shared/model/metric.ts';

/**
 * How a span becomes one value: levels by their mean or last reading, counters by what they grew, `steady` without what
 * grew while the host was not read.
 */
export type RuleTerm =
  | {
      readonly metric: MetricId;
      readonly how: 'mean' | 'increase' | 'steady' | 'last';
      /** File and field: `/proc/meminfo, Zswapped`. The history keeps values only. */
      readonly source: string;
    }
  | { readonly constant: number; readonly title: string }
  /** Milliseconds of the span for which this metric is known. */
  | { readonly knownTimeOf: MetricId };

export interface RuleFigure {
  readonly unit: FigureUnit;
  /** Names of terms, numbers, `+ − × ÷`, parentheses, `min(a, b)`, `max(a, b)`: `Zswapped − Zswap`. */
  readonly formula: string;
  readonly terms: { readonly [name: string]: RuleTerm };
  /** A term that nobody tells counts as nothing, instead of leaving the figure out. */
  readonly optional?: readonly string[];
  /**
   * Left out while this formula over the same terms gives fewer pages: files are read one after another, so a ratio
   * of few pages says nothing (docs/domain.md 5.2 trap 14).
   */
  readonly enough?: { readonly of: string; readonly pages: number };
}

/** What a span says of one metric of the same host, guest or device. */
export interface RuleCondition {
  readonly metric: MetricId;
  /** Known at all when left out; else the mean, or what was counted, is more than 0 or is 0; or nobody tells it. */
  readonly is?: 'positive' | 'zero' | 'absent';
}

interface RuleBase {
  /** No two rules of any platform have the same. */
  readonly id: string;
  readonly title: string;
  /** Whose it is; `device` gives one entry for each device that has the terms. */
  readonly level: 'host' | 'guest' | 'device';
  /** Sentences for who reads the figure. */
  readonly notes: readonly string[];
  /** Further sentences, where they apply. */
  readonly cautions?: readonly { readonly when: RuleCondition; readonly note: string }[];
  /** All of them, or there is no figure. */
  readonly when?: readonly RuleCondition[];
  /** Left out where the rule of this id gave a figure: the same memory told by another file. */
  readonly unless?: readonly string[];
}

export interface SavingRule extends RuleBase {
  readonly mechanism: Mechanism;
  readonly part: LedgerPart;
  readonly gross: RuleFigure;
  readonly overhead?: RuleFigure;
  /** Where it is not gross − overhead. */
  readonly net?: RuleFigure;
}

export interface HarmRule extends RuleBase {
  readonly harm: Harm;
  readonly figure: RuleFigure;
  /** The metric whose highest value, or rate, is the worst spell. */
  readonly peak?: MetricId;
}

/** `part ÷ whole`. Of several hosts the parts and the wholes are summed first. */
export interface RatioRule {
  readonly part: string;
  readonly whole: string;
  readonly terms: { readonly [name: string]: RuleTerm };
}

export interface LedgerRules {
  readonly savings: readonly SavingRule[];
  readonly harm: readonly HarmRule[];
  /** Promised to guests against what the host has for them. */
  readonly overcommit?: RatioRule;
  /** Allowed to guests now against the RAM they take. */
  readonly effective?: RatioRule;
}

export const mean = (metric: MetricId, source: string): RuleTerm => ({ metric, how: 'mean', source });
export const increase = (metric: MetricId, source: string): RuleTerm => ({ metric, how: 'increase', source });
export const steady = (metric: MetricId, source: string): RuleTerm => ({ metric, how: 'steady', source });
export const last = (metric: MetricId, source: string): RuleTerm => ({ metric, how: 'last', source });

/** One figure of a rule: its terms filled in from a span, and the sum done that is written there. */
import type { LedgerFigure, LedgerTerm } from '#shared/model/ledger.ts';
import type { RuleFigure, RuleTerm } from '#core/platforms/ledger.ts';
import { evaluate, parseFormula } from './formula.ts';
import type { HostTotals, Place } from './known.ts';

export interface KnownFigure {
  readonly figure: LedgerFigure;
  /** Shortest time for which a term is known; Infinity where none depends on time. */
  readonly coveredMs: number;
}

type Totals = Pick<HostTotals, 'find' | 'catalogue'>;

/** undefined where a term is not told, and where the sum cannot be done: nothing is guessed. */
export function figureOf(rule: RuleFigure, totals: Totals, place: Place): KnownFigure | undefined {
  const formula = parseFormula(rule.formula);
  const terms = new Map<string, LedgerTerm>();
  let coveredMs = Infinity;
  for (const name of formula.names) {
    const term = rule.terms[name];
    if (term === undefined) throw new Error(`“${rule.formula}” names ${name}, which is no term of its rule`);
    const found =
      termOf(name, term, totals, place) ?? (rule.optional?.includes(name) ? notTold(name, term, totals) : undefined);
    if (found === undefined) return undefined;
    terms.set(name, found.term);
    coveredMs = Math.min(coveredMs, found.coveredMs);
  }
  const valueOf = (name: string): number | undefined => terms.get(name)?.value;
  const { enough, unit } = rule;
  if (enough !== undefined && (evaluate(parseFormula(enough.of), valueOf) ?? 0) < enough.pages) return undefined;
  const value = evaluate(formula, valueOf);
  return value === undefined
    ? undefined
    : { figure: { value, unit, formula: rule.formula, terms: [...terms.values()] }, coveredMs };
}

interface KnownTerm {
  readonly term: LedgerTerm;
  readonly coveredMs: number;
}

function termOf(name: string, rule: RuleTerm, totals: Totals, place: Place): KnownTerm | undefined {
  if ('constant' in rule) return { term: constant(name, rule.constant, rule.title), coveredMs: Infinity };
  const metric = 'metric' in rule ? rule.metric : rule.knownTimeOf;
  const def = totals.catalogue.get(metric);
  const series = totals.find(metric, place);
  if (def === undefined || series === undefined) return undefined;
  if ('knownTimeOf' in rule) {
    if (series.coveredMs <= 0) return undefined;
    const term: LedgerTerm = {
      name,
      metric,
      title: 'Time that is known',
      unit: 'milliseconds',
      how: 'constant',
      value: series.coveredMs,
      source: `readings of ${metric} within the span`,
    };
    return { term, coveredMs: series.coveredMs };
  }
  const how = rule.how === 'steady' ? 'increase' : rule.how;
  const whole = series[how];
  if (whole === undefined) return undefined;
  const value = rule.how === 'steady' ? whole - (series.loose ?? 0) : whole;
  const source = rule.how === 'steady' ? `${rule.source}, without what grew while nothing was read` : rule.source;
  const { title, unit } = def;
  // A last reading, such as the page size, says nothing about how much of the span is known.
  return {
    term: { name, metric, title, unit, how, value, source },
    coveredMs: how === 'last' ? Infinity : series.coveredMs,
  };
}

function notTold(name: string, rule: RuleTerm, { catalogue }: Totals): KnownTerm | undefined {
  if (!('metric' in rule)) return undefined;
  const { title = name, unit = 'count' } = catalogue.get(rule.metric) ?? {};
  const source = `${rule.source}: not told here, counts as nothing`;
  return { term: { name, metric: rule.metric, title, unit, how: 'constant', value: 0, source }, coveredMs: Infinity };
}

const constant = (name: string, value: number, title: string): LedgerTerm => ({
  name,
  metric: '',
  title,
  unit: 'count',
  how: 'constant',
  value,
  source: 'the rule itself',
});

/**
 * `first − second`, the terms of both in it. Both are figures of one rule, so equal names are equal terms, and the
 * difference of the values is what the longer formula gives.
 */
export function difference(first: KnownFigure, second: KnownFigure): KnownFigure {
  const [left, right] = [first.figure, second.figure];
  const taken = parseFormula(right.formula).loose ? `(${right.formula})` : right.formula;
  const terms = [...left.terms, ...right.terms.filter(({ name }) => !left.terms.some((term) => term.name === name))];
  return {
    figure: { value: left.value - right.value, unit: left.unit, formula: `${left.formula} − ${taken}`, terms },
    coveredMs: Math.min(first.coveredMs, second.coveredMs),
  };
}

/** Overcommit as a ratio, of a host and of all: what guests were promised, or have now, against the RAM there is. */
import type { LedgerFigure, LedgerTerm } from '#shared/model/ledger.ts';
import type { RatioRule } from '#core/platforms/ledger.ts';
import { figureOf } from './figure.ts';
import { parseFormula } from './formula.ts';
import { hostPlace } from './known.ts';
import type { HostTotals } from './known.ts';

/** A ratio with the two sides it was made of, which are what is summed over hosts. */
export interface KnownRatio {
  readonly figure: LedgerFigure;
  readonly part: number;
  readonly whole: number;
}

/** Of several platforms the first that tells: on a Xen host the hypervisor's RAM, not that of Domain-0. */
export function ratioOf(rules: readonly RatioRule[], totals: HostTotals): KnownRatio | undefined {
  for (const { part, whole, terms } of rules) {
    const side = (formula: string): number | undefined =>
      figureOf({ unit: 'bytes', formula, terms }, totals, hostPlace)?.figure.value;
    const [above, below] = [side(part), side(whole)];
    const formula = `${closed(part)} ÷ ${closed(whole)}`;
    const known = figureOf({ unit: 'ratio', formula, terms }, totals, hostPlace);
    if (above !== undefined && below !== undefined && known !== undefined)
      return { figure: known.figure, part: above, whole: below };
  }
  return undefined;
}

const closed = (formula: string): string => (parseFormula(formula).loose ? `(${formula})` : formula);

export interface Sides {
  readonly part: { readonly name: string; readonly title: string };
  readonly whole: { readonly name: string; readonly title: string };
}

/** Over hosts of which both sides are known. */
export function ratioTogether(all: readonly KnownRatio[], { part, whole }: Sides): LedgerFigure | undefined {
  const term = ({ name, title }: Sides['part'], value: number): LedgerTerm => ({
    name,
    metric: '',
    title,
    unit: 'bytes',
    how: 'mean',
    value,
    source: `the sum over ${String(all.length)} ${all.length === 1 ? 'host' : 'hosts'}; each host shows its own`,
  });
  const terms = [
    term(
      part,
      all.reduce((sum, one) => sum + one.part, 0),
    ),
    term(
      whole,
      all.reduce((sum, one) => sum + one.whole, 0),
    ),
  ] as const;
  const [above, below] = [terms[0].value, terms[1].value];
  if (all.length === 0 || below === 0) return undefined;
  return { value: above / below, unit: 'ratio', formula: `${part.name} ÷ ${whole.name}`, terms };
}

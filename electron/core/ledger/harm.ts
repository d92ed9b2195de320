/**
 * Harm of several put together: what several platforms tell of one host, and what several hosts tell. Counts are
 * summed, with the terms in them; of shares and times per page the worst counts, and the note says whose it is.
 */
import { harms } from '#shared/model/ledger.ts';
import type { HarmEntry, LedgerFigure, LedgerTerm } from '#shared/model/ledger.ts';
import { evaluate, parseFormula, replaceNames } from './formula.ts';

export interface HarmOf {
  readonly whose: string;
  readonly entry: HarmEntry;
}

/** Each kind once, in the order of the model. */
export function harmTogether(all: readonly HarmOf[]): readonly HarmEntry[] {
  return harms.flatMap((harm) => {
    const mine = all.filter(({ entry }) => entry.harm === harm);
    const [first] = mine;
    if (first === undefined) return [];
    if (mine.length === 1) return first.entry;
    return isCount(first.entry) ? summed(mine, first.entry) : worst(mine, first);
  });
}

const isCount = ({ figure: { unit } }: HarmEntry): boolean => unit === 'pages' || unit === 'count';
const notesOf = (entries: readonly HarmOf[]): readonly string[] => [
  ...new Set(entries.flatMap(({ entry }) => entry.notes)),
];

function worst(mine: readonly HarmOf[], first: HarmOf): HarmEntry {
  const most = mine.reduce((so, one) => (one.entry.figure.value > so.entry.figure.value ? one : so), first);
  const peaks = mine.filter(({ entry }) => entry.peak !== undefined);
  const top = peaks.reduce((so, one) => ((one.entry.peak ?? 0) > (so.entry.peak ?? 0) ? one : so), most);
  const { peak } = top.entry;
  const others = whoseOf(mine).length;
  const notes = [`The worst of ${String(others)} hosts, ${most.whose}.`];
  if (peak !== undefined && top.whose !== most.whose) notes.push(`The worst short spell was on ${top.whose}.`);
  return { ...most.entry, ...(peak === undefined ? {} : { peak }), notes: [...notes, ...most.entry.notes] };
}

/** Rates of different hosts need not have been highest at one time: their worst spell is that of one host. */
function summed(mine: readonly HarmOf[], { harm, title }: HarmEntry): HarmEntry {
  const byFormula = new Map<string, LedgerFigure[]>();
  for (const { entry } of mine) {
    const same = byFormula.get(entry.figure.formula);
    if (same === undefined) byFormula.set(entry.figure.formula, [entry.figure]);
    else same.push(entry.figure);
  }
  const parts = [...byFormula.values()].flatMap((figures) => overAll(figures) ?? []);
  const peaks = mine.flatMap(({ entry }) => entry.peak ?? []);
  const peak = peaks.length === 0 ? {} : { peak: Math.max(...peaks) };
  const hosts = whoseOf(mine);
  const notes = hosts.length > 1 ? [`The sum over ${String(hosts.length)} hosts.`] : [];
  return { harm, title, figure: chain(parts), ...peak, notes: [...notes, ...notesOf(mine)] };
}

const whoseOf = (entries: readonly HarmOf[]): readonly string[] => [...new Set(entries.map(({ whose }) => whose))];

/** Figures of one formula: a sum of counters, so that each term may be summed by itself. */
function overAll(figures: readonly LedgerFigure[]): LedgerFigure | undefined {
  const [first] = figures;
  if (first === undefined || figures.length === 1) return first;
  const terms = first.terms.map((term, index): LedgerTerm => {
    const value = figures.reduce((sum, { terms: own }) => sum + (own[index]?.value ?? 0), 0);
    return { ...term, value, source: `${term.source}, summed over ${String(figures.length)} hosts` };
  });
  const values = new Map(terms.map(({ name, value }) => [name, value]));
  const value = evaluate(parseFormula(first.formula), (name) => values.get(name));
  return value === undefined ? undefined : { ...first, value, terms };
}

/** Figures of different formulas: one after the other, with names that do not clash. */
function chain(parts: readonly LedgerFigure[]): LedgerFigure {
  const [first, ...more] = parts as readonly [LedgerFigure, ...LedgerFigure[]];
  return more.reduce((so, part, index) => {
    const renamed = (name: string): string => `${name}_${String(index + 2)}`;
    return {
      value: so.value + part.value,
      unit: so.unit,
      formula: `${so.formula} + ${replaceNames(parseFormula(part.formula), renamed)}`,
      terms: [...so.terms, ...part.terms.map((term) => ({ ...term, name: renamed(term.name) }))],
    };
  }, first);
}

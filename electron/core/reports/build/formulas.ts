/**
 * The tables at the end of a report with figures of the ledger: each formula once, whatever number of hosts use it, its
 * terms with where they are read, and the counters themselves. Pure.
 */
import { digits } from '#shared/format/number.ts';
import type { HostLedger, LedgerEntry, LedgerFigure, LedgerScope, LedgerTerm } from '#shared/model/ledger.ts';
import type { ReportCell, ReportTable } from '#shared/model/report.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { figureText, words } from '../format.ts';
import type { CellUnit } from '../format.ts';
import { partTitles } from '../words.ts';
import { left, right } from './tables.ts';

/** What is made in one go and handed to another thread: hundreds of hosts, or a thousand guests. */
const mostRaw = 6_000;

/** A host, or a guest, with the formulas of its figures. */
export type Scope = LedgerScope & Partial<Pick<HostLedger, 'overcommit' | 'effective'>>;

interface Formula {
  readonly what: string;
  /** A line each: gross, overhead and net where they differ. */
  readonly formula: string;
  readonly notes: readonly string[];
}

function entryFormula({ mechanism, part, title, gross, overhead, net, notes }: LedgerEntry, of: string): Formula {
  const what = `${mechanismTitles[mechanism]}, ${partTitles[part]}${of}: ${title}`;
  if (overhead === undefined && net.formula === gross.formula) return { what, formula: net.formula, notes };
  const lines = [
    `gross: ${gross.formula}`,
    ...(overhead === undefined ? [] : [`overhead: ${overhead.formula}`]),
    `net: ${net.formula}`,
  ];
  return { what, formula: lines.join('\n'), notes };
}

function formulasOf({ guest, entries, harm, overcommit, effective }: Scope): readonly Formula[] {
  const of = guest === '' ? '' : ', of a guest';
  const one = (what: string, its: LedgerFigure, notes: readonly string[] = []): Formula => ({
    what: `${what}${of}`,
    formula: its.formula,
    notes,
  });
  return [
    ...entries.map((entry) => entryFormula(entry, of)),
    ...harm.map(({ title, figure: its, notes }) => one(title, its, notes)),
    ...(overcommit === undefined ? [] : [one('Overcommit ratio', overcommit)]),
    ...(effective === undefined ? [] : [one('Effective ratio', effective)]),
  ];
}

/** Thousands of guests are gone through in pieces, so that hosts are read meanwhile. */
type Turns = (scopes: readonly Scope[], run: (scope: Scope) => void) => Promise<void>;
const scopesAtOnce = 50;
export const inTurns =
  (rest: () => Promise<void>): Turns =>
  async (scopes, run) => {
    for (const [index, scope] of scopes.entries()) {
      if ((index + 1) % scopesAtOnce === 0) await rest();
      run(scope);
    }
  };

/** Those who compute a figure alike share a row; what one of them alone is told to know stands there too. */
export async function formulaTable(scopes: readonly Scope[], turns: Turns): Promise<ReportTable> {
  const distinct = new Map<string, { readonly formula: Formula; readonly notes: Set<string> }>();
  await turns(scopes, (scope) => {
    for (const formula of formulasOf(scope)) {
      const key = `${formula.what}\n${formula.formula}`;
      const row = distinct.get(key) ?? { formula, notes: new Set() };
      for (const note of formula.notes) row.notes.add(note);
      distinct.set(key, row);
    }
  });
  return {
    id: 'formulas',
    title: 'Formulas',
    columns: [left('Figure'), left('Formula'), left('To know')],
    rows: [...distinct.values()].map(({ formula: { what, formula }, notes }) => [
      words(what),
      words(formula),
      words([...notes].join(' ')),
    ]),
    note: 'Each term is explained in the table of terms.',
  };
}

const hows: { readonly [how in LedgerTerm['how']]: string } = {
  mean: 'mean',
  increase: 'sum',
  last: 'last reading',
  constant: 'constant',
};

interface PlacedTerm {
  readonly instance: string;
  readonly term: LedgerTerm;
}

const termsOf = ({ entries, harm, overcommit, effective }: Scope): readonly PlacedTerm[] => [
  ...entries.flatMap(({ instance, gross, overhead, net }) =>
    [gross, overhead, net].flatMap((its) => (its?.terms ?? []).map((term) => ({ instance, term }))),
  ),
  ...[...harm.map(({ figure: its }) => its), overcommit, effective].flatMap((its) =>
    (its?.terms ?? []).map((term) => ({ instance: '', term })),
  ),
];

/** Every term once, whoever tells it. */
export async function termTable(scopes: readonly Scope[], turns: Turns): Promise<ReportTable> {
  const rows = new Map<string, LedgerTerm>();
  await turns(scopes, (scope) => {
    for (const { term } of termsOf(scope)) {
      const key = `${term.name}\n${term.metric}\n${term.how}`;
      if (!rows.has(key)) rows.set(key, term);
    }
  });
  return {
    id: 'terms',
    title: 'Terms, and where they are read',
    columns: [left('Term'), left('What it is'), left('Over the span'), left('Where it is read')],
    rows: [...rows.values()].map(({ name, title, how, source, value }) => [
      words(name),
      words(title),
      words(how === 'constant' ? `constant ${digits(value)}` : hows[how]),
      words(how === 'constant' ? '' : source),
    ]),
    note: 'What each host told for them is in this report as XLSX, CSV and JSON.',
  };
}

/** The counters themselves, so that any figure can be computed again by hand. */
export async function rawTable(scopes: readonly Scope[], turns: Turns): Promise<ReportTable> {
  const rows: ReportCell[][] = [];
  let all = 0;
  await turns(scopes, (scope) => {
    const seen = new Set<string>();
    for (const { instance, term } of termsOf(scope)) {
      const key = `${instance}\n${term.metric}\n${term.how}`;
      if (term.how === 'constant' || seen.has(key)) continue;
      seen.add(key);
      all += 1;
      if (rows.length < mostRaw) rows.push(rawRow(scope, instance, term));
    }
  });
  return {
    id: 'raw',
    title: 'What was read',
    printed: false,
    columns: [
      left('Host or guest'),
      left('Device'),
      left('Term'),
      left('Value'),
      right('Over the span'),
      left('How'),
      left('Source'),
    ],
    rows,
    ...(all > mostRaw
      ? { note: `The first ${mostRaw} of ${all} values; make the report of fewer hosts to see the others.` }
      : {}),
  };
}

const rawRow = ({ name }: Scope, instance: string, term: LedgerTerm): ReportCell[] => [
  words(name),
  words(instance),
  words(term.name),
  words(term.title),
  rawCell(term),
  words(hows[term.how]),
  words(term.source),
];

const rawUnits: { readonly [unit in LedgerTerm['unit']]: CellUnit } = {
  bytes: 'bytes',
  pages: 'pages',
  count: 'count',
  percent: 'percent',
  microseconds: 'milliseconds',
  milliseconds: 'milliseconds',
  seconds: 'seconds',
  flag: 'count',
  text: 'count',
};

const rawCell = ({ unit, value }: LedgerTerm): ReportCell => ({
  text: figureText(unit === 'microseconds' ? value / 1000 : value, rawUnits[unit]),
  value,
  unit,
});

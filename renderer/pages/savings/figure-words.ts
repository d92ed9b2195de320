/** Figures of the ledger in words: short for a table, exact for a formula, and a formula with its numbers put in. Pure. */
import type { FigureUnit, LedgerFigure, LedgerTerm } from '#shared/model/ledger.ts';
import type { MetricUnit } from '#shared/model/metric.ts';
import { absent, nbsp, thinSpace } from '#shared/format/absent.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from '../../format/duration.ts';
import { count, digits } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';

/** As it stands in a table. */
export function formatFigure(value: number | undefined, unit: FigureUnit): string {
  if (value === undefined || !Number.isFinite(value)) return absent;
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'percent':
      return formatPercent(value);
    case 'ratio':
      return digits(value);
    case 'seconds':
      return value < 60 ? `${digits(value)}${nbsp}s` : formatDuration(value * 1000);
    case 'milliseconds':
      return value < 1000 ? `${digits(value)}${nbsp}ms` : formatDuration(value);
    case 'pages':
    case 'count':
      return count(value);
  }
}

const unitWords: { readonly [unit in FigureUnit | MetricUnit]: readonly [one: string, many: string] } = {
  bytes: ['byte', 'bytes'],
  pages: ['page', 'pages'],
  percent: ['%', '%'],
  ratio: ['', ''],
  count: ['', ''],
  seconds: ['s', 's'],
  milliseconds: ['ms', 'ms'],
  microseconds: ['µs', 'µs'],
  flag: ['', ''],
  text: ['', ''],
};

/** To the last unit that is known: `44 345 678 901 bytes`, `0.413 %`. */
export function exactWords(value: number, unit: FigureUnit | MetricUnit): string {
  const [one, many] = unitWords[unit];
  const words = Math.abs(value) === 1 ? one : many;
  return words === '' ? exact(value) : `${exact(value)}${nbsp}${words}`;
}

function exact(value: number): string {
  if (value === 0) return '0';
  const text = Number.isInteger(value) ? String(Math.abs(value)) : decimals(Math.abs(value));
  const [whole = '', part] = text.split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, thinSpace) : whole;
  return (value < 0 ? '−' : '') + spaced + (part === undefined ? '' : `.${part}`);
}
/** Means have a tail that says nothing: three decimals, more where the number is small. */
function decimals(size: number): string {
  const text = size >= 1 ? size.toFixed(3) : size.toPrecision(3);
  return text.includes('e') || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}

/** The formula with what was counted in the place of each name: `48 000 − 12 000 = 36 000 bytes`. */
export function withNumbers({ formula, terms, value, unit }: LedgerFigure): string {
  const byName = new Map(terms.map((term) => [term.name, term.value]));
  const filled = formula.replace(/(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_.]*/gu, (name) => {
    const known = byName.get(name);
    if (known === undefined) return name;
    return known < 0 ? `(${exact(known)})` : exact(known);
  });
  return `${filled} = ${exactWords(value, unit)}`;
}

export const howWords: { readonly [how in LedgerTerm['how']]: string } = {
  mean: 'mean over the time it is known',
  increase: 'sum of what was counted',
  last: 'last reading',
  constant: 'constant',
};

/** A figure in one line, for who rests on it: the formula and what its names stand for. */
export const definitionWords = ({ formula, terms }: LedgerFigure): string =>
  `${formula}${terms.length === 0 ? '' : ` (${terms.map(({ name, title }) => `${name}: ${title}`).join('; ')})`}`;

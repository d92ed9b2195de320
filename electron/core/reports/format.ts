/**
 * How figures are written in reports: a cell keeps the full value and its text. The same rules as on the pages: two
 * decimals below 10, one up to 100, none above; thin spaces in thousands; absent is a dash and zero is 0.
 */
import { absent, nbsp } from '#shared/format/absent.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { count, digits, grouped } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';
import type { LedgerFigure } from '#shared/model/ledger.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { ReportCell } from '#shared/model/report.ts';

/** What a cell's `unit` may say; of money it is the currency. */
export type CellUnit = LedgerFigure['unit'] | 'per second';

export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}${nbsp}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${nbsp}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min');
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const two = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big}${nbsp}${bigUnit}` : `${big}${nbsp}${bigUnit}${nbsp}${small}${nbsp}${smallUnit}`;

/** Money keeps its hundredths up to 1000. */
export const moneyText = (amount: number, currency: string): string =>
  `${amount === 0 ? '0' : Math.abs(amount) < 1000 ? grouped(amount.toFixed(2)) : count(amount)}${nbsp}${currency}`;

const writers: { readonly [unit in CellUnit]: (value: number) => string } = {
  bytes: formatBytes,
  pages: (value) => `${count(value)}${nbsp}${Math.round(Math.abs(value)) === 1 ? 'page' : 'pages'}`,
  percent: formatPercent,
  ratio: digits,
  count,
  seconds: durationText,
  milliseconds: (value) => (Math.abs(value) < 1000 ? `${digits(value)}${nbsp}ms` : durationText(value / 1000)),
  'per second': formatRate,
};

export const words = (text: string): ReportCell => ({ text: text === '' ? absent : text });
export const nothing: ReportCell = { text: absent };

export const figureText = (value: number | undefined, unit: CellUnit): string =>
  value === undefined || !Number.isFinite(value) ? absent : writers[unit](value);

export const figure = (value: number | undefined, unit: CellUnit): ReportCell =>
  value === undefined || !Number.isFinite(value) ? nothing : { text: writers[unit](value), value, unit };

export const money = (amount: number | undefined, currency: string): ReportCell =>
  amount === undefined ? nothing : { text: moneyText(amount, currency), value: amount, unit: currency };

/** How far it moved, with its sign. */
export function move(before: number | undefined, after: number | undefined, unit: CellUnit): ReportCell {
  if (before === undefined || after === undefined) return nothing;
  const moved = figure(after - before, unit);
  return after > before ? { ...moved, text: `+${moved.text}` } : moved;
}

export const signalUnit = (signal: SignalId): CellUnit =>
  signal.startsWith('harm.psi') ? 'percent' : signal.startsWith('harm.') ? 'per second' : 'bytes';

const pad = (part: number): string => String(part).padStart(2, '0');

/** `2026-11-24`, by the console's local time. */
export function dayText(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** `2026-11-24 14:03`, by the console's local time. */
export function momentText(at: number): string {
  const date = new Date(at);
  return `${dayText(at)} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** `UTC+01:00` at that moment. */
export function zoneText(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** Spans as a person types them: `30d`, `6mo`, `2026-11-24`, `2026-11-24T14:00`. Called by the commands. */
import { UsageError } from './command.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

const seconds: { readonly [unit: string]: number } = { min: 60, h: 3600, d: 86_400, w: 7 * 86_400 };

/** Before that moment; months and years by the local calendar. */
export function lastSpan(words: string, now: number): Span {
  const [, count = '', unit = ''] = /^(\d{1,6})(min|h|d|w|mo|y)$/.exec(words) ?? [];
  const amount = Number(count);
  if (amount === 0) throw new UsageError(`--last takes a span such as 12h, 30d, 4w, 6mo or 1y, not "${words}".`);
  const length = seconds[unit];
  const from =
    length === undefined ? monthsBefore(now, unit === 'y' ? amount * 12 : amount) : now - amount * length * 1000;
  if (!(from >= 0)) throw new UsageError(`--last ${words} reaches back beyond 1970.`);
  return { from, to: now };
}

/** 31 March less one month is the last of February. */
function monthsBefore(now: number, months: number): number {
  const date = new Date(now);
  const day = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() - months);
  date.setDate(Math.min(day, new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate()));
  return date.getTime();
}

/** A day alone is its beginning, by the local clock; so is a time without a zone. */
export function moment(option: string, words: string): number {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words) ?? [];
  const at =
    year === undefined
      ? /^\d{4}-\d{2}-\d{2}T/.test(words)
        ? Date.parse(words)
        : NaN
      : new Date(Number(year), Number(month) - 1, Number(day)).getTime();
  const kept = year === undefined || new Date(at).getDate() === Number(day);
  if (!(at >= 0) || !kept)
    throw new UsageError(`${option} takes a day or a time such as 2026-11-24 or 2026-11-24T14:00, not "${words}".`);
  return at;
}

export interface SpanWords {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Undefined where nothing was said. */
export function spanOf({ last, from, to }: SpanWords, now: number): Span | undefined {
  if (last !== undefined) {
    if (from !== undefined || to !== undefined) throw new UsageError('--last goes without --from and --to.');
    return lastSpan(last, now);
  }
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw new UsageError('--to goes with --from.');
  const span = { from: moment('--from', from), to: to === undefined ? now : moment('--to', to) };
  if (span.to <= span.from) throw new UsageError('A span ends after it begins: --to must be later than --from.');
  return span;
}

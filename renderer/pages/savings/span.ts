/**
 * Which span of time a page or a report is about: the last so many days, or from one moment to another. As a person
 * fills it in, as the core takes it, and as it stands in an address. Pure. Savings and Reports use it.
 */
import type { LocationQuery } from 'vue-router';
import type { ReportSpan } from '#shared/model/report.ts';
import { formatDuration } from '../../format/duration.ts';
import { fieldMoment, fieldText } from '../../format/moment-field.ts';
import type { TimeSpan } from '../../parts/time-view.ts';

export const lastSpans = [
  { seconds: 86_400, label: '24\u00a0h', words: 'the last 24\u00a0hours' },
  { seconds: 7 * 86_400, label: '7\u00a0d', words: 'the last 7\u00a0days' },
  { seconds: 30 * 86_400, label: '30\u00a0d', words: 'the last 30\u00a0days' },
  { seconds: 90 * 86_400, label: '90\u00a0d', words: 'the last 90\u00a0days' },
  { seconds: 365 * 86_400, label: '1\u00a0year', words: 'the last year' },
] as const;

/** `last` is the seconds as text, or `between`, which then counts on the two moments in local time. */
export interface SpanForm {
  readonly last: string;
  readonly from: string;
  readonly to: string;
}
export type SpanErrors = { readonly [field in 'from' | 'to']?: string };

const leastSeconds = 60;
const mostSeconds = 316_000_000;

export function spanForm(span: ReportSpan, now: number): SpanForm {
  const { from, to } = momentsOf(span, now);
  return {
    last: 'lastSeconds' in span ? String(span.lastSeconds) : 'between',
    from: localText(from),
    to: localText(to),
  };
}

export function spanErrors({ last, from, to }: SpanForm): SpanErrors {
  if (last !== 'between') return {};
  const begins = fieldMoment(from);
  const ends = fieldMoment(to);
  if (begins === undefined) return { from: 'A day and a time is needed.' };
  if (ends === undefined) return { to: 'A day and a time is needed.' };
  return ends > begins ? {} : { to: 'The end comes after the beginning.' };
}

/** Undefined while the form does not say one. */
export function spanOf(form: SpanForm): ReportSpan | undefined {
  if (form.last !== 'between') {
    const seconds = Number(form.last);
    return Number.isInteger(seconds) && seconds >= leastSeconds && seconds <= mostSeconds
      ? { lastSeconds: seconds }
      : undefined;
  }
  const from = fieldMoment(form.from);
  const to = fieldMoment(form.to);
  return from !== undefined && to !== undefined && to > from ? { from, to } : undefined;
}

export const momentsOf = (span: ReportSpan, now: number): TimeSpan =>
  'lastSeconds' in span
    ? { from: Math.max(0, now - span.lastSeconds * 1000), to: now }
    : { from: span.from, to: span.to };

/** `the last 30 days`, `2026-01-01 00:00 to 2026-02-01 00:00`. */
export function spanWords(span: ReportSpan): string {
  if (!('lastSeconds' in span)) return `${momentWords(span.from)} to ${momentWords(span.to)}`;
  const known = lastSpans.find(({ seconds }) => seconds === span.lastSeconds);
  return known?.words ?? `the last ${formatDuration(span.lastSeconds * 1000)}`;
}

/** `2026-01-15 14:03` by the local clock. */
export const momentWords = (at: number): string => localText(at).replace('T', ' ');

/** Within a sentence a moment or a span stays on one line. */
export const unbroken = (words: string): string =>
  words.replace(/(\d)-(?=\d)/g, '$1\u2011').replace(/(\d) (?=\d)/g, '$1\u00a0');

/** As the address of a page has it. */
export const spanQuery = (span: ReportSpan): Record<string, string> =>
  'lastSeconds' in span ? { last: String(span.lastSeconds) } : { from: String(span.from), to: String(span.to) };

export function spanInQuery(query: LocationQuery, otherwise: ReportSpan): ReportSpan {
  const last = Number(query['last']);
  if (Number.isInteger(last) && last >= leastSeconds && last <= mostSeconds) return { lastSeconds: last };
  const from = Number(query['from'] ?? Number.NaN);
  const to = Number(query['to'] ?? Number.NaN);
  return from >= 0 && to > from && to <= 8.64e15 ? { from, to } : otherwise;
}

export const usualSpan: ReportSpan = { lastSeconds: 30 * 86_400 };

/** `2026-01-15T14:03`: to the minute, as nobody means seconds of a span of days. */
const localText = (at: number): string => fieldText(at).slice(0, 16);

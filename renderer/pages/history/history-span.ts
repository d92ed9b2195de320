/** Spans of the history page: what is visible, one span back and forth, from and to as a person types them. Pure. */
import { nbsp } from '#shared/format/absent.ts';
import { formatDuration } from '../../format/duration.ts';
import { fieldMoment, fieldText } from '../../format/moment-field.ts';
import type { TimeSpan } from '../../parts/time-view.ts';
import { spans } from '../../stores/settings.ts';
import { isLive, type HistoryView, type ViewSpan } from './history-query.ts';

export const baseSpan = (span: ViewSpan, now: number): TimeSpan =>
  isLive(span) ? { from: now - span.last * 1000, to: now } : span;

/** The part that is drawn: what was zoomed to, or the whole. */
export const visibleSpan = ({ span, zoom }: Pick<HistoryView, 'span' | 'zoom'>, now: number): TimeSpan =>
  zoom ?? baseSpan(span, now);

/** Whether what is drawn ends in the present, and so has to be kept current. */
export const follows = ({ span, zoom }: Pick<HistoryView, 'span' | 'zoom'>, now: number): boolean =>
  isLive(span) && (zoom === undefined || zoom.to >= now);

/** One span earlier or later; what would reach beyond now becomes the newest that there is. */
export function moved({ from, to }: TimeSpan, by: -1 | 1, now: number): ViewSpan {
  const length = to - from;
  if (by > 0 && to + length >= now) return { last: Math.max(1, Math.round(length / 1000)) };
  const first = Math.max(0, from + by * length);
  return { from: first, to: first + length };
}

/** The same length up to the last moment that has figures. */
export const endingAt = ({ from, to }: TimeSpan, lastAt: number): ViewSpan => {
  const end = lastAt + 1000;
  return { from: Math.max(0, end - (to - from)), to: end };
};

export interface SpanErrors {
  readonly from?: string;
  readonly to?: string;
}

const shortestMs = 1000;
const longestMs = 10 * 366 * 24 * 3_600_000;

/** A span as it was typed: it, or what is wrong with which field. */
export function typedSpan(from: string, to: string, now: number): { span: TimeSpan } | { errors: SpanErrors } {
  const [first, last] = [fieldMoment(from), fieldMoment(to)];
  if (first === undefined || last === undefined)
    return {
      errors: {
        ...(first === undefined ? { from: 'Say a day and a time of the local clock.' } : {}),
        ...(last === undefined ? { to: 'Say a day and a time of the local clock.' } : {}),
      },
    };
  if (first >= now) return { errors: { from: 'This moment is still to come. A span begins in the past.' } };
  if (last - first < shortestMs) return { errors: { to: 'The end has to be after the beginning.' } };
  if (last > now + 60_000) return { errors: { to: 'This moment is still to come. The latest end is now.' } };
  if (last - first > longestMs) return { errors: { from: 'A span is at most ten years long.' } };
  return { span: { from: first, to: last } };
}

/** `the last 24 h`, `2026-01-15 12:00 – 13:30 (1 h 30 min)`. */
export function spanWords({ from, to }: TimeSpan, live: boolean): string {
  // As the choice is called, where it is one.
  const chosen = spans.find(({ seconds }) => seconds * 1000 === Math.round(to - from));
  const length = chosen?.label.replace(' ', nbsp) ?? formatDuration(to - from);
  return live ? `the last ${length}` : `${betweenWords({ from, to })} (${length})`;
}

const betweenWords = ({ from, to }: TimeSpan): string => {
  const sameDay = new Date(from).toDateString() === new Date(to).toDateString();
  return `${momentWords(from)} – ${sameDay ? clockOf(to) : momentWords(to)}`;
};

/** `2026-01-15 12:00`, with seconds where they are not nought. */
export const momentWords = (at: number): string => `${dayWords(at)} ${clockOf(at)}`;
export const dayWords = (at: number): string => fieldText(at).slice(0, 10);
const clockOf = (at: number): string => fieldText(at).slice(11).replace(/:00$/, '');

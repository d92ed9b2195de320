/** A span against an earlier one: which one, and its lines moved onto the axis of the one shown. Pure. */
import type { TimeLine } from '../../parts/chart-lines.ts';
import type { TimeSpan } from '../../parts/time-view.ts';
import type { Comparison } from './history-query.ts';
import { momentWords } from './history-span.ts';

export interface Earlier {
  readonly span: TimeSpan;
  /** How far its lines are moved to the right. */
  readonly shiftMs: number;
  /** `a week before`. */
  readonly words: string;
  /** `Dashed: the same a week before, from 2026-01-08 12:00 on`. */
  readonly sentence: string;
}

/** Undefined where it would not be earlier than what is shown, or before there was time. */
export function earlierSpan(comparison: Comparison, shown: TimeSpan): Earlier | undefined {
  const start = startOf(comparison, shown);
  const shiftMs = shown.from - start;
  if (start < 0 || shiftMs <= 0) return undefined;
  const words = comparisonWords(comparison);
  return {
    span: { from: start, to: shown.to - shiftMs },
    shiftMs,
    words,
    sentence: `Dashed: the same ${words}, from ${momentWords(start)} on.`,
  };
}

export function comparisonWords(comparison: Comparison): string {
  if (comparison === 'previous') return 'one span before';
  if (comparison === 'day') return 'a day before';
  if (comparison === 'week') return 'a week before';
  return `from ${momentWords(comparison.start)}`;
}

function startOf(comparison: Comparison, { from, to }: TimeSpan): number {
  if (comparison === 'previous') return from - (to - from);
  if (comparison === 'day') return daysBefore(from, 1);
  if (comparison === 'week') return daysBefore(from, 7);
  return comparison.start;
}

/** The same time of the local clock, which is not a multiple of 24 h where summer time begins or ends. */
function daysBefore(at: number, days: number): number {
  const date = new Date(at);
  date.setDate(date.getDate() - days);
  return date.getTime();
}

export const shifted = (line: TimeLine, byMs: number): TimeLine => ({ ...line, at: line.at.map((at) => at + byMs) });

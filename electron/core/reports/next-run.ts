/**
 * When a schedule is due, by the console's local time. Pure but for the time zone. A time that the spring change of the
 * clocks leaves out is made up an hour later that day; one that autumn has twice is taken the first time.
 */
import type { ScheduleDraft } from '#shared/model/report.ts';

type When = Pick<ScheduleDraft, 'every' | 'weekday' | 'minute'>;

/** The time of the period that `at` lies in, or of one `ahead` of it. Months are due on their first day. */
function dueIn({ every, weekday, minute }: When, at: number, ahead: number): number {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  switch (every) {
    case 'day':
      return new Date(year, month, day + ahead, 0, minute).getTime();
    case 'week': {
      const isoDay = date.getDay() === 0 ? 7 : date.getDay();
      return new Date(year, month, day + weekday - isoDay + 7 * ahead, 0, minute).getTime();
    }
    case 'month':
      return new Date(year, month + ahead, 1, 0, minute).getTime();
  }
}

const periods = [-1, 0, 1, 2] as const;

/** The first time after that moment. */
export function nextRun(when: When, after: number): number {
  return Math.min(...periods.map((ahead) => dueIn(when, after, ahead)).filter((due) => due > after));
}

/** The last time up to that moment. */
export function lastRun(when: When, upTo: number): number {
  return Math.max(...periods.map((ahead) => dueIn(when, upTo, ahead)).filter((due) => due <= upTo));
}

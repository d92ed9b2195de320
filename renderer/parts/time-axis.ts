/** Ticks of a time axis on round local times, from seconds to years, and their words. Our own: no date library is needed. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const clockSteps = [1, 2, 5, 10, 15, 30]
  .flatMap((count) => [count * second, count * minute])
  .concat([1, 2, 3, 6, 12].map((count) => count * hour))
  .sort((a, b) => a - b);

/** Steps of the calendar, which are not all of one length. */
interface CalendarStep {
  readonly unit: 'day' | 'month' | 'year';
  readonly count: number;
  readonly about: number;
}
const calendarSteps: readonly CalendarStep[] = [
  ...[1, 2, 4, 7].map((count) => ({ unit: 'day' as const, count, about: count * day })),
  ...[1, 2, 3, 6].map((count) => ({ unit: 'month' as const, count, about: count * 30.4 * day })),
  ...[1, 2, 5, 10].map((count) => ({ unit: 'year' as const, count, about: count * 365 * day })),
];

/**
 * @param offset of the local clock from UTC in milliseconds (east is positive) at a moment: it moves with summer time,
 * and ticks fall on local hours all the same.
 */
export function timeTicks(from: number, to: number, most: number, offset: (at: number) => number): number[] {
  if (!(to > from)) return [];
  const fits = (length: number): boolean => (to - from) / length <= most;
  const step = clockSteps.find(fits);
  if (step === undefined) {
    const last = calendarSteps.at(-1);
    const calendar = calendarSteps.find(({ about }) => fits(about)) ?? last;
    return calendar === undefined ? [] : calendarTicks(from, to, calendar);
  }
  const ticks: number[] = [];
  for (let local = Math.ceil((from + offset(from)) / step) * step; ; local += step) {
    const at = local - offset(local - offset(to));
    if (at > to) return ticks;
    if (at >= from && at > (ticks.at(-1) ?? -Infinity)) ticks.push(at);
  }
}

/** Local midnights: of days, of Mondays, of the first of a month, of a year. */
function calendarTicks(from: number, to: number, { unit, count }: CalendarStep): number[] {
  const start = new Date(from);
  const [year, month, date] = [start.getFullYear(), start.getMonth(), start.getDate()];
  // Every second or fourth day begins anew with each month; one too near to the next 1st would be written over by it.
  const daily = (at: Date): boolean =>
    count === 7 ? at.getDay() === 1 : (at.getDate() - 1) % count === 0 && at.getDate() <= 32 - count;
  const ticks: number[] = [];
  for (let i = 0; ; i++) {
    const at =
      unit === 'day'
        ? new Date(year, month, date + i)
        : unit === 'month'
          ? new Date(year, Math.floor(month / count) * count + i * count, 1)
          : new Date(Math.floor(year / count) * count + i * count, 0, 1);
    if (at.getTime() > to) return ticks;
    if (at.getTime() >= from && (unit !== 'day' || daily(at))) ticks.push(at.getTime());
  }
}

export const localOffset = (at: number): number => -new Date(at).getTimezoneOffset() * minute;

const monthWords = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `14:05`, `14:05:30` where ticks are closer than a minute, `15 Jan` where a day begins, `Jan`, `2026`. */
export function tickWords(at: number, ticks: readonly number[]): string {
  const date = new Date(at);
  const step = (ticks[1] ?? Infinity) - (ticks[0] ?? 0);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  const month = monthWords[date.getMonth()] ?? '';
  if (midnight && Number.isFinite(step)) {
    const newYear = date.getMonth() === 0 && date.getDate() === 1;
    if (newYear && step > day / 2) return String(date.getFullYear());
    return step > 27 * day ? month : `${date.getDate()}\u00a0${month}`;
  }
  const parts = [date.getHours(), date.getMinutes()];
  if (step < minute) parts.push(date.getSeconds());
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Ticks of a time axis on round local times, and their words. Our own, so that no date library is needed. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  1 * second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  1 * minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  1 * hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
];

/** @param offset of the local clock from UTC in milliseconds (east is positive), so that ticks fall on local hours. */
export function timeTicks(from: number, to: number, most: number, offset: number): number[] {
  if (!(to > from)) return [];
  const step = steps.find((one) => (to - from) / one <= most) ?? 24 * hour;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + offset) / step) * step - offset; at <= to; at += step) ticks.push(at);
  return ticks;
}

export const localOffset = (at: number): number => -new Date(at).getTimezoneOffset() * minute;

/** `14:05`, or `14:05:30` where ticks are closer than a minute. */
export function tickWords(at: number, ticks: readonly number[]): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes()];
  const step = (ticks[1] ?? Infinity) - (ticks[0] ?? 0);
  if (step < minute) parts.push(date.getSeconds());
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

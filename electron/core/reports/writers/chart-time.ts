/**
 * The time axis of a chart on paper: ticks on round local times and their words, in two rows: the time, and beneath it
 * the day (or year) it belongs to, where that changes. Called by svg.ts.
 */
import { momentText, zoneText } from '../format.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps within a day, then in days, then in months: the clock's, the week's and the calendar's own. */
const clockSteps = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
const daySteps = [1, 2, 7, 14];
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120];

export interface TimeTick {
  readonly at: number;
  readonly words: string;
  /** The day or year, where it is another than at the tick before. */
  readonly below: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (part: number): string => String(part).padStart(2, '0');

/** @param most ticks that the axis has room for. */
export function timeTicks(from: number, to: number, most: number): readonly TimeTick[] {
  if (!(to > from) || most < 1) return [];
  const span = to - from;
  const clock = clockSteps.find((step) => span / (step * second) <= most);
  if (clock !== undefined) return inWords(clockTicks(from, to, clock * second), clockWords(clock < 60), dayWords);
  const days = daySteps.find((step) => span / (step * day) <= most);
  if (days !== undefined) return inWords(dayTicks(from, to, days), dayOnly, yearWords);
  const step = monthSteps.find((one) => span / (one * 30.4 * day) <= most) ?? 120;
  return step < 12
    ? inWords(monthTicks(from, to, step), (at) => months[at.getMonth()] ?? '', yearWords)
    : inWords(monthTicks(from, to, step), yearWords, () => '');
}

/** By the local calendar, day by day, so that a day of 23 or 25 hours does not move the ticks behind it. */
function clockTicks(from: number, to: number, step: number): number[] {
  const ticks: number[] = [];
  const first = new Date(from);
  for (let count = 0; ; count++) {
    const midnight = new Date(first.getFullYear(), first.getMonth(), first.getDate() + count).getTime();
    const next = new Date(first.getFullYear(), first.getMonth(), first.getDate() + count + 1).getTime();
    if (midnight > to) return ticks;
    // Steps by the clock on the wall; where the clock is set forward the hour that is left out has no tick.
    const begin = Math.max(0, Math.floor((from - midnight) / step) - 2);
    for (let i = begin; i * step < day; i++) {
      const wall = new Date(first.getFullYear(), first.getMonth(), first.getDate() + count, 0, 0, 0, i * step);
      const at = wall.getTime();
      if (at > to || at >= next) break;
      if (at >= from && at > (ticks.at(-1) ?? -Infinity) && isOnStep(wall, step)) ticks.push(at);
    }
  }
}

const isOnStep = (at: Date, step: number): boolean =>
  (at.getHours() * hour + at.getMinutes() * minute + at.getSeconds() * second) % step === 0;

function dayTicks(from: number, to: number, step: number): number[] {
  const ticks: number[] = [];
  const start = new Date(from);
  // Weeks begin on Mondays; pairs of days on even days of the era, so that a report of tomorrow has the same ticks.
  for (let count = 0; ; count++) {
    const at = new Date(start.getFullYear(), start.getMonth(), start.getDate() + count);
    if (at.getTime() > to) return ticks;
    const number = Math.round(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / day) + 3;
    if (at.getTime() >= from && number % step === 0) ticks.push(at.getTime());
  }
}

function monthTicks(from: number, to: number, step: number): number[] {
  const ticks: number[] = [];
  const start = new Date(from);
  for (let month = start.getFullYear() * 12 + start.getMonth(); ; month++) {
    const at = new Date(Math.floor(month / 12), month % 12, 1).getTime();
    if (at > to) return ticks;
    if (at >= from && month % step === 0) ticks.push(at);
  }
}

function inWords(ticks: readonly number[], words: (at: Date) => string, below: (at: Date) => string): TimeTick[] {
  let last = '';
  return ticks.map((at) => {
    const date = new Date(at);
    const group = below(date);
    const shown = group === last ? '' : group;
    last = group;
    return { at, words: words(date), below: shown };
  });
}

const clockWords =
  (withSeconds: boolean) =>
  (at: Date): string =>
    [at.getHours(), at.getMinutes(), ...(withSeconds ? [at.getSeconds()] : [])].map(two).join(':');
const dayOnly = (at: Date): string => `${at.getDate()} ${months[at.getMonth()] ?? ''}`;
const dayWords = (at: Date): string => `${dayOnly(at)} ${at.getFullYear()}`;
const yearWords = (at: Date): string => String(at.getFullYear());

/** From when to when, for the head of a report. Says both offsets where summer time lies between them. */
export function spanWords(from: number, to: number): string {
  const [first, last] = [zoneText(from), zoneText(to)];
  return first === last
    ? `${momentText(from)} to ${momentText(to)}, local time (${last})`
    : `${momentText(from)} (${first}) to ${momentText(to)} (${last}), local time`;
}

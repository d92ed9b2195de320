/** Spans, ages and clock times. */
import { absent, nbsp } from '#shared/format/absent.ts';

/** `8 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(millis: number | undefined): string {
  if (millis === undefined || !Number.isFinite(millis)) return absent;
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return `${seconds}${nbsp}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${nbsp}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min');
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** `now`, `8 s ago`, `3 min ago`. A moment in the future (a clock that jumped) is `now`. */
export function formatAge(at: number | undefined, now: number): string {
  if (at === undefined) return absent;
  const age = now - at;
  return age < 1500 ? 'now' : `${formatDuration(age)} ago`;
}

/** What is left of a wait: `1:42`, `0:08`. */
export function formatCountdown(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `14:03:27` by the local clock; with the day when it is not today's. */
export function formatClock(at: number | undefined, now: number): string {
  if (at === undefined) return absent;
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':');
  const sameDay = new Date(now).toDateString() === date.toDateString();
  return sameDay ? time : `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`;
}

const pad = (part: number): string => String(part).padStart(2, '0');
const two = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big}${nbsp}${bigUnit}` : `${big}${nbsp}${bigUnit}${nbsp}${small}${nbsp}${smallUnit}`;

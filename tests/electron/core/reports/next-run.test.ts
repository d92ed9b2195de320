/** When schedules are due, by local time: across the changes of the clocks, ends of months and years. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastRun, nextRun } from '#core/reports/next-run.ts';

const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const at = (text: string): number => Date.parse(text);
const said = (ms: number): string => new Date(ms).toISOString();
const daily = (minute: number) => ({ every: 'day', weekday: 1, minute }) as const;
const weekly = (weekday: number, minute: number) => ({ every: 'week', weekday, minute }) as const;
const monthly = (minute: number) => ({ every: 'month', weekday: 1, minute }) as const;

describe('next', () => {
  test.each([
    ['today, while its time is to come', daily(7 * 60), '2026-11-24T06:59:00+01:00', '2026-11-24T06:00:00.000Z'],
    ['tomorrow, at its very moment', daily(7 * 60), '2026-11-24T07:00:00+01:00', '2026-11-25T06:00:00.000Z'],
    ['in summer at the same local time', daily(7 * 60), '2026-07-01T08:00:00+02:00', '2026-07-02T05:00:00.000Z'],
    ['after the night that is an hour short', daily(7 * 60), '2026-03-28T08:00:00+01:00', '2026-03-29T05:00:00.000Z'],
    ['a time that is left out, an hour later', daily(150), '2026-03-28T12:00:00+01:00', '2026-03-29T01:30:00.000Z'],
    ['and the day after at its time again', daily(150), '2026-03-29T03:30:00+02:00', '2026-03-30T00:30:00.000Z'],
    ['a time that is there twice, the first time', daily(150), '2026-10-24T12:00:00+02:00', '2026-10-25T00:30:00.000Z'],
    ['and not the second', daily(150), '2026-10-25T02:30:00+02:00', '2026-10-26T01:30:00.000Z'],
    ['midnight', daily(0), '2026-12-31T12:00:00+01:00', '2026-12-31T23:00:00.000Z'],
    ['this week', weekly(5, 480), '2026-11-24T12:00:00+01:00', '2026-11-27T07:00:00.000Z'],
    ['next week, when its day has passed', weekly(1, 480), '2026-11-24T12:00:00+01:00', '2026-11-30T07:00:00.000Z'],
    ['Sunday is the week’s last', weekly(7, 480), '2026-11-29T07:00:00+01:00', '2026-11-29T07:00:00.000Z'],
    ['Monday after a Sunday', weekly(1, 480), '2026-11-29T12:00:00+01:00', '2026-11-30T07:00:00.000Z'],
    ['a week with a change of the clocks', weekly(1, 480), '2026-10-19T09:00:00+02:00', '2026-10-26T07:00:00.000Z'],
    ['the first of the next month', monthly(360), '2026-01-31T12:00:00+01:00', '2026-02-01T05:00:00.000Z'],
    ['in a short month', monthly(360), '2026-02-28T23:59:00+01:00', '2026-03-01T05:00:00.000Z'],
    ['over the year’s end', monthly(360), '2026-12-01T06:00:00+01:00', '2027-01-01T05:00:00.000Z'],
    ['the first of this month, before its time', monthly(360), '2026-12-01T05:59:00+01:00', '2026-12-01T05:00:00.000Z'],
  ])('%s', (_, when, now, expected) => {
    expect(said(nextRun(when, at(now)))).toBe(expected);
  });
});

test('last is the one before next, and both are at their minute', () => {
  const when = fc.record({
    every: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    weekday: fc.integer({ min: 1, max: 7 }),
    minute: fc.integer({ min: 0, max: 1439 }),
  });
  const moment = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
  fc.assert(
    fc.property(when, moment, (schedule, now) => {
      const [next, last] = [nextRun(schedule, now), lastRun(schedule, now)];
      expect(last).toBeLessThanOrEqual(now);
      expect(next).toBeGreaterThan(now);
      expect(nextRun(schedule, last)).toBe(next);
      expect(lastRun(schedule, next)).toBe(next);
      const date = new Date(next);
      const minute = date.getHours() * 60 + date.getMinutes();
      // Between two and three on the day when the clocks go forward, an hour later.
      expect([schedule.minute, schedule.minute + 60]).toContain(minute);
      if (schedule.every === 'week') expect(date.getDay() || 7).toBe(schedule.weekday);
      if (schedule.every === 'month') expect(date.getDate()).toBe(1);
    }),
  );
});

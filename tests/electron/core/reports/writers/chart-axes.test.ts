/** Ticks of both axes: round, in order, and in the words of the local calendar. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { valueScale } from '#core/reports/writers/chart-scale.ts';
import { spanWords, timeTicks } from '#core/reports/writers/chart-time.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const words = (from: string, to: string, most = 10): string[] =>
  timeTicks(Date.parse(from), Date.parse(to), most).map((tick) =>
    tick.below === '' ? tick.words : `${tick.words} ${tick.below}`,
  );

describe('the time axis', () => {
  it('says the day once and where it changes', () => {
    process.env['TZ'] = 'Europe/Berlin';
    expect(words('2026-11-23T17:30:00+01:00', '2026-11-24T07:00:00+01:00', 6)).toEqual([
      '18:00 23 Nov 2026',
      '21:00',
      '00:00 24 Nov 2026',
      '03:00',
      '06:00',
    ]);
    expect(words('2026-11-23T17:30:00+01:00', '2026-11-23T17:30:05+01:00', 6)[1]).toBe('17:30:01');
  });

  it('stays on the hours of the wall clock when that is set back or forward', () => {
    process.env['TZ'] = 'Europe/Berlin';
    expect(words('2026-10-24T12:00:00+02:00', '2026-10-25T18:00:00+01:00', 6).map((tick) => tick.slice(0, 5))).toEqual([
      '12:00',
      '18:00',
      '00:00',
      '06:00',
      '12:00',
      '18:00',
    ]);
    expect(words('2026-03-28T18:00:00+01:00', '2026-03-29T12:00:00+02:00', 4).map((tick) => tick.slice(0, 5))).toEqual([
      '18:00',
      '00:00',
      '06:00',
      '12:00',
    ]);
    expect(spanWords(Date.parse('2026-10-24T12:00:00+02:00'), Date.parse('2026-10-25T18:00:00+01:00'))).toBe(
      '2026-10-24 12:00 (UTC+02:00) to 2026-10-25 18:00 (UTC+01:00), local time',
    );
  });

  it('counts weeks from Mondays, months and years by the calendar', () => {
    process.env['TZ'] = 'UTC';
    expect(words('2026-10-25T12:00:00Z', '2026-11-24T12:00:00Z', 6)).toEqual([
      '26 Oct 2026',
      '2 Nov',
      '9 Nov',
      '16 Nov',
      '23 Nov',
    ]);
    expect(words('2026-09-10T00:00:00Z', '2027-04-02T00:00:00Z', 8)).toEqual([
      'Oct 2026',
      'Nov',
      'Dec',
      'Jan 2027',
      'Feb',
      'Mar',
      'Apr',
    ]);
    expect(words('2016-05-01T00:00:00Z', '2026-05-01T00:00:00Z', 8)).toEqual(['2018', '2020', '2022', '2024', '2026']);
  });

  it('is in order, within the span, and never more than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1000, max: 3e11 }),
        fc.integer({ min: 1, max: 12 }),
        (from, span, most) => {
          const ticks = timeTicks(from, from + span, most).map(({ at }) => at);
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
          expect(ticks.every((at) => at >= from && at <= from + span)).toBe(true);
          expect(ticks.length).toBeLessThanOrEqual(most + 2);
        },
      ),
    );
  });
});

describe('the value axis', () => {
  it('has round steps in one unit', () => {
    const gib = 1024 ** 3;
    const { ticks, words: say, max } = valueScale(0, 27.4 * gib, 'bytes', 6);
    expect(ticks.map(say)).toEqual([
      '0',
      '5\u00a0GiB',
      '10\u00a0GiB',
      '15\u00a0GiB',
      '20\u00a0GiB',
      '25\u00a0GiB',
      '30\u00a0GiB',
    ]);
    expect(max).toBe(30 * gib);
    const small = valueScale(0, 0.8 * gib, 'bytes', 4);
    expect(small.ticks.map(small.words)).toEqual(['0', '500\u00a0MiB', '1000\u00a0MiB']);
    const share = valueScale(0, 12, 'percent', 3);
    expect(share.ticks.map(share.words)).toEqual(['0', '5\u00a0%', '10\u00a0%', '15\u00a0%']);
  });

  it('holds every value, has zero among its ticks, and says each tick differently', () => {
    const unit = fc.constantFrom('bytes', 'percent', 'rate', 'count');
    fc.assert(
      fc.property(
        fc.double({ min: -1e15, max: 0, noNaN: true }),
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        unit,
        (low, high, of) => {
          const { min, max, ticks, words: say } = valueScale(low, high, of as 'bytes', 6);
          expect(min).toBeLessThanOrEqual(low);
          expect(max).toBeGreaterThanOrEqual(high - (max - min) * 1e-8);
          expect(max).toBeGreaterThan(min);
          expect(ticks).toContain(0);
          expect(new Set(ticks.map(say)).size).toBe(ticks.length);
        },
      ),
    );
  });
});

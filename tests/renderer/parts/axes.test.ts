import { describe, expect, it } from 'vitest';
import { shownSpan } from '../../../renderer/parts/shown-span.ts';
import { localOffset, tickWords, timeTicks } from '../../../renderer/parts/time-axis.ts';
import { valueScale } from '../../../renderer/parts/value-scale.ts';

const GiB = 1024 ** 3;

describe('value axis', () => {
  it.each([
    [0, 25.6 * GiB, 'binary', 3, { min: 0, max: 30 * GiB, ticks: [0, 10 * GiB, 20 * GiB, 30 * GiB] }],
    [-2 * GiB, 4 * GiB, 'binary', 3, { min: -2 * GiB, max: 4 * GiB, ticks: [-2 * GiB, 0, 2 * GiB, 4 * GiB] }],
    [0, 5, 'percent', 1, { min: 0, max: 5, ticks: [0, 5] }],
    [0, 187, 'decimal', 2, { min: 0, max: 200, ticks: [0, 100, 200] }],
    [0, 0, 'decimal', 2, { min: 0, max: 1, ticks: [0, 1] }],
    [3, 3, 'decimal', 1, { min: 0, max: 5, ticks: [0, 5] }],
  ] as const)('from %d to %d by %s in %d parts', (low, high, steps, parts, scale) => {
    expect(valueScale(low, high, steps, parts)).toEqual(scale);
  });
  it('shows a little below zero as a little, so that zero stays next to what is mirrored below', () => {
    expect(valueScale(-0.2 * GiB, 57 * GiB, 'binary', 3)).toEqual({
      min: -0.2 * GiB,
      max: 60 * GiB,
      ticks: [0, 20 * GiB, 40 * GiB, 60 * GiB],
    });
  });
  it('reaches the next unit rather than 600 of the one below', () => {
    expect(valueScale(0, 1200 * 1024 ** 2, 'binary', 2).ticks).toEqual([0, GiB, 2 * GiB]);
    expect(valueScale(0, 1.83 * GiB, 'binary', 4).ticks).toEqual([0, GiB / 2, GiB, 1.5 * GiB, 2 * GiB]);
    expect(valueScale(0, 0.9 * GiB, 'binary', 5).ticks.at(-1)).toBe(GiB);
  });
});

describe('time axis', () => {
  const hour = 3_600_000;
  const utc = () => 0;
  it('puts ticks on round moments of the local clock', () => {
    const from = Date.UTC(2026, 0, 1, 0, 7);
    expect(timeTicks(from, from + hour, 6, utc).map((at) => new Date(at).getUTCMinutes())).toEqual([
      10, 20, 30, 40, 50, 0,
    ]);
    // Half an hour off UTC, as in Kolkata: every third local hour.
    const offset = 5.5 * hour;
    const ticks = timeTicks(from, from + 12 * hour, 5, () => offset);
    expect(ticks.every((at) => (at + offset) % (3 * hour) === 0)).toBe(true);
  });
  it('goes by days, Mondays, months and years where hours would be too many', () => {
    const from = new Date(2025, 10, 24, 12, 28).getTime();
    const words = (days: number, most: number) => {
      const ticks = timeTicks(from, from + days * 24 * hour, most, localOffset);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      return ticks.map((at) => tickWords(at, ticks).replace('\u00a0', ' '));
    };
    expect(words(2, 6)).toEqual(['25 Nov', '12:00', '26 Nov', '12:00']);
    expect(words(7, 8)).toEqual(['25 Nov', '26 Nov', '27 Nov', '28 Nov', '29 Nov', '30 Nov', '1 Dec']);
    expect(words(30, 10)).toEqual(['25 Nov', '1 Dec', '5 Dec', '9 Dec', '13 Dec', '17 Dec', '21 Dec']);
    expect(words(60, 10)).toEqual(['1 Dec', '8 Dec', '15 Dec', '22 Dec', '29 Dec', '5 Jan', '12 Jan', '19 Jan']);
    expect(words(365, 7)).toEqual(['2026', 'Mar', 'May', 'Jul', 'Sep', 'Nov']);
    expect(words(3650, 6)).toEqual(['2026', '2028', '2030', '2032', '2034']);
  });
  it('stays on local hours where summer time begins', () => {
    // Two hours east of UTC from then on, one before.
    const change = Date.UTC(2026, 2, 29, 1);
    const offset = (at: number) => (at < change ? hour : 2 * hour);
    const ticks = timeTicks(change - 26 * hour, change + 22 * hour, 9, offset);
    expect(ticks.map((at) => new Date(at + offset(at)).getUTCHours())).toEqual([0, 6, 12, 18, 0, 6, 12, 18, 0]);
  });
  it('has no ticks for no time', () => expect(timeTicks(5, 5, 6, utc)).toEqual([]));
  it('says seconds only where ticks are closer than a minute', () => {
    const at = new Date(2026, 0, 1, 14, 5, 30).getTime();
    expect(tickWords(at, [at, at + 60_000])).toBe('14:05');
    expect(tickWords(at, [at, at + 10_000])).toBe('14:05:30');
  });
});

describe('the span shown', () => {
  it('is what was chosen once there is enough to show', () => {
    const line = { at: [0, 5_000_000], values: [1, 1] };
    expect(shownSpan([line], 900, 0)).toEqual({ from: 5_000_000 - 900_000, to: 5_000_000 });
  });
  it('begins with the first figure while there is less, and never shows less than two minutes', () => {
    expect(shownSpan([{ at: [100_000, 400_000, 700_000], values: [null, 1, 1] }], 900, 0)).toEqual({
      from: 400_000,
      to: 700_000,
    });
    expect(shownSpan([{ at: [690_000, 700_000], values: [1, 1] }], 900, 0).from).toBe(580_000);
  });
  it('ends now where nothing was read', () => expect(shownSpan([], 60, 500_000).to).toBe(500_000));
});

import { describe, expect, it } from 'vitest';
import { shownSpan } from '../../../renderer/parts/shown-span.ts';
import { tickWords, timeTicks } from '../../../renderer/parts/time-axis.ts';
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
  });
});

describe('time axis', () => {
  const hour = 3_600_000;
  it('puts ticks on round moments of the local clock', () => {
    const from = Date.UTC(2026, 0, 1, 0, 7);
    expect(timeTicks(from, from + hour, 6, 0).map((at) => new Date(at).getUTCMinutes())).toEqual([
      10, 20, 30, 40, 50, 0,
    ]);
    // Half an hour off UTC, as in Kolkata: every third local hour.
    const offset = 5.5 * hour;
    const ticks = timeTicks(from, from + 12 * hour, 5, offset);
    expect(ticks.every((at) => (at + offset) % (3 * hour) === 0)).toBe(true);
  });
  it('has no ticks for no time', () => expect(timeTicks(5, 5, 6, 0)).toEqual([]));
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

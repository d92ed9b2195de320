import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartLine } from '../../../renderer/parts/chart-lines.ts';
import {
  cut,
  drawnLines,
  extent,
  momentsOf,
  nearest,
  stackValues,
  thinTogether,
  valuesAt,
} from '../../../renderer/parts/chart-data.ts';

const line = (values: (number | null)[], more: Partial<ChartLine> = {}): ChartLine => ({
  key: 'a',
  title: 'A',
  color: '--compressed',
  format: String,
  at: values.map((_, i) => i * 1000),
  values,
  ...more,
});

describe('cutting to a span', () => {
  it('keeps one point on either side, so that the line reaches the edges', () => {
    expect(cut(line([0, 1, 2, 3, 4, 5]), 1500, 3500)).toEqual({ at: [1000, 2000, 3000, 4000], values: [1, 2, 3, 4] });
  });
  it('is empty for a line without points', () => expect(cut(line([]), 0, 1000)).toEqual({ at: [], values: [] }));
});

describe('values at given moments', () => {
  const known = line([10, 20, null, 40]);
  it('lie on the straight line between two points', () => expect(valuesAt(known, [500])).toEqual([15]));
  it('are unknown beside a gap and outside the line', () => {
    expect(valuesAt(known, [-1, 1500, 2500, 3000, 9000])).toEqual([null, null, null, 40, null]);
  });
});

describe('stacking', () => {
  it('stacks positive values up and negative ones down', () => {
    expect(
      stackValues([
        [5, 5],
        [-2, 3],
        [4, -1],
      ]),
    ).toEqual([
      [5, 5],
      [-2, 8],
      [9, -1],
    ]);
  });
  it('leaves an unknown part out and never draws it as zero', () => {
    expect(stackValues([[5], [null], [4]])).toEqual([[5], [null], [9]]);
  });
});

describe('thinning', () => {
  it('keeps the minimum and maximum of every pixel', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 437 ? 99 : i === 611 ? -50 : i % 7));
    const at = values.map((_, i) => i);
    const kept = thinTogether(at, [values], 20);
    expect(kept).toContain(437);
    expect(kept).toContain(611);
    expect(kept.length).toBeLessThanOrEqual(21 * 3);
  });
  it('keeps gaps visible', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i > 300 && i < 320 ? null : 1));
    const at = values.map((_, i) => i);
    expect(thinTogether(at, [values], 50).some((i) => values[i] === null)).toBe(true);
  });
  it('keeps order, extremes and bounds for any line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 60 }),
        (values, pixels) => {
          const at = values.map((_, i) => i * 5);
          const kept = thinTogether(at, [values], pixels);
          expect(kept).toEqual([...kept].sort((a, b) => a - b));
          const known = values.filter((value) => value !== null);
          const keptKnown = kept.map((i) => values[i]).filter((value) => value !== null && value !== undefined);
          expect(Math.max(-Infinity, ...keptKnown)).toBe(Math.max(-Infinity, ...known));
          expect(Math.min(Infinity, ...keptKnown)).toBe(Math.min(Infinity, ...known));
        },
      ),
    );
  });
});

describe('drawn lines', () => {
  it('draws stacked lines on top of each other and the others as they are', () => {
    const lines = [
      line([1, 1], { key: 'a', stacked: true }),
      line([2, null], { key: 'b', stacked: true }),
      line([7, 8], { key: 'c' }),
    ];
    const drawn = drawnLines(lines, 0, 1000, 100);
    expect(drawn.map(({ key, points }) => [key, points.map(({ y }) => y)])).toEqual([
      ['a', [1, 1]],
      ['b', [3, NaN]],
      ['c', [7, 8]],
    ]);
    expect(extent(drawn)).toEqual({ low: 1, high: 8 });
  });
  it('keeps the extremes behind means, and counts them in the extent', () => {
    const means = line([5, null, 6], { low: [1, null, 2], high: [9, null, 60] });
    const [drawn] = drawnLines([means], 0, 2000, 100);
    expect(drawn?.band?.low.map(({ y }) => y)).toEqual([1, NaN, 2]);
    expect(drawn?.band?.high.map(({ y }) => y)).toEqual([9, NaN, 60]);
    expect(extent(drawn === undefined ? [] : [drawn])).toEqual({ low: 1, high: 60 });
    const stacked = drawnLines([line([5], { low: [1], high: [9], stacked: true })], 0, 2000, 100);
    expect(stacked[0]?.band).toBeUndefined();
  });
  it('never thins a peak out of the band', () => {
    const values = Array.from({ length: 4000 }, () => 5);
    const high = values.map((_, i) => (i === 2345 ? 77 : 6));
    const low = values.map((_, i) => (i === 1234 ? -3 : 4));
    const [drawn] = drawnLines([line(values, { low, high })], 0, 4_000_000, 100);
    expect(Math.max(...(drawn?.band?.high.map(({ y }) => y) ?? []))).toBe(77);
    expect(Math.min(...(drawn?.band?.low.map(({ y }) => y) ?? []))).toBe(-3);
    expect(drawn?.band?.low.length).toBe(drawn?.band?.high.length);
  });
  it('has no extent without figures', () => expect(extent(drawnLines([line([null])], 0, 1, 10))).toBeUndefined());
  it('puts lines with other moments on a common time axis', () => {
    const other: ChartLine = { ...line([]), key: 'b', stacked: true, at: [500, 1500], values: [10, 10] };
    expect(momentsOf([line([1, 2]), other], 0, 2000)).toEqual([0, 500, 1000, 1500]);
  });
});

describe('the nearest point', () => {
  it('is found within reach only', () => {
    expect(nearest(line([1, 2, null]), 1100, 500)).toEqual({ at: 1000, value: 2 });
    expect(nearest(line([1, 2, null]), 1900, 500)).toEqual({ at: 2000, value: null });
    expect(nearest(line([1, 2]), 9000, 500)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thin } from '#core/collect/thin.ts';
import { epochMs } from '#shared/units.ts';

const series = (values: (number | null)[]) => ({ at: values.map((_, index) => epochMs(index)), values });

describe('thinning', () => {
  it('leaves a short series alone', () => {
    expect(thin(series([1, null, 3]), 3)).toEqual({ at: [0, 1, 2], values: [1, null, 3] });
  });

  it('keeps a single peak, a single dip and a gap', () => {
    const values = Array.from({ length: 3000 }, (): number | null => 10);
    values[700] = 99;
    values[1400] = -5;
    values[2100] = null;
    const thinned = thin(series(values), 90);
    expect(thinned.values).toContain(99);
    expect(thinned.values).toContain(-5);
    expect(thinned.values).toContain(null);
    expect(thinned.at.length).toBeLessThanOrEqual(90);
  });

  it('keeps order, the ends and the limit for any series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 2, maxLength: 500 }),
        fc.integer({ min: 2, max: 100 }),
        (values, limit) => {
          const { at } = thin(series(values), limit);
          expect(at.length).toBeLessThanOrEqual(Math.max(limit, 2));
          expect(at[0]).toBe(0);
          expect(at.at(-1)).toBe(values.length - 1);
          expect([...at].sort((a, b) => a - b)).toEqual(at);
        },
      ),
    );
  });
});

/** The arithmetic of the benchmark's table. What it measures is never tested by time. */
import { describe, expect, it } from 'vitest';
import { percentile, ratioOf, shown, table, verdictOf } from './figures.ts';

describe('percentile', () => {
  it.each([
    [[5], 0.5, 5],
    [[4, 1, 3, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.99, 4],
    [[4, 1, 3, 2], 0, 1],
    [[10, 9], 1, 10],
  ])('of %j at %d is %d', (samples, share, expected) => {
    expect(percentile(samples, share)).toBe(expected);
  });

  it('of nothing is not a number that could pass for a figure', () => {
    expect(percentile([], 0.5)).toBeUndefined();
  });
});

describe('a row', () => {
  it('is over its budget from the limit on, and ok from a floor on', () => {
    expect(verdictOf({ figure: 2.99, budget: { below: 3 } })).toBe('ok');
    expect(verdictOf({ figure: 3, budget: { below: 3 } })).toBe('over');
    expect(verdictOf({ figure: 10, budget: { atLeast: 10 } })).toBe('ok');
    expect(verdictOf({ figure: 9.9, budget: { atLeast: 10 } })).toBe('over');
    expect(verdictOf({ figure: 1 })).toBe('');
  });

  it('has a ratio only where both sides have a figure', () => {
    expect(ratioOf({ figure: 2, peer: { who: 'other', figure: 8 } })).toBe(4);
    expect(ratioOf({ figure: 0, peer: { who: 'other', figure: 8 } })).toBeUndefined();
    expect(ratioOf({ figure: 2 })).toBeUndefined();
  });

  it('shows three digits that count', () => {
    expect([0.704, 8.27, 41.04, 1042.3].map(shown)).toEqual(['0.70', '8.27', '41.0', '1042']);
  });

  it('stands in the table with its budget, its peer, and what was not measured below', () => {
    const lines = table(
      [{ what: 'poll', figure: 1.5, unit: 'ms', budget: { below: 3 }, peer: { who: 'ssh', figure: 9 }, also: 'more' }],
      [{ what: 'frames', why: 'there is no Chromium' }],
    ).split('\n');
    expect(lines[2]?.split(/ {2,}/)).toEqual(['poll', '1.50 ms', '< 3 ms', '9.00 ms ssh', '6.00 ×', 'ok']);
    expect(lines.slice(3)).toEqual(['frames: not measured: there is no Chromium', '', '  poll: more']);
  });
});

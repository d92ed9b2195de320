import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { natural, sortRows } from '../../../renderer/parts/sort-rows.ts';

describe('sortRows', () => {
  const rows = [
    { id: 'a', size: 2 },
    { id: 'b', size: undefined },
    { id: 'c', size: 1 },
    { id: 'd', size: 2 },
    { id: 'e', size: NaN },
  ];
  const ids = (direction: 'up' | 'down') =>
    sortRows(rows, ({ size }) => size, direction)
      .map(({ id }) => id)
      .join('');

  it('keeps the order of equals, and puts what has no value last both ways', () => {
    expect(ids('up')).toBe('cadbe');
    expect(ids('down')).toBe('adcbe');
  });

  it('reads numbers in names as numbers', () => {
    const names = ['vm-10', 'VM-9', 'vm-100', 'a'];
    expect(sortRows(names, (name) => name, 'up')).toEqual(['a', 'VM-9', 'vm-10', 'vm-100']);
    expect(natural('x007y')).toBe(natural('X7Y'));
  });

  it('loses and invents nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double(), { nil: undefined })), (values) => {
        const sorted = sortRows(values, (value) => value, 'down');
        expect(sorted.length).toBe(values.length);
        const known = sorted.filter((value): value is number => value !== undefined && !Number.isNaN(value));
        for (let at = 1; at < known.length; at += 1) expect(known[at - 1]).toBeGreaterThanOrEqual(known[at] ?? 0);
      }),
    );
  });
});

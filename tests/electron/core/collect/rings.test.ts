import { describe, expect, it } from 'vitest';
import { Rings } from '#core/collect/rings.ts';
import { epochMs } from '#shared/units.ts';

const at = (seconds: number) => epochMs(seconds * 1000);

describe('rings', () => {
  it('keep the last ticks only', () => {
    const rings = new Rings(3, 100);
    for (let second = 1; second <= 5; second++) rings.append(at(second), 1000, [['a', second]]);
    expect(rings.since('a', 0)).toEqual({ at: [3000, 4000, 5000], values: [3, 4, 5] });
  });

  it('give what is younger than asked', () => {
    const rings = new Rings(10, 100);
    for (let second = 1; second <= 5; second++) rings.append(at(second), 1000, [['a', second]]);
    expect(rings.since('a', 4000)?.values).toEqual([4, 5]);
    expect(rings.since('b', 0)).toBeUndefined();
  });

  it('show a tick without the value as a gap', () => {
    const rings = new Rings(10, 100);
    rings.append(at(1), 1000, [['a', 1]]);
    rings.append(at(2), 1000, [['a', undefined]]);
    rings.append(at(3), 1000, [['b', 7]]);
    expect(rings.since('a', 0)?.values).toEqual([1, null, null]);
    expect(rings.since('b', 0)?.values).toEqual([null, null, 7]);
  });

  it('put a gap where no answer came, and none for a late one', () => {
    const rings = new Rings(10, 100);
    rings.append(at(1), 1000, [['a', 1]]);
    rings.append(at(3), 1000, [['a', 2]]);
    rings.append(at(10), 1000, [['a', 3]]);
    expect(rings.since('a', 0)).toEqual({ at: [1000, 3000, 4000, 10_000], values: [1, 2, null, 3] });
  });

  it('take no more series than they may, and make room of those that are gone', () => {
    const rings = new Rings(10, 3);
    rings.append(
      at(1),
      1000,
      ['a', 'b', 'c', 'd'].map((key) => [key, 1]),
    );
    expect([...rings.keys()]).toEqual(['a', 'b', 'c']);
    rings.append(at(2), 1000, [['a', 2]]);
    rings.append(at(3), 1000, [
      ['a', 3],
      ['d', 3],
    ]);
    expect([...rings.keys()]).toEqual(['a', 'd']);
    expect(rings.since('a', 0)?.values).toEqual([1, 2, 3]);
  });

  it('know how far back they reach', () => {
    const rings = new Rings(3, 100);
    expect(rings.oldest()).toBeUndefined();
    for (let second = 1; second <= 5; second++) rings.append(at(second), 1000, [['a', second]]);
    expect(rings.oldest()).toBe(3000);
  });

  it('give several series on one axis', () => {
    const rings = new Rings(2, 10);
    for (let second = 1; second <= 3; second++) rings.append(at(second), 1000, [['a', second]]);
    rings.append(at(4), 1000, [['b', 7]]);
    expect(rings.table(['b', 'none', 'a'], 0)).toEqual({
      at: [3000, 4000],
      columns: [Float32Array.of(NaN, 7), undefined, Float32Array.of(3, NaN)],
    });
  });

  it('drop a series that has been empty for the whole window', () => {
    const rings = new Rings(50, 100);
    rings.append(at(0), 1000, [['gone', 1]]);
    for (let second = 1; second < 100; second++) rings.append(at(second), 1000, [['a', 1]]);
    expect([...rings.keys()]).toEqual(['a']);
  });

  it('keep one order of time when the clock is set back', () => {
    const rings = new Rings(10, 100);
    for (let second = 1; second <= 5; second++) rings.append(at(second), 1000, [['a', second]]);
    rings.append(at(3), 1000, [['a', 30]]);
    rings.append(at(4), 1000, [['a', 40]]);
    expect(rings.since('a', 0)).toEqual({ at: [1000, 2000, 3000, 4000], values: [1, 2, 30, 40] });
  });

  it('forget everything when the clock is set back beyond it', () => {
    const rings = new Rings(3, 100);
    for (let second = 11; second <= 15; second++) rings.append(at(second), 1000, [['a', second]]);
    rings.append(at(1), 1000, [['a', 1]]);
    expect(rings.since('a', 0)).toEqual({ at: [1000], values: [1] });
  });

  it('do not bring back what was written over', () => {
    const rings = new Rings(3, 100);
    for (let second = 11; second <= 15; second++) rings.append(at(second), 1000, [['a', second]]);
    rings.append(at(14), 1000, [['a', 140]]);
    expect(rings.since('a', 0)).toEqual({ at: [13_000, 14_000], values: [13, 140] });
  });
});

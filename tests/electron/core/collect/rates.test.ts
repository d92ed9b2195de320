import { describe, expect, it } from 'vitest';
import { Rates } from '#core/collect/rates.ts';
import { held } from '#core/ports.ts';

describe('rates', () => {
  it('are per second of the host’s own uptime', () => {
    const rates = new Rates();
    rates.begin('boot-1');
    expect(rates.rate('a', 100, 50)).toBeUndefined();
    rates.end();
    rates.begin('boot-1');
    expect(rates.rate('a', 160, 53)).toBe(20);
  });

  it('stand while the value was not read anew', () => {
    const rates = new Rates();
    for (const [value, uptime] of [
      [0, 10],
      [50, 20],
    ] as const) {
      rates.begin('b');
      rates.rate('a', value, uptime);
      rates.end();
    }
    rates.begin('b');
    expect(rates.rate('a', 50, 20)).toBe(5);
  });

  it('are unknown for the tick of a reset, then known again', () => {
    const rates = new Rates();
    const seen = [
      [100, 10],
      [200, 20],
      [3, 30],
      [13, 40],
    ].map(([value, uptime]) => {
      rates.begin('b');
      const rate = rates.rate('a', value ?? 0, uptime ?? 0);
      rates.end();
      return rate;
    });
    expect(seen).toEqual([undefined, 10, undefined, 1]);
  });

  it('do not reach across a reboot, even when the counter is larger after it', () => {
    const rates = new Rates();
    rates.begin('boot-1');
    rates.rate('a', 100, 5000);
    rates.end();
    rates.begin('boot-2');
    expect(rates.rate('a', 5000, 6000)).toBeUndefined();
  });

  it('tell what a counter grew by, and whether it began anew', () => {
    const rates = new Rates();
    const told = (
      [
        [100, 10],
        [160, 20],
        [160, 20],
        [160, 30],
        [3, 40],
        [5, 50],
        [9, 45],
        [10, 46],
      ] as const
    ).map(([value, uptime]) => {
      rates.begin('b');
      rates.rate('a', value, uptime);
      rates.end();
      return [rates.grown, rates.reset];
    });
    expect(told).toEqual([
      [NaN, false],
      [60, false],
      [held, false],
      [0, false],
      [NaN, true],
      [2, false],
      // Put back to a snapshot: time ran backwards.
      [NaN, false],
      [1, false],
    ]);
  });

  it('know a reboot from a first round, and from a host that does not tell its boot', () => {
    const rates = new Rates();
    expect(['a', 'a', 'b', '', 'c', 'c'].map((boot) => rates.begin(boot))).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it('forget what is gone, so that its return is a first sight', () => {
    const rates = new Rates();
    rates.begin('b');
    rates.rate('a', 1, 1);
    rates.end();
    rates.begin('b');
    rates.end();
    rates.begin('b');
    expect(rates.rate('a', 9, 3)).toBeUndefined();
  });
});

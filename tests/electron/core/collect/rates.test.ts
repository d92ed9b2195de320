import { describe, expect, it } from 'vitest';
import { Rates } from '#core/collect/rates.ts';

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

/** What goes when: each tier after its days, the oldest and finest first within the budget, nothing before it is rolled. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryStore } from '#core/history/store.ts';
import { folder, key, openStore, row, settings, settle, start, tick } from './ticks.ts';

const hour = 3_600_000;
const day = 24 * hour;

function readings(store: HistoryStore, from: number, to: number, host = 'h1'): void {
  for (let at = from; at < to; at += 60_000)
    store.record([tick(start + at, { used: at / 60_000, 'c:faults': 1 }, host, 60_000)]);
}

const tiersOf = (store: HistoryStore) =>
  Object.fromEntries(store.usage().tiers.map(({ tier, from, to }) => [tier, [from, to]]));

describe('retention', () => {
  it('removes each tier after its days', () => {
    const store = openStore({ settings: { ...settings, rawDays: 1, minuteDays: 2, hourDays: 4 } });
    readings(store, 0, 6 * day);
    settle(store, start + 6 * day);
    const tiers = tiersOf(store);
    expect(tiers['raw']?.[0]).toBeGreaterThan(start + 5 * day - 2 * hour);
    expect(tiers['raw']?.[0]).toBeLessThanOrEqual(start + 5 * day);
    expect(tiers['minute']?.[0]).toBe(start + 4 * day);
    expect(tiers['hour']?.[0]).toBe(start + 2 * day - 12 * hour);
    // What is asked finely where only coarser steps are left comes as those, and says so.
    const ask = (from: number, to: number) => {
      const { tier, series } = store.series([key('used')], start + from, start + to, 100);
      return [tier, series[0]?.at.length];
    };
    expect(ask(6 * day - hour, 6 * day)).toEqual(['raw', 60]);
    expect(ask(4.5 * day, 4.5 * day + hour)).toEqual(['minute', 61]);
    expect(ask(3 * day, 3 * day + hour)).toEqual(['hour', 2]);
    const increase = (from: number, to: number) =>
      store.totals({ hosts: [], guests: false, metrics: ['faults'], from: start + from, to: start + to }).totals[0]
        ?.increase;
    expect(increase(2 * day, 6 * day)).toBe(4 * 1440);
    expect(increase(4 * day, 4 * day + hour / 2)).toBe(30);
  });

  it('does not follow a clock that leaps ahead before it has stayed there for an hour', () => {
    const store = openStore();
    readings(store, 0, day);
    settle(store, start + day + hour);
    const before = tiersOf(store);
    const year = start + 3 * 365 * day;
    const work = (now: number): void => {
      while (store.work(now));
    };
    for (let minutes = 0; minutes < 30; minutes++) work(year + minutes * 60_000);
    work(start + day + hour + 60_000);
    expect(tiersOf(store)).toEqual(before);
    for (let minutes = 0; minutes < 59; minutes++) work(year + minutes * 60_000);
    expect(tiersOf(store)).toEqual(before);
    work(year + hour);
    expect(tiersOf(store)).toEqual({});
  });

  it('forgets guests of whom nothing is left', () => {
    const store = openStore({ settings: { ...settings, rawDays: 1, minuteDays: 1, hourDays: 2 } });
    store.record([tick(start, [row('', { used: 1 }), row('gone', { used: 1 })])]);
    readings(store, 60_000, 4 * day);
    settle(store, start + 4 * day);
    settle(store, start + 4 * day + 2 * hour);
    expect(store.entities().map(({ guest }) => guest)).toEqual(['']);
    readings(store, 4 * day, 4 * day + hour);
    expect(store.entities()).toHaveLength(1);
  });
});

/** Noise does not pack: about nine bytes a value. */
function noise(store: HistoryStore, from: number, to: number, seed = 1): void {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 7.3;
  const names = Array.from({ length: 600 }, (_, index) => `c:noise${index}`);
  for (let at = from; at < to; at += 10_000) {
    const values = Object.fromEntries(names.map((name) => [name, random()]));
    store.record([tick(start + at, values, 'h1', 10_000)]);
    store.work(start + at);
  }
}

describe('the budget', () => {
  it('holds: the oldest readings go, the minutes made of them stay', () => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ file, settings: { ...settings, diskMiB: 6 } });
    noise(store, 0, 5 * hour);
    settle(store, start + 5 * hour);
    const { bytes, tiers } = store.usage();
    expect(bytes).toBeLessThan(6 * 1024 * 1024);
    expect(tiers.find(({ tier }) => tier === 'raw')?.from).toBeGreaterThan(start + hour);
    expect(tiers.find(({ tier }) => tier === 'hour')?.from).toBe(start);
    store.close();
    expect(statSync(file).size).toBeLessThan(6 * 1024 * 1024);
  });

  it('that is made smaller is held by a smaller file', () => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ file });
    noise(store, 0, 3 * hour);
    expect(store.usage().bytes).toBeGreaterThan(6 * 1024 * 1024);
    store.settings = { ...settings, diskMiB: 4 };
    settle(store, start + 3 * hour);
    expect(store.usage().bytes).toBeLessThan(4 * 1024 * 1024);
    store.close();
    expect(statSync(file).size).toBeLessThan(4 * 1024 * 1024);
  });

  it('takes readings of an hour that is not over only when its minutes are made, and keeps them so', () => {
    const store = openStore({ settings: { ...settings, diskMiB: 1 } });
    noise(store, 0, hour - 60_000);
    settle(store, start + hour - 60_000);
    const raw = store.usage().tiers.find(({ tier }) => tier === 'raw');
    expect(raw?.from).toBeGreaterThan(start);
    noise(store, hour - 60_000, hour + 600_000);
    settle(store, start + hour + 600_000);
    const told = store.totals({ hosts: [], guests: false, metrics: ['noise7'], from: start, to: start + 2 * hour });
    expect(told.coverage[0]).toMatchObject({ coveredMs: hour + 600_000 });
  });

  it('that nothing can hold to is told', () => {
    const store = openStore({ settings: { ...settings, diskMiB: 0.2 } });
    noise(store, 0, 300_000);
    settle(store, start + 300_000);
    expect(store.overBudget).toBe(true);
    store.settings = settings;
    settle(store, start + 301_000);
    expect(store.overBudget).toBe(false);
  });
});

/** Sums over a span are what was recorded, to the last unit, whatever mix of readings, minutes and hours they come from. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf } from '#core/history/faults.ts';
import { ClockBehind } from '#core/history/set-back.ts';
import type { HistoryStore } from '#core/history/store.ts';
import { held } from '#core/ports.ts';
import { folder, key, openStore, pairs, row, seriesOf, settings, settle, start, tick } from './ticks.ts';

const minute = 60_000;
const hour = 3_600_000;
const day = 24 * hour;

interface Told {
  readonly at: number;
  readonly level: number;
  readonly counter: number;
}

const counter = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, held, held, 2 ** 40 + 1) },
);
const told = fc
  .array(
    fc.record({
      // Mostly in time, sometimes late, sometimes a silence of minutes or hours.
      passed: fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 55_000, max: 65_000 }) },
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 30 * minute }) },
        { weight: 1, arbitrary: fc.integer({ min: hour, max: 5 * hour }) },
      ),
      level: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 1000 }) },
        { weight: 1, arbitrary: fc.constant(NaN) },
      ),
      counter,
    }),
    { minLength: 1, maxLength: 150 },
  )
  .map((steps): readonly Told[] => {
    let at = start;
    return steps.map(({ passed, ...rest }) => ({ at: (at += passed), ...rest }));
  });

/** By hand, from what was recorded. */
function byHand(all: readonly Told[], from: number, to: number) {
  const inside = all.filter(({ at }) => at >= from && at < to);
  const counts = inside.filter((one) => Number.isFinite(one.counter));
  const levels = inside.filter((one) => !Number.isNaN(one.level)).map((one) => one.level);
  return {
    increase: counts.length === 0 ? undefined : counts.reduce((sum, one) => sum + one.counter, 0),
    low: levels.length === 0 ? undefined : Math.min(...levels),
    high: levels.length === 0 ? undefined : Math.max(...levels),
  };
}

function asked(store: HistoryStore, from: number, to: number) {
  const { totals } = store.totals({ hosts: ['h1'], guests: true, metrics: ['level', 'counter'], from, to });
  const of = (metric: string) => totals.find((one) => one.guest === 'g' && one.metric === metric);
  return { increase: of('counter')?.increase, low: of('level')?.low, high: of('level')?.high };
}

/** Records some, does some of what is due, records more. */
function keep(all: readonly Told[], workAfter: ReadonlySet<number>): HistoryStore {
  const store = openStore({ chunkTicks: 7 });
  all.forEach(({ at, ...values }, index) => {
    store.record([tick(at, [row('g', { level: values.level, 'c:counter': values.counter })], 'h1', minute)]);
    if (workAfter.has(index % 10)) settle(store, at);
  });
  return store;
}

describe('totals', () => {
  it('are what was recorded, for any span', () => {
    // Parts of the time that was recorded, and a little around it; some of them whole hours.
    const edge = fc.double({ min: -0.05, max: 1.05, noNaN: true });
    const times = fc.tuple(edge, edge, fc.boolean());
    fc.assert(
      fc.property(
        told,
        fc.array(times, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 9 })),
        (all, spans, work) => {
          const store = keep(all, new Set(work));
          const length = (all.at(-1)?.at ?? start) - start;
          for (const [one, other, whole] of spans) {
            const [from, to] = [Math.min(one, other), Math.max(one, other)].map((part) => {
              const at = start + Math.round(part * length);
              return whole ? Math.round(at / hour) * hour : at;
            }) as [number, number];
            if (from === to) continue;
            expect(asked(store, from, to)).toEqual(byHand(all, from, to));
          }
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of spans that meet add up, also where readings made room for minutes and hours', () => {
    fc.assert(
      fc.property(
        told,
        fc.array(fc.integer({ min: 1, max: 60 * hour }), { minLength: 2, maxLength: 6 }),
        (all, cuts) => {
          const store = openStore({ chunkTicks: 7, settings: { ...settings, rawDays: 2, minuteDays: 3 } });
          const end = (all.at(-1)?.at ?? 0) + 1;
          for (const { at, level, counter: count } of all)
            store.record([tick(at, [row('g', { level, 'c:counter': count })], 'h1', minute)]);
          settle(store, end + day);
          settle(store, end + 2.5 * day);
          const edges = [start, ...cuts.map((cut) => start + cut), end + hour].toSorted((a, b) => a - b);
          const parts = edges.slice(1).map((to, index) => asked(store, edges[index] ?? 0, to).increase ?? 0);
          // Hours count where they begin, so the first and the last edge are where nothing was recorded.
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(byHand(all, start, end + hour).increase ?? 0);
          store.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('weigh levels by time and tell what is covered, and where the gaps were', () => {
    const store = openStore();
    const at = [0, 5, 10, 40, 45, 55];
    const levels = [10, 10, 10, 40, 40, 100];
    store.record(at.map((seconds, index) => tick(start + seconds * 1000, { used: levels[index] ?? 0 })));
    const { totals, coverage } = store.totals({
      hosts: [],
      guests: false,
      metrics: ['used'],
      from: start,
      to: start + 100_000,
    });
    // Each for the time since the one before it, 5 s or 10; the first of a run for one interval. As its minute is kept.
    expect(totals).toEqual([
      {
        host: 'h1',
        guest: '',
        metric: 'used',
        instance: '',
        kind: 'level',
        coveredMs: 35_000,
        mean: 44.2857,
        low: 10,
        high: 100,
        first: 44.2857,
        last: 44.2857,
      },
    ]);
    expect(coverage).toEqual([
      { host: 'h1', guest: '', name: 'host one', coveredMs: 35_000, gaps: 2, longestGapMs: 45_000 },
    ]);
  });

  it('tell the same after rolling, to the last digit', () => {
    const all = Array.from({ length: 3000 }, (_, index) => index * 5).filter((s) => s % 4000 < 3500 || s % 4000 > 3700);
    const store = openStore();
    store.record(
      all.map((seconds) =>
        tick(start + seconds * 1000, {
          used: seconds,
          share: 1 / (seconds + 1),
          bytes: 2 ** 33 + seconds * 4096,
          'c:faults': 5,
        }),
      ),
    );
    const metrics = ['used', 'share', 'bytes', 'faults'];
    const spans = [
      [start, start + 4 * hour],
      [start + 1234, start + hour + 123_456],
      [start + 2 * hour, start + 3 * hour],
      [start - hour, start + 20_000_000],
    ] as const;
    const ask = () =>
      spans.map(([from, to]) => [
        store.totals({ hosts: [], guests: false, metrics, from, to }),
        ...metrics.map((metric) => store.series([key(metric)], from, to, 100)),
      ]);
    const before = ask();
    settle(store, start + 6 * hour);
    expect(store.usage().tiers.map(({ tier }) => tier)).toEqual(['raw', 'minute', 'hour']);
    expect(ask()).toEqual(before);
    expect(
      store.totals({ hosts: [], guests: false, metrics, from: start, to: start + 4 * hour }).coverage[0]?.gaps,
    ).toBe(3);
  });

  it('call no gap what was before the first reading ever, and one what came after the last', () => {
    const store = openStore();
    const first = start + 57 * minute;
    for (let index = 0; index < 240; index++) store.record([tick(first + index * 5000, { used: 1 })]);
    const last = first + 239 * 5000;
    const ask = (from: number, to: number) =>
      store.totals({ hosts: [], guests: false, metrics: ['used'], from, to }).coverage;
    const host = { host: 'h1', guest: '', name: 'host one' };
    for (const settled of [false, true]) {
      if (settled) settle(store, start + day);
      expect(ask(start, last)).toEqual([{ ...host, coveredMs: 240 * 5000 - 5000, gaps: 0, longestGapMs: 0 }]);
      expect(ask(first + minute, last)).toMatchObject([{ gaps: 0, longestGapMs: 0 }]);
      expect(ask(start, start + 3 * hour)).toMatchObject([{ gaps: 1, longestGapMs: start + 3 * hour - last }]);
    }
  });

  it('of nothing are empty', () => {
    const store = openStore();
    store.record([tick(start, { used: 1 })]);
    const none = { totals: [], coverage: [], events: [], damaged: 0 };
    expect(store.totals({ hosts: [], guests: true, metrics: ['used'], from: start + 1, to: start + 100 })).toEqual(
      none,
    );
    expect(store.totals({ hosts: ['h2'], guests: true, metrics: ['used'], from: 0, to: start + 100 })).toEqual(none);
    expect(store.totals({ hosts: [], guests: true, metrics: ['used'], from: start, to: start })).toEqual(none);
  });
});

describe('rolling again', () => {
  it('makes the same minutes and hours', () => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ chunkTicks: 10, file });
    for (let at = 0; at < 3 * hour; at += 30_000)
      store.record([tick(start + at, { used: (at / 30_000) % 17, 'c:faults': 3 }, 'h1', 30_000)]);
    settle(store, start + 4 * hour);
    const rowsOf = ({ db }: HistoryStore) =>
      db.prepare('SELECT piece, t0, hex(steps) FROM minute UNION ALL SELECT piece, t0, hex(steps) FROM hour').all();
    const before = rowsOf(store);
    expect(before.length).toBeGreaterThan(3);
    store.db.exec('INSERT INTO due SELECT 1, t0 FROM minute');
    store.close();
    const again = openStore({ file });
    settle(again, start + 4 * hour);
    expect(again.db.prepare('SELECT count(*) AS due FROM due').get()).toEqual({ due: 0 });
    expect(rowsOf(again)).toEqual(before);
  });
});

describe('a clock that was set back', () => {
  const readings = (store: HistoryStore, from: number, to: number, value: number, host = 'h1') => {
    for (let at = from; at < to; at += 30)
      store.record([tick(start + at * 1000, { used: value, 'c:faults': 30 }, host, 30_000)]);
  };

  it('replaces what stands under later times, in every tier, and says so once', () => {
    for (const work of [false, true]) {
      const store = openStore({ chunkTicks: 10 });
      readings(store, 0, 7200, 1);
      readings(store, 0, 7200, 1, 'h2');
      if (work) settle(store, start + 3 * hour);
      readings(store, 1800, 3700, 2);
      readings(store, 1810, 3700, 2, 'h2');
      const check = () => {
        const used = seriesOf(store, 'used', start, start + 3 * hour) ?? [];
        expect(used.filter(([at]) => at < 1800).every(([, value]) => value === 1)).toBe(true);
        expect(used.filter(([at]) => at >= 1800).every(([, value]) => value === 2)).toBe(true);
        expect(used.map(([at]) => at)).toEqual([...used.map(([at]) => at)].toSorted((a, b) => a - b));
        expect(used.at(-1)?.[0]).toBe(3690);
        for (const points of [100, 3]) {
          const { tier, series } = store.series([key('used')], start, start + 3 * hour, points);
          expect(tier).toBe(points === 3 ? 'hour' : 'minute');
          expect(series[0]?.at.at(-1)).toBeLessThan(start + 3700_000);
        }
        const totals = store.totals({
          hosts: ['h1'],
          guests: false,
          metrics: ['faults'],
          from: start,
          to: start + 3 * hour,
        });
        // A reading each thirty seconds, from 0 to 3690.
        expect(totals.totals[0]?.increase).toBe(124 * 30);
      };
      check();
      settle(store, start + 4 * hour);
      check();
      const events = store.events([], 0, start + 5 * hour);
      expect(events).toMatchObject([{ kind: 'clock-back', host: '', at: start + 1_800_000 }]);
      readings(store, 60, 90, 3);
      expect(seriesOf(store, 'used')?.map(([at]) => at)).toEqual([0, 30, 60]);
      const stepsOf = (points: number) =>
        pairs(store.series([key('used')], start, start + 3 * hour, points).series[0])?.map(([at]) => at);
      expect(stepsOf(100)).toEqual([0]);
      expect(stepsOf(3)).toEqual([0]);
      expect(store.events([], 0, start + 5 * hour)).toHaveLength(2);
    }
  });

  it('by so much that more than a day would be replaced is not believed: nothing is lost, and it is said', () => {
    const store = openStore();
    for (let at = start; at < start + 2 * day; at += minute) store.record([tick(at, { used: 1 }, 'h1', minute)]);
    settle(store, start + 2 * day);
    const ask = () => store.totals({ hosts: [], guests: false, metrics: ['used'], from: 0, to: start + 3 * day });
    const before = ask();
    for (const at of [Date.UTC(2000, 0, 1), start + 6 * hour])
      expect(() => store.record([tick(at, { used: 2 }, 'h1', minute)])).toThrow(ClockBehind);
    expect(ask()).toEqual(before);
    expect(faultOf(new ClockBehind(Date.UTC(2000, 0, 1), start + 2 * day), '/data/history.sqlite')).toEqual({
      kind: 'passing',
      sentence: expect.stringContaining('clock says 2000-01-01, and there are readings up to 2026-03-03') as string,
    });
    // Back by less, or by years over which nothing was recorded.
    store.record([tick(start + 2 * day - 5 * hour, { used: 3 }, 'h1', minute)]);
    store.record([tick(start + 3650 * day, { used: 4 }, 'h1', minute)]);
    store.record([tick(start + 2 * day, { used: 5 }, 'h1', minute)]);
    expect(ask().totals[0]).toMatchObject({ high: 5, coveredMs: 2 * day - 5 * hour + 2 * minute });
  });

  it('draws no spike where the times meet', () => {
    const store = openStore();
    readings(store, 0, 600, 1);
    store.record([tick(start + 300_001, { used: 1, 'c:faults': 3000 }, 'h1', 30_000)]);
    expect(seriesOf(store, 'faults')?.slice(-2)).toEqual([
      [300, 1],
      [300.001, null],
    ]);
  });

  it('takes a reading of the same moment as its correction', () => {
    const store = openStore();
    readings(store, 0, 60, 1);
    store.record([tick(start + 30_000, { used: 9 }, 'h1', 30_000)]);
    expect(seriesOf(store, 'used')).toEqual([
      [0, 1],
      [30, 9],
    ]);
    expect(store.events([], 0, start + hour)).toEqual([]);
  });
});

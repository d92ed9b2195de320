/** What was recorded can be read again: before it is packed, after, and after the store was closed and opened. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { most } from '#core/history/admission.ts';
import type { HistoryStore } from '#core/history/store.ts';
import { held } from '#core/ports.ts';
import { epochMs } from '#shared/units.ts';
import { folder, key, openStore, pairs, row, seriesOf, settle, start, tick } from './ticks.ts';

const s = (seconds: number): number => start + seconds * 1000;
const packed = { chunkTicks: 4 };

/** The same question before and after packing, and by the store that is opened next. */
function always(record: (store: HistoryStore) => void, ask: (store: HistoryStore) => unknown): void {
  const answers = [{}, packed].map((options) => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ ...options, file });
    record(store);
    const before = ask(store);
    settle(store, s(3700));
    const after = ask(store);
    store.close();
    const next = openStore({ file });
    return [before, after, ask(next)];
  });
  const [first] = answers[0] as unknown[];
  for (const answer of answers.flat()) expect(answer).toEqual(first);
}

describe('readings', () => {
  it('come back, levels as they are and counters as rates', () => {
    const record = (store: HistoryStore): void => {
      store.record(
        [0, 5, 10, 15, 20, 25].map((at) => tick(s(at), { used: at * 4096, psi: at / 7, 'c:faults': at * 2 })),
      );
    };
    always(record, (store) => seriesOf(store, 'used'));
    const store = openStore();
    record(store);
    expect(seriesOf(store, 'used')?.slice(0, 3)).toEqual([
      [0, 0],
      [5, 20_480],
      [10, 40_960],
    ]);
    // Levels that are not whole are kept to four decimals.
    expect(seriesOf(store, 'psi')?.[1]).toEqual([5, 0.7143]);
    // Nobody knows since when the first increase grew.
    expect(seriesOf(store, 'faults')).toEqual([
      [5, 2],
      [10, 4],
      [15, 6],
      [20, 8],
      [25, 10],
    ]);
  });

  it('of a counter that is read more rarely are rates over the time since', () => {
    always(
      (store) => {
        const values = [NaN, held, 20, held, held, 30];
        store.record(values.map((value, index) => tick(s(index * 5), { 'c:faults': value })));
        expect(seriesOf(store, 'faults')).toEqual([
          [10, 2],
          [25, 2],
        ]);
      },
      (store) => seriesOf(store, 'faults'),
    );
  });

  it('have a gap where a counter began anew or a level was not told', () => {
    always(
      (store) => {
        const values = [NaN, 10, 10, NaN, 10];
        store.record(values.map((value, index) => tick(s(index * 5), { used: value, 'c:faults': value })));
        const expected = [
          [5, 2],
          [10, 2],
          [15, null],
          [20, 2],
        ];
        expect(seriesOf(store, 'faults')).toEqual(expected);
        expect(seriesOf(store, 'used')).toEqual(expected.map(([at, rate]) => [at, rate === null ? null : 10]));
      },
      (store) => [seriesOf(store, 'faults'), seriesOf(store, 'used')],
    );
  });

  it('have a gap where nothing was read, and no rate for what grew meanwhile', () => {
    always(
      (store) => {
        const at = [0, 5, 10, 60, 65];
        store.record(at.map((seconds) => tick(s(seconds), { used: seconds, 'c:faults': 10 })));
        expect(seriesOf(store, 'used')).toEqual([
          [0, 0],
          [5, 5],
          [10, 10],
          [15, null],
          [60, 60],
          [65, 65],
        ]);
        expect(seriesOf(store, 'faults')).toEqual([
          [5, 2],
          [10, 2],
          [15, null],
          [65, 2],
        ]);
      },
      (store) => [seriesOf(store, 'used'), seriesOf(store, 'faults')],
    );
  });

  it('of a counter whose growth has a silence in it have no rate, though it is told later', () => {
    const store = openStore();
    store.record([
      tick(s(0), { 'c:faults': NaN }),
      tick(s(60), { 'c:faults': held }),
      tick(s(65), { 'c:faults': 700 }),
      tick(s(70), { 'c:faults': 10 }),
    ]);
    expect(seriesOf(store, 'faults')).toEqual([[70, 2]]);
    const totals = store.totals({ hosts: [], guests: false, metrics: ['faults'], from: s(0), to: s(100) });
    expect(totals.totals[0]).toMatchObject({ increase: 710, peak: 2, coveredMs: 5000 });
  });

  it('of guests and devices that come and go stay apart', () => {
    always(
      (store) => {
        store.record([
          tick(s(0), [row('', { 'size@sda': 1 }), row('a', { used: 1 })]),
          tick(s(5), [row('', { 'size@sda': 2, 'size@sdb': 9 }), row('b', { used: 5 }), row('a', { used: 2 })]),
          tick(s(10), [row('', { 'size@sdb': 8 }), row('b', { used: 6 })]),
        ]);
      },
      (store) => {
        const keys = [key('used', 'a'), key('used', 'b'), key('size', '', 'h1', 'sda'), key('size', '', 'h1', 'sdb')];
        const found = store.series(keys, s(0), s(20), 100).series.map(pairs);
        expect(found).toEqual([
          [
            [0, 1],
            [5, 2],
          ],
          [
            [5, 5],
            [10, 6],
          ],
          [
            [0, 1],
            [5, 2],
            [10, null],
          ],
          [
            [5, 9],
            [10, 8],
          ],
        ]);
        return found;
      },
    );
  });

  it('that nobody asked for are not there', () => {
    const store = openStore();
    store.record([tick(s(0), { used: 1 })]);
    expect(store.series([key('used', '', 'nobody'), key('other')], s(0), s(10), 10).series).toEqual([]);
    expect(store.series([key('used')], s(10), s(20), 10).series).toEqual([]);
  });
});

describe('resolution', () => {
  const store = (): HistoryStore => {
    const one = openStore();
    const ticks = Array.from({ length: 3 * 720 }, (_, index) =>
      tick(s(index * 5), { used: index % 60 === 7 ? 1000 : 10, 'c:faults': index === 1000 ? 5000 : 5 }),
    );
    one.record(ticks);
    settle(one, s(3 * 3600));
    return one;
  };

  it('is as fine as the points allow, and said', () => {
    const one = store();
    const ask = (seconds: number, points: number) => {
      const { tier, stepMs, series } = one.series([key('used')], s(0), s(seconds), points);
      return [tier, stepMs, series[0]?.at.length];
    };
    expect(ask(600, 120)).toEqual(['raw', 5000, 121]);
    expect(ask(600, 60)).toEqual(['raw', 10_000, 61]);
    expect(ask(3 * 3600, 200)).toEqual(['minute', 60_000, 180]);
    expect(ask(3 * 3600, 50)).toEqual(['minute', 240_000, 45]);
    expect(ask(3 * 3600, 2)).toEqual(['hour', 7_200_000, 2]);
  });

  it('keeps peaks and lows in wider steps', () => {
    const one = store();
    const [used, faults] = one.series([key('used'), key('faults')], s(0), s(3 * 3600), 3).series;
    expect(used).toMatchObject({ low: [10, 10, 10], high: [1000, 1000, 1000] });
    expect(used?.values[0]).toBeCloseTo(26.5, 1);
    expect(faults?.high).toEqual([1, 1000, 1]);
  });

  it('has a gap in steps only where there was a silence', () => {
    const one = openStore();
    // Once a minute, a little late each time: some minutes have none.
    const at = Array.from({ length: 50 }, (_, index) => index * 61).filter(
      (seconds) => seconds < 600 || seconds > 1500,
    );
    one.record(at.map((seconds) => tick(s(seconds), { used: 1 }, 'h1', 61_000)));
    settle(one, s(3600 + 300));
    const { tier, series } = one.series([key('used')], s(0), s(3600), 60);
    expect(tier).toBe('minute');
    expect(series[0]?.values.filter((value) => value === null)).toHaveLength(1);
  });
});

describe('the fleet', () => {
  const signals = (saved: number, psi: number) => ({
    'signal.saved.compressed': saved,
    'signal.harm.psi-some': psi,
    x: 1,
  });

  it('adds up what is saved and takes the worst of the harm, of all hosts or of some', () => {
    always(
      (store) => {
        for (let at = 0; at < 60; at += 5)
          store.record([tick(s(at), signals(100, 2), 'a'), tick(s(at) + 1700, signals(50, 7), 'b')]);
      },
      (store) => {
        const fleet = store.fleet([], s(10), s(40), 6);
        expect(fleet).toMatchObject({ tier: 'raw', stepMs: 5000, hosts: [2, 2, 2, 2, 2, 2, 2] });
        expect(fleet.signals['saved.compressed']).toEqual([150, 150, 150, 150, 150, 150, 150]);
        expect(fleet.signals['harm.psi-some']?.[0]).toBe(7);
        expect(store.fleet(['a'], s(10), s(40), 6).signals['harm.psi-some']?.[0]).toBe(2);
        return fleet;
      },
    );
  });

  it('counts the hosts that told something', () => {
    const store = openStore();
    for (let at = 0; at < 7200; at += 5)
      store.record([tick(s(at), signals(100, 2), 'a'), ...(at < 3600 ? [tick(s(at), signals(50, 7), 'b')] : [])]);
    settle(store, s(7200));
    const { tier, hosts, signals: told } = store.fleet([], s(0), s(7200), 2);
    expect(tier).toBe('hour');
    expect(hosts).toEqual([2, 1, 0]);
    expect(told['saved.compressed']).toEqual([150, 100, null]);
  });

  it('without hosts is empty', () => {
    expect(openStore().fleet([], s(0), s(60), 10).signals).toEqual({});
  });
});

describe('what is known', () => {
  it('names hosts and guests with their names and times', () => {
    always(
      (store) => {
        store.record([
          tick(s(0), [row('', { used: 1 }), row('a', { used: 1 }, 'first name')]),
          tick(s(5), [row('', { used: 1 }), row('a', { used: 1 }, 'second name')]),
          tick(s(10), [row('', { used: 1 })]),
        ]);
      },
      (store) => {
        const known = store.entities();
        expect(known).toEqual([
          { host: 'h1', guest: '', name: 'host one', hostName: 'name of h1', firstAt: s(0), lastAt: s(10) },
          { host: 'h1', guest: 'a', name: 'second name', hostName: 'name of h1', firstAt: s(0), lastAt: s(5) },
        ]);
        return known;
      },
    );
  });

  it('names the columns of a span', () => {
    always(
      (store) => {
        store.record([tick(s(0), { used: 1, 'signal.swap.used': 2, 'c:faults': 3, 'size@sda': 4 })]);
      },
      (store) => {
        const columns = store.columns({ host: 'h1', guest: '' }, s(0), s(3600));
        expect(columns.map(({ metric, instance, kind }) => `${kind} ${metric} ${instance}`).toSorted()).toEqual([
          'counter faults ',
          'level signal.swap.used ',
          'level size sda',
          'level used ',
        ]);
        expect(store.columns({ host: 'h1', guest: '' }, s(-90_000), s(-3600))).toEqual([]);
        return columns.length;
      },
    );
  });

  it('keeps events, each once', () => {
    const store = openStore();
    const event = { at: epochMs(s(3)), kind: 'reboot', host: 'h1', words: 'It was restarted.' } as const;
    const change = {
      at: epochMs(s(4)),
      kind: 'change',
      host: '',
      words: 'B.',
      plan: 'p',
      letter: 'B',
      hosts: ['h2'],
    } as const;
    store.mark([event, event]);
    store.mark([event, change]);
    expect(store.events([], s(0), s(10))).toEqual([event, change]);
    expect(store.events(['h1'], s(0), s(10))).toEqual([event]);
    expect(store.events(['h2'], s(0), s(10))).toEqual([change]);
    expect(store.events([], s(4), s(10))).toEqual([change]);
  });

  it('takes names for what they are', () => {
    const store = openStore();
    const evil = `x'); DROP TABLE piece; --`;
    store.record([tick(s(0), [row(evil, { [`m${evil}`.replaceAll(' ', '_')]: 1 }, evil)], evil)]);
    expect(store.entities()).toMatchObject([{ host: evil, guest: evil, name: evil }]);
  });
});

describe('a hostile host', () => {
  it('gets no more columns and guests than it may have, and the others keep theirs', () => {
    const told: string[] = [];
    const store = openStore({ warn: (words) => told.push(words) });
    const invented = (count: number, round: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${round}-${index}`, index]));
    for (let round = 0; round < 4; round++) store.record([tick(s(round), invented(2000, round))]);
    expect(store.columns({ host: 'h1', guest: '' }, s(0), s(10))).toHaveLength(most.newColumns);
    store.record([tick(s(1), { mine: 1 }, 'h2')]);
    expect(store.columns({ host: 'h2', guest: '' }, s(0), s(10))).toHaveLength(1);
    const guests = Array.from({ length: most.newGuests + 100 }, (_, index) => row(`g${index}`, { used: 1 }));
    store.record([tick(s(2), guests, 'h3')]);
    expect(store.entities().filter(({ host }) => host === 'h3')).toHaveLength(most.newGuests);
    expect(told.length).toBeGreaterThan(0);
  });

  it('cannot tell names without end', () => {
    const store = openStore();
    store.record([
      tick(s(0), [row('', { ['m'.repeat(most.metric + 1)]: 1, [`a@${'i'.repeat(most.instance + 1)}`]: 1, ok: 1 })]),
    ]);
    store.record([tick(s(1), [row('g'.repeat(most.guest + 1), { ok: 1 })])]);
    expect(store.columns({ host: 'h1', guest: '' }, s(0), s(10))).toMatchObject([{ metric: 'ok' }]);
    expect(store.entities()).toHaveLength(1);
  });

  it('cannot tell values that are none', () => {
    const store = openStore();
    store.record([tick(s(0), { a: -Infinity, b: 1, 'c:d': NaN }), tick(s(5), { a: -0, b: 1e300, 'c:d': -5 })]);
    expect(seriesOf(store, 'a')).toEqual([[5, 0]]);
    expect(seriesOf(store, 'b')?.[1]).toEqual([5, 1e300]);
    expect(seriesOf(store, 'd')).toBeUndefined();
  });
});

/** The watching room as it feeds the history: ticks and events of hosts that reboot, reset and come back. */
import { beforeEach, describe, expect, it } from 'vitest';
import { catalogueOf } from '#core/collect/catalogue.ts';
import { Collect } from '#core/collect/collect.ts';
import { observe } from '#core/collect/observe.ts';
import { Rates } from '#core/collect/rates.ts';
import { platforms } from '#core/platforms/index.ts';
import { eventOf } from '#core/collect/history-events.ts';
import { held } from '#core/ports.ts';
import type { HistoryTick } from '#core/ports.ts';
import type { HistoryEvent } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import { ScriptedLink, silentLog } from '../../../support/scripted-link.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { answers, Hosts, platform } from './small-platform.ts';

let clock: TestClock;
let hosts: Hosts;
let collect: Collect;
let ticks: HistoryTick[];
let events: HistoryEvent[];

beforeEach(() => {
  clock = new TestClock();
  hosts = new Hosts();
  ticks = [];
  events = [];
  collect = new Collect({
    hosts,
    clock,
    log: silentLog,
    platforms: [platform],
    interval: () => 5000,
    onHost: () => undefined,
    onTick: () => undefined,
    onHistory: (tick) => ticks.push(tick),
    onEvent: (event) => events.push(event),
    onGuests: () => undefined,
    onClusters: () => undefined,
  });
});

/** What the host's row said of a metric, tick by tick. */
const told = (metric: string) =>
  ticks.map(({ rows }) => {
    const row = rows.find(({ guest }) => guest === '');
    return row?.values[row.columns.findIndex((column) => column.metric === metric)];
  });

async function say(link: ScriptedLink, count: number, uptime: number): Promise<void> {
  Object.assign(link.answers, answers(count, uptime));
  await clock.pass(5000);
}

describe('ticks', () => {
  it('name the host, and tell levels and what counters grew by', async () => {
    const link = new ScriptedLink('a', clock, answers(100, 100));
    hosts.link('a', link);
    await clock.pass(0);
    await say(link, 130, 105);
    await say(link, 130, 105);
    expect(ticks.at(-1)).toMatchObject({ host: 'a', hostName: 'name of a', intervalMs: 5000 });
    expect(told('count')).toEqual([NaN, 30, held]);
    expect(told('level')).toEqual([4096, 4096, 4096]);
    expect(told('signal.saved.compressed')).toEqual([4096, 4096, 4096]);
  });

  it('count on over a time without connection, as long as the host did not reboot', async () => {
    const link = new ScriptedLink('a', clock, answers(100, 100));
    hosts.link('a', link);
    await clock.pass(0);
    hosts.link('a', undefined);
    await clock.pass(60_000);
    hosts.link('a', new ScriptedLink('a', clock, answers(400, 160)));
    await clock.pass(0);
    expect(told('count')).toEqual([NaN, 300]);
    expect(events).toEqual([]);
  });

  it('are of the moment when the host was read, however late a tool beside its files answers', async () => {
    const link = new ScriptedLink('a', clock, answers(100, 100));
    const ask = link.ask.bind(link);
    let lateMs = 0;
    link.ask = async (request) => {
      if ('command' in request) await new Promise<void>((resolve) => void clock.after(lateMs, resolve));
      return ask(request);
    };
    hosts.link('a', link);
    await clock.pass(0);
    // The tool is asked with every second tick.
    lateMs = 3000;
    for (let uptime = 105; uptime <= 125; uptime += 5) await say(link, uptime, uptime);
    await clock.pass(3000);
    const passed = ticks.slice(1).map(({ at }, index) => at - (ticks[index]?.at ?? NaN));
    expect(passed.slice(1)).toEqual([5000, 5000, 5000, 5000]);
  });
});

describe('events', () => {
  it('tell a reboot once, also across a time without connection, and no figure across it', async () => {
    hosts.link('a', new ScriptedLink('a', clock, answers(100, 5000)));
    await clock.pass(0);
    expect(events).toEqual([]);
    hosts.link('a', undefined);
    await clock.pass(60_000);
    const link = new ScriptedLink('a', clock, answers(900, 20), 'boot-2');
    hosts.link('a', link);
    await clock.pass(0);
    const at = clock.now();
    await say(link, 910, 25);
    expect(events).toEqual([
      { at, kind: 'reboot', host: 'a', words: 'name of a rebooted; all of its counters began anew.' },
    ]);
    expect(told('count')).toEqual([NaN, NaN, 10]);
  });

  it('tell counters that began anew without a reboot', async () => {
    const link = new ScriptedLink('a', clock, answers(100, 100));
    hosts.link('a', link);
    await clock.pass(0);
    await say(link, 3, 105);
    await say(link, 13, 110);
    expect(events.map(({ kind, words }) => [kind, words])).toEqual([
      ['reset', 'On name of a, the counter “Swap-ins” began anew without a reboot.'],
    ]);
    expect(told('count')).toEqual([NaN, NaN, 10]);
  });

  it('tell nothing of a sum that falls, as one of those it is the sum of has gone', () => {
    const seen = (sum: boolean) => {
      const catalogue = platform.catalogue.map((def) => ({ ...def, ...(sum ? { sum: true as const } : {}) }));
      const summed = { ...platform, catalogue };
      const rates = new Rates();
      return [100, 110, 30, 35].map((count, index) => {
        const at = epochMs(index);
        const files = new Map([['/proc/count', { path: '/proc/count', text: String(count), line: 1, at }]]);
        const evidence = { files, commands: new Map(), unread: new Map(), pageSize: 4096 };
        const moment = { at, bootId: 'b', evidence, uptimeAt: () => index };
        const { resets, points } = observe(moment, [summed], catalogueOf([summed]), rates);
        return [resets, points[0]?.[3]];
      });
    };
    expect(seen(true)).toEqual([
      [[], NaN],
      [[], 10],
      [[], NaN],
      [[], 5],
    ]);
    expect(seen(false)[2]).toEqual([['count'], NaN]);
    const xen = catalogueOf(platforms).entries.filter(({ sum }) => sum === true);
    expect(xen.map(({ id }) => id)).toContain('xen-tmem.persistent.puts');
    expect(xen.every(({ kind }) => kind === 'counter')).toBe(true);
  });

  it('name three counters, and say how many more there are', () => {
    const titled = (id: string) => ({ ...platform.catalogue[0], id, title: `Title ${id}` }) as never;
    const catalogue = catalogueOf([{ ...platform, catalogue: ['a', 'b', 'c', 'd'].map(titled) }]);
    const words = (...resets: string[]) =>
      eventOf({ id: 'h', name: 'web-1' }, epochMs(1), { rebooted: false, resets }, catalogue)?.words;
    expect(words()).toBeUndefined();
    expect(words('a', 'b')).toBe('On web-1, the counters “Title a” and “Title b” began anew without a reboot.');
    expect(words('a', 'b', 'c')).toBe(
      'On web-1, the counters “Title a”, “Title b” and “Title c” began anew without a reboot.',
    );
    expect(words('a', 'b', 'a', 'c', 'd', 'd')).toBe(
      'On web-1, the counters “Title a”, “Title b”, “Title c” and 3 more began anew without a reboot.',
    );
  });
});

describe('the memory of the last hour', () => {
  it('says how far back it reaches', async () => {
    expect(collect.ringSpanMs('a')).toEqual({ host: 0, guests: 0 });
    const link = new ScriptedLink('a', clock, answers(1, 100));
    hosts.link('a', link);
    await clock.pass(0);
    await clock.pass(600_000);
    expect(collect.ringSpanMs('a')).toEqual({ host: 600_000, guests: 600_000 });
    await clock.pass(6_000_000);
    const { host, guests } = collect.ringSpanMs('a');
    expect(host).toBeGreaterThan(3_590_000);
    expect(host).toBeLessThanOrEqual(3_600_000);
    expect(guests).toBeGreaterThan(1_790_000);
    expect(guests).toBeLessThanOrEqual(1_800_000);
  });

  it('answers what it holds of a span of ten years', async () => {
    hosts.link('a', new ScriptedLink('a', clock, answers(1, 100)));
    await clock.pass(60_000);
    const span = { spanSeconds: 315_360_000, points: 100 };
    const [series] = collect.series({ host: 'a', keys: [{ metric: 'level', instance: '' }], ...span });
    expect(series?.values.every((value) => value === 4096)).toBe(true);
    expect(series?.values.length).toBeGreaterThan(10);
    const fleet = collect.fleet(span);
    expect(fleet.at.length).toBeLessThanOrEqual(101);
    expect(Object.values(fleet.signals).every((values) => values.length === fleet.at.length)).toBe(true);
  });
});

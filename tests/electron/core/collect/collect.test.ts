/** The watching room with scripted hosts and a scripted clock: what is asked when, what pages get, what a loss leaves. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Collect } from '#core/collect/collect.ts';
import type { Tick } from '#shared/model/sample.ts';
import { ScriptedLink, silentLog } from '../../../support/scripted-link.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { answers, Hosts, platform } from './small-platform.ts';

let clock: TestClock;
let hosts: Hosts;
let collect: Collect;
let ticks: Tick[];
let interval: number;
let bugs: unknown[];

beforeEach(() => {
  clock = new TestClock();
  hosts = new Hosts();
  ticks = [];
  bugs = [];
  interval = 5000;
  collect = new Collect({
    hosts,
    clock,
    log: { ...silentLog, bug: (_words, error) => bugs.push(error) },
    platforms: [platform],
    interval: () => interval,
    onHost: () => undefined,
    onTick: (tick) => ticks.push(tick),
    onGuests: () => undefined,
    onClusters: () => undefined,
  });
});

describe('rounds', () => {
  it('ask everything as a probe at first, then each set in its own time', async () => {
    const link = new ScriptedLink('a', clock, answers(0, 100));
    hosts.link('a', link);
    await clock.pass(0);
    expect(link.asked).toEqual([
      { verb: 'probe', set: 'small.fast' },
      { verb: 'probe', set: 'small.slow' },
      { verb: 'probe', set: 'small.once' },
      { verb: 'run', command: 'guests' },
    ]);
    link.asked.length = 0;
    await clock.pass(60_000);
    const count = (name: string) => link.asked.filter((asked) => JSON.stringify(asked).includes(`"${name}"`)).length;
    expect(count('small.fast')).toBe(12);
    expect(count('guests')).toBeGreaterThanOrEqual(4);
    expect(count('guests')).toBeLessThanOrEqual(6);
    expect(count('small.slow')).toBeLessThanOrEqual(1);
    expect(count('small.once')).toBe(0);
  });

  it('follow a changed interval at the next round', async () => {
    const link = new ScriptedLink('a', clock, answers(0, 100));
    hosts.link('a', link);
    await clock.pass(10_000);
    interval = 1000;
    await clock.pass(5000);
    link.asked.length = 0;
    await clock.pass(10_000);
    expect(link.asked.filter(({ verb }) => verb === 'read').length).toBe(10);
  });

  it('leave alone what the host has not, until the next probe', async () => {
    const link = new ScriptedLink('a', clock, { ...answers(0, 100), 'small.fast': '/proc/uptime:100 1' });
    hosts.link('a', link);
    await clock.pass(290_000);
    expect(link.asked.filter(({ verb }) => verb === 'read').length).toBe(0);
    Object.assign(link.answers, answers(0, 500));
    await clock.pass(15_000);
    expect(link.asked.filter(({ verb }) => verb === 'probe').length).toBe(5);
    await clock.pass(10_000);
    expect(link.asked.filter(({ verb }) => verb === 'read').length).toBeGreaterThan(0);
  });

  it('ask for all that moves when the truth is wanted now, once for all who want it', async () => {
    const link = new ScriptedLink('a', clock, answers(0, 100));
    hosts.link('a', link);
    await clock.pass(10_000);
    link.asked.length = 0;
    Object.assign(link.answers, answers(0, 110));
    await Promise.all([collect.renew('a'), collect.renew('a')]);
    expect(link.asked.map((asked) => JSON.stringify(asked).replace(/.*:"|"}/g, ''))).toEqual([
      'small.fast',
      'small.slow',
      'guests',
    ]);
    expect(collect.guests('a').map(({ key }) => key)).toEqual(['one', 'three']);
    expect(collect.seenAt('a')).toBe(clock.now());
    await clock.pass(10_000);
    const table = collect.signals('a', ['saved.compressed', 'harm.oom-kills'], clock.now() - 10_000);
    expect(table.columns).toEqual([table.at.map(() => 4096), table.at.map(() => null)]);
    expect(table.at.length).toBeGreaterThan(0);
  });

  it('tell when the truth cannot be had', async () => {
    const link = new ScriptedLink('a', clock, answers(0, 100));
    hosts.link('a', link);
    await clock.pass(1000);
    link.dead = true;
    await expect(collect.renew('a')).rejects.toThrow('went away');
  });

  it('go on when the host refuses one set', async () => {
    const link = new ScriptedLink('a', clock, { ...answers(0, 100), 'small.slow': undefined });
    hosts.link('a', link);
    await clock.pass(20_000);
    expect(hosts.dead).toEqual([]);
    expect(collect.reading('a')?.values.map(({ metric }) => metric)).toEqual(['count', 'level']);
  });

  it('end with the link, and report it dead once', async () => {
    const link = new ScriptedLink('a', clock, answers(0, 100));
    hosts.link('a', link);
    await clock.pass(0);
    link.dead = true;
    await clock.pass(5000);
    expect(hosts.dead).toEqual(['a']);
    hosts.link('a', undefined);
    const asked = link.asked.length;
    await clock.pass(60_000);
    expect(link.asked.length).toBe(asked);
    expect(clock.waiting).toBe(0);
  });
});

describe('a mistake of ours while reading', () => {
  it('ends the link, and is in the log with its stack', async () => {
    hosts.setMissing = () => {
      throw new TypeError('not a function');
    };
    hosts.link('a', new ScriptedLink('a', clock, answers(0, 100)));
    await clock.pass(0);
    expect(hosts.dead).toEqual(['a']);
    expect(bugs).toMatchObject([new TypeError('not a function')]);
  });
});

describe('what pages get', () => {
  it('is the summary, the reading and the ticks of a live host', async () => {
    const link = new ScriptedLink('a', clock, answers(100, 100));
    hosts.link('a', link);
    await clock.pass(0);
    Object.assign(link.answers, answers(200, 110));
    await clock.pass(5000);
    expect(collect.summary('a')).toMatchObject({
      guests: 2,
      signals: { 'saved.compressed': 4096, 'harm.swap-in': 10 },
      worstGuest: { name: 'three', pays: 5 },
    });
    expect(ticks.at(-1)?.points).toContainEqual(['count', '', 10]);
    expect(ticks.at(-1)?.points).toContainEqual(['signal.harm.swap-in', '', 10]);
    const reading = collect.reading('a');
    expect(reading?.values.find(({ metric }) => metric === 'count')).toMatchObject({
      value: 200,
      rate: 10,
      source: '/proc/count',
      line: 1,
    });
    expect(reading?.files.map(({ source }) => source)).toContain('$ virsh list');
  });

  it('keeps the rate of what is read more rarely than the tick, and tells its age', async () => {
    const link = new ScriptedLink('a', clock, answers(100, 100));
    hosts.link('a', link);
    await clock.pass(0);
    let uptime = 100;
    const rates: unknown[] = [];
    const ages = new Set<number>();
    for (let tick = 0; tick < 13; tick++) {
      uptime += 5;
      Object.assign(link.answers, answers(uptime, uptime));
      link.answers['guests'] = `$ virsh list\n> one\n> three\n> total ${uptime * 3}\n$? 0`;
      await clock.pass(5000);
      const values = collect.reading('a')?.values ?? [];
      rates.push(...['asked', 'asked-sum'].map((name) => values.find(({ metric }) => metric === name)?.rate));
      const [count, asked] = ['count', 'asked'].map((name) => values.find(({ metric }) => metric === name)?.at);
      if (count !== undefined && asked !== undefined) ages.add(count - asked);
    }
    const known = rates.slice(rates.findIndex((rate) => rate !== undefined));
    expect(known.length).toBeGreaterThan(16);
    expect(new Set(known)).toEqual(new Set([3]));
    expect(ages).toEqual(new Set([0, 5000]));
  });

  it('is a gap while a host was away, and no spike after its reboot', async () => {
    hosts.link('a', new ScriptedLink('a', clock, answers(1_000_000, 5000)));
    await clock.pass(10_000);
    hosts.link('a', undefined);
    await clock.pass(60_000);
    const link = new ScriptedLink('a', clock, answers(5, 20), 'boot-2');
    hosts.link('a', link);
    await clock.pass(0);
    Object.assign(link.answers, answers(15, 25));
    await clock.pass(5000);
    const [series] = collect.series({
      host: 'a',
      keys: [{ metric: 'count', instance: '' }],
      spanSeconds: 3600,
      points: 1000,
    });
    expect(series?.values).toContain(null);
    expect(series?.values.at(-1)).toBe(2);
    expect(Math.max(...(series?.values ?? []).map((value) => value ?? 0))).toBe(2);
  });

  it('adds up savings of the fleet', async () => {
    for (const id of ['a', 'b']) hosts.link(id, new ScriptedLink(id, clock, answers(1, 100)));
    await clock.pass(20_000);
    const fleet = collect.fleet({ spanSeconds: 60, points: 100 });
    expect(fleet.signals['saved.compressed']?.at(-1)).toBe(8192);
    expect(fleet.signals['saved.compressed']?.at(0)).toBe(null);
  });

  it('tells guests by what changed since', async () => {
    const link = new ScriptedLink('a', clock, answers(1, 100));
    hosts.link('a', link);
    await clock.pass(0);
    const first = collect.guestRows.changes(0, undefined);
    expect(first.rows.map(({ name, hostName }) => [name, hostName])).toEqual([
      ['one', 'name of a'],
      ['three', 'name of a'],
    ]);
    expect(collect.guestRows.changes(first.revision, undefined)).toEqual({
      revision: first.revision,
      rows: [],
      gone: [],
    });
    link.answers['guests'] = '$ virsh list\n> three\n$? 0';
    await clock.pass(15_000);
    expect(collect.guestRows.changes(first.revision, undefined).gone).toEqual([{ host: 'a', key: 'one' }]);
  });

  it('forgets a removed host', async () => {
    hosts.link('a', new ScriptedLink('a', clock, answers(1, 100)));
    await clock.pass(0);
    const { revision } = collect.guestRows.changes(0, undefined);
    hosts.all.delete('a');
    hosts.change('a');
    expect(collect.summary('a')).toBeUndefined();
    expect(collect.guestRows.changes(revision, undefined).gone.map(({ key }) => key)).toEqual(['one', 'three']);
    expect(clock.waiting).toBe(0);
  });

  it('names what the login may not read', async () => {
    const link = new ScriptedLink('a', clock, {
      ...answers(1, 100),
      'small.slow':
        '/proc/uptime:100 1\ngrep: /proc/slow: Permission denied\ngrep: /proc/none: No such file or directory',
    });
    hosts.link('a', link);
    await clock.pass(0);
    expect(hosts.missing.get('a')).toEqual([{ path: '/proc/slow', words: 'Permission denied' }]);
  });
});

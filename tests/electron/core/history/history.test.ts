/** The history as the core has it, with its worker thread: gathered, flushed, paused, resumed, copied, closed. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openHistory } from '#core/history/history.ts';
import type { History } from '#core/history/history.ts';
import { HistoryStore } from '#core/history/store.ts';
import type { HistoryStatus } from '#shared/model/history.ts';
import type { HistorySettings, Notice } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { until } from '../../../support/until.ts';
import { folder, key, row, settings as usual, tick } from './ticks.ts';

class World {
  readonly clock = new TestClock();
  readonly notices = new Map<string, Notice>();
  readonly told: HistoryStatus[] = [];
  readonly warnings: string[] = [];
  settings: HistorySettings = usual;

  open(file: string | undefined): History {
    const history = openHistory({
      file,
      clock: this.clock,
      log: {
        info: () => undefined,
        warn: (words) => this.warnings.push(words),
        bug: (_, error) => this.warnings.push(String(error)),
      },
      settings: () => this.settings,
      notify: (notice) => this.notices.set(notice.id, notice),
      dismiss: (id) => this.notices.delete(id),
      onStatus: (status) => this.told.push(status),
    });
    onTestFinished(() => history.close());
    return history;
  }

  /** Time passes until it holds: the worker's answers come when they come. */
  async until(what: string, holds: () => boolean): Promise<void> {
    await until(what, async () => {
      await this.clock.pass(300);
      return holds();
    });
  }
}

const at = (seconds: number): number => 1_000_000 + seconds * 1000;
const valuesOf = async (history: History) =>
  (await history.series([key('used')], at(0), at(3900), 4000)).series[0]?.values ?? [];

describe('recording', () => {
  it('keeps what it was given, before it is open and after it was closed', async () => {
    const file = join(folder(), 'history.sqlite');
    const world = new World();
    const history = world.open(file);
    expect(history.status().state).toBe('opening');
    history.record(tick(at(0), { used: 1 }));
    history.mark({ at: epochMs(at(1)), kind: 'reboot', host: 'h1', words: 'It was restarted.' });
    await history.ready;
    expect(history.status()).toMatchObject({ state: 'recording', file });
    expect(await valuesOf(history)).toEqual([1]);
    history.record(tick(at(5), [row('', { used: 2 }), row('g', { used: 3 })]));
    await history.close();
    history.record(tick(at(10), { used: 9 }));
    expect(await history.entities()).toEqual([]);

    const next = world.open(file);
    expect(await valuesOf(next)).toEqual([1, 2]);
    expect(await next.events(['h1'], 0, at(9))).toMatchObject([{ kind: 'reboot' }]);
    expect(await next.entities()).toMatchObject([{ guest: '' }, { guest: 'g' }]);
    expect(await next.columns({ host: 'h1', guest: 'g' }, 0, at(100))).toHaveLength(1);
    expect(
      (await next.totals({ hosts: [], guests: true, metrics: ['used'], from: 0, to: at(100) })).totals,
    ).toHaveLength(2);
    expect((await next.fleet([], 0, at(100), 10)).signals).toEqual({});
  });

  it('writes within a quarter of a second, together', async () => {
    const file = join(folder(), 'history.sqlite');
    const world = new World();
    const history = world.open(file);
    await history.ready;
    for (let host = 0; host < 20; host++) history.record(tick(at(0), { used: host }, `h${host}`));
    await world.until('a file that has grown', () => history.status().tiers.length === 0 && existsSync(file));
    const db = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => db.close());
    await world.until('twenty rows', () => db.prepare('SELECT count(*) AS n FROM j').get()?.['n'] === 20);
  });

  it('tells its columns again to a worker that knows them no more, and goes on after one that died', async () => {
    const world = new World();
    const history = world.open(join(folder(), 'history.sqlite'));
    const columns = (count: number) => [{ metric: `m${count}`, instance: '', kind: 'level' as const }];
    for (let count = 0; count < 6000; count++)
      history.record({
        ...tick(at(count), {}),
        rows: [{ guest: '', name: 'h', columns: columns(count % 50), values: Float64Array.of(count) }],
      });
    await history.ready;
    expect((await history.columns({ host: 'h1', guest: '' }, 0, at(7000))).length).toBe(50);
    expect(world.warnings).toEqual(['history cannot keep up: the oldest readings that wait are left out']);
    history.record({
      ...tick(at(9000), {}),
      rows: [{ guest: '', name: 'h', columns: columns(3), values: Float64Array.of(7) }],
    });
    const { series } = await history.series([key('m3')], at(8999), at(9001), 10);
    expect(series[0]?.values).toEqual([7]);
  });
});

/** The threads that were spoken to, in the order in which they were first. */
function threads(): () => readonly Worker[] {
  const spy = vi.spyOn(Worker.prototype, 'postMessage');
  onTestFinished(() => spy.mockRestore());
  return () => [...new Set(spy.mock.contexts as Worker[])];
}

describe('a thread that ends', () => {
  it('while it has nothing to do is started again, and nothing is lost', async () => {
    const workers = threads();
    const history = new World().open(join(folder(), 'history.sqlite'));
    history.record(tick(at(0), { used: 1 }));
    expect(await valuesOf(history)).toEqual([1]);
    await workers()[0]?.terminate();
    history.record(tick(at(5), { used: 2 }));
    expect(await valuesOf(history)).toEqual([1, 2]);
    expect(history.status().state).toBe('recording');
  });

  it('while it writes is told, started again, and given what comes then', async () => {
    const world = new World();
    const history = world.open(join(folder(), 'history.sqlite'));
    history.record(tick(at(0), { used: 1 }));
    expect(await valuesOf(history)).toEqual([1]);
    const ends = vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
      void this.terminate();
    });
    onTestFinished(() => ends.mockRestore());
    history.record(tick(at(5), { used: 2 }));
    await world.until('a pause', () => history.status().state === 'paused');
    expect(history.status().because).toContain('its recorder ended unexpectedly');
    let seconds = 10;
    await world.until('recording again', () => {
      history.record(tick(at((seconds += 5)), { used: 3 }));
      return history.status().state === 'recording';
    });
    expect(world.notices.size).toBe(0);
    expect((await valuesOf(history)).filter((value) => value !== null).slice(0, 2)).toEqual([1, 3]);
    await world.clock.pass(300);
    expect((await history.events([], 0, at(1_000_000))).map(({ kind }) => kind)).toEqual(['paused', 'resumed']);
  });

  it('while it answers: another one answers', async () => {
    const workers = threads();
    const history = new World().open(join(folder(), 'history.sqlite'));
    history.record(tick(at(0), { used: 1 }));
    expect(await valuesOf(history)).toEqual([1]);
    const asked = [valuesOf(history), valuesOf(history)];
    await new Promise((resolve) => setImmediate(resolve));
    await workers()[1]?.terminate();
    expect(await Promise.all(asked)).toEqual([[1], [1]]);
    expect(await valuesOf(history)).toEqual([1]);
    expect(history.status().state).toBe('recording');
  });
});

describe('closing', () => {
  for (const [words, place] of [
    ['on the disk', () => join(folder(), 'history.sqlite')],
    ['in memory', () => undefined],
  ] as const)
    it(`waits for no question, of a history ${words}`, async () => {
      const file = place();
      const workers = threads();
      const history = new World().open(file);
      for (let count = 0; count < 4000; count++) history.record(tick(at(count), { used: count % 13, 'c:faults': 3 }));
      expect(await valuesOf(history)).not.toEqual([]);
      const spoken = workers().length;
      let answered = 0;
      const asked = Array.from({ length: 400 }, async () => {
        const { length } = await valuesOf(history);
        if (length > 0) answered += 1;
        return length;
      });
      history.record(tick(at(5000), { used: 7 }));
      await history.close();
      expect(answered).toBeLessThan(400);
      expect(await Promise.all(asked)).toContain(0);
      expect(await history.entities()).toEqual([]);
      expect(workers()).toHaveLength(spoken);
      if (file === undefined) return;
      const store = new HistoryStore({ file, settings: usual });
      onTestFinished(() => store.close());
      expect(store.series([key('used')], at(4999), at(5001), 4).series[0]?.values).toEqual([7]);
    });

  it('ends a copy that is being made, and loses nothing', async () => {
    const file = join(folder(), 'history.sqlite');
    const history = new World().open(file);
    for (let count = 0; count < 4000; count++)
      history.record(tick(at(count), Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`m${n}`, count * n]))));
    await history.ready;
    const copied = history.snapshot(join(folder(), 'copy.sqlite')).then(
      () => 'made',
      () => 'not made',
    );
    await history.close();
    expect(['made', 'not made']).toContain(await copied);
    const store = new HistoryStore({ file, settings: usual });
    onTestFinished(() => store.close());
    expect(store.series([key('m1')], at(0), at(3999), 4000).series[0]?.values).toHaveLength(4000);
  });
});

describe.skipIf(process.platform === 'win32')('its files', () => {
  it('are for their owner alone: the file, its log, copies, and what an earlier version left', async () => {
    const place = folder();
    const file = join(place, 'history.sqlite');
    const history = new World().open(file);
    history.record(tick(at(0), { used: 1 }));
    expect(await valuesOf(history)).toEqual([1]);
    await history.snapshot(join(place, 'copy.sqlite'));
    const modes = () => readdirSync(place).map((name) => [name, statSync(join(place, name)).mode & 0o777]);
    expect(modes()).toEqual(expect.arrayContaining([['history.sqlite-wal', 0o600]]));
    for (const [name, mode] of modes()) expect([name, mode]).toEqual([name, 0o600]);
    await history.close();
    chmodSync(file, 0o644);
    const next = new World().open(file);
    expect(await valuesOf(next)).toEqual([1]);
    for (const [name, mode] of modes()) expect([name, mode]).toEqual([name, 0o600]);
  });
});

describe('a history in memory', () => {
  it('works like one on the disk, and leaves nothing', async () => {
    const world = new World();
    const history = world.open(undefined);
    history.record(tick(at(0), { used: 1 }));
    expect(await valuesOf(history)).toEqual([1]);
    expect(history.status()).toMatchObject({ state: 'recording', file: '' });
    expect(history.status().budgetBytes).toBeLessThan(512 * 1024 * 1024);
  });
});

describe('paused', () => {
  it('says why, drops what comes, tries again, goes on by itself and marks both', async () => {
    const place = join(folder(), 'missing');
    const file = join(place, 'history.sqlite');
    const world = new World();
    const history = world.open(file);
    await history.ready;
    expect(history.status()).toMatchObject({ state: 'paused' });
    expect(history.status().because).toContain(place);
    expect(world.notices.get('history-paused')?.sentence).toBe(history.status().because);
    history.record(tick(at(0), { used: 0 }));
    expect(await valuesOf(history)).toEqual([]);
    mkdirSync(place);
    await world.clock.pass(5000);
    history.record(tick(at(5), { used: 5 }));
    await world.clock.pass(6000);
    history.record(tick(at(11), { used: 11 }));
    await world.until('recording again', () => history.status().state === 'recording');
    expect(world.notices.size).toBe(0);
    expect(await valuesOf(history)).toEqual([11]);
    await world.clock.pass(300);
    expect((await history.events([], 0, at(1_000_000))).map(({ kind }) => kind)).toEqual(['paused', 'resumed']);
    expect(world.told.map(({ state }) => state)).toContain('paused');
    expect(world.told.at(-1)?.state).toBe('recording');
  });

  it('by its budget goes on when that is raised', async () => {
    const world = new World();
    world.settings = { ...usual, diskMiB: 0.02 };
    const history = world.open(join(folder(), 'history.sqlite'));
    let seconds = 0;
    await world.until('a pause', () => {
      history.record(tick(at((seconds += 5)), { used: seconds }));
      return history.status().state === 'paused';
    });
    expect(history.status().because).toContain('its budget of 0.02 MiB');
    world.settings = usual;
    history.settingsChanged();
    await world.until('recording again', () => {
      history.record(tick(at((seconds += 5)), { used: seconds }));
      return history.status().state === 'recording';
    });
    expect(world.notices.size).toBe(0);
  });
});

describe('a file that cannot be used', () => {
  it('of a later version turns it off: nothing is recorded, nothing asked rejects', async () => {
    const file = join(folder(), 'history.sqlite');
    new HistoryStore({ file, settings: usual, migrations: [{ to: 99, run: () => undefined }] }).close();
    const world = new World();
    const history = world.open(file);
    history.record(tick(at(0), { used: 0 }));
    await history.ready;
    expect(history.status().state).toBe('off');
    expect([...world.notices.keys()]).toEqual(['history-off']);
    history.record(tick(at(5), { used: 0 }));
    expect(await valuesOf(history)).toEqual([]);
    expect(await history.totals({ hosts: [], guests: true, metrics: [], from: 0, to: 1 })).toEqual({
      totals: [],
      coverage: [],
      events: [],
      damaged: 0,
    });
    await expect(history.snapshot(join(file, '..', 'copy'))).rejects.toThrow('later version');
  });

  it('that is damaged is set aside, and said', async () => {
    const file = join(folder(), 'history.sqlite');
    writeFileSync(file, 'no database. '.repeat(1000));
    const world = new World();
    const history = world.open(file);
    await history.ready;
    expect(history.status().state).toBe('recording');
    expect([...world.notices.values()][0]?.sentence).toContain(`${file}.damaged-1970-01-01`);
    expect(readdirSync(join(file, '..'))).toContain('history.sqlite.damaged-1970-01-01');
  });
});

describe('a copy', () => {
  it('is whole, while recording goes on', async () => {
    const file = join(folder(), 'history.sqlite');
    const copy = join(folder(), 'copy.sqlite');
    const world = new World();
    const history = world.open(file);
    for (let count = 0; count < 500; count++) history.record(tick(at(count), { used: count }));
    const copied = history.snapshot(copy);
    for (let count = 500; count < 600; count++) history.record(tick(at(count), { used: count }));
    await copied;
    expect(await valuesOf(history)).toHaveLength(600);
    const store = new HistoryStore({ file: copy, settings: usual });
    onTestFinished(() => store.close());
    expect(store.series([key('used')], 0, at(10_000), 4000).series[0]?.values.length).toBeGreaterThanOrEqual(500);
    await expect(history.snapshot(join(folder(), 'none', 'copy'))).rejects.toThrow('could not be copied');
  });
});

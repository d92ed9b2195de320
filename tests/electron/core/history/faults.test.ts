/** What goes wrong with the file, and what becomes of it: full, damaged, newer, older. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Desk } from '#core/history/desk.ts';
import type { DeskOptions } from '#core/history/desk.ts';
import type { FromWorker } from '#core/history/messages.ts';
import { NewerHistory } from '#core/history/schema.ts';
import type { Migration } from '#core/history/schema.ts';
import { HistoryStore } from '#core/history/store.ts';
import type { HistoryEvent } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import { folder, key, openStore, row, seriesOf, settings, settle, start, tick } from './ticks.ts';

const now = start + 100_000;
const s = (seconds: number): number => start + seconds * 1000;

/** A file with some readings, packed and not. */
function filled(file: string, ticks = 100): void {
  const store = new HistoryStore({ file, settings, chunkTicks: 20 });
  for (let index = 0; index < ticks; index++) {
    store.record([tick(s(index * 5), { used: index, 'c:faults': 5 })]);
    store.work(s(index * 5));
  }
  store.close();
}

function openDesk(file: string, options: Pick<DeskOptions, 'migrations'> = {}) {
  const said: FromWorker[] = [];
  const desk = new Desk({ file, settings, say: (message) => said.push(message), ...options });
  onTestFinished(async () => void (await desk.answer({ what: 'close' })));
  const record = (
    seconds: number,
    values: Record<string, number> = { used: 1 },
    events: readonly HistoryEvent[] = [],
  ) => {
    const names = Object.keys(values);
    const columns = [{ id: 0, list: names.map((metric) => ({ metric, instance: '', kind: 'level' as const })) }];
    const row = { guest: '', name: 'one', columns: 0, values: Float64Array.from(Object.values(values)) };
    const ticks = [{ host: 'h1', hostName: 'one', at: s(seconds), intervalMs: 5000, rows: [row] }];
    return desk.answer({ what: 'record', batch: { forget: false, columns, ticks, events }, now });
  };
  const ask = async () => {
    const { value } = await desk.answer({
      what: 'ask',
      question: 'series',
      args: [[key('used')], start, s(3000), 4000],
      now,
    });
    return (value as { series: { values: unknown[] }[] } | undefined)?.series[0]?.values ?? [];
  };
  return { desk, said, record, ask };
}

describe('a file that is not a database', () => {
  const cases: Record<string, (file: string) => void> = {
    'is something else': (file) => writeFileSync(file, 'no database, for a long time. '.repeat(500)),
    'was cut short': (file) => {
      filled(file);
      truncateSync(file, 20_000);
    },
    'was written over': (file) => {
      filled(file);
      const open = openSync(file, 'r+');
      writeSync(open, Buffer.alloc(4 * 4096, 0x55), 0, 4 * 4096, 4096);
      closeSync(open);
    },
  };
  for (const [words, spoil] of Object.entries(cases))
    it(`${words}: is set aside whole, and a new one is begun`, async () => {
      const file = join(folder(), 'history.sqlite');
      spoil(file);
      const before = readFileSync(file);
      const { desk, record, ask } = openDesk(file);
      const opened = await desk.answer({ what: 'open', now });
      const answer = opened.setAside === undefined ? await record(0) : opened;
      expect(answer).toMatchObject({ state: 'open', setAside: `${file}.damaged-2026-03-01` });
      // But for SQLite's own count of changes in the first hundred bytes.
      expect(readFileSync(answer.setAside ?? '').subarray(100)).toEqual(before.subarray(100));
      expect(await record(5)).toMatchObject({ state: 'open' });
      expect(await ask()).toEqual([1]);
    });

  it('keeps both when it happens twice on a day', async () => {
    const file = join(folder(), 'history.sqlite');
    for (const aside of ['damaged-2026-03-01', 'damaged-2026-03-01-2']) {
      writeFileSync(file, 'no database. '.repeat(500));
      const { desk } = openDesk(file);
      expect(await desk.answer({ what: 'open', now })).toMatchObject({ setAside: `${file}.${aside}` });
      await desk.answer({ what: 'close' });
    }
  });
});

describe('damage', () => {
  it('of one chunk leaves out that chunk, and is counted', () => {
    const file = join(folder(), 'history.sqlite');
    filled(file);
    const db = new DatabaseSync(file);
    const { id, chunk } = db.prepare('SELECT id, chunk FROM raw ORDER BY id LIMIT 1 OFFSET 1').get() as {
      id: number;
      chunk: Uint8Array;
    };
    chunk[10] = (chunk[10] ?? 0) ^ 1;
    db.prepare('UPDATE raw SET chunk = ? WHERE id = ?').run(chunk, id);
    db.close();
    const store = openStore({ file });
    const table = store.series([key('used')], start, s(500), 1000);
    expect(table.damaged).toBeGreaterThan(0);
    expect(table.series[0]?.values.filter((value) => value === null)).toHaveLength(1);
    expect(table.series[0]?.values.filter((value) => value !== null)).toHaveLength(80);
    expect(() => settle(store, s(9000))).not.toThrow();
    expect(store.totals({ hosts: [], guests: false, metrics: ['faults'], from: start, to: s(500) })).toMatchObject({
      totals: [{ increase: 80 * 5 }],
      damaged: 0,
    });
  });

  it('of a journal row leaves out what is told as a difference to it', () => {
    const file = join(folder(), 'history.sqlite');
    const store = new HistoryStore({ file, settings });
    for (let index = 0; index < 10; index++) store.record([tick(s(index * 5), { used: index })]);
    store.db.exec(`UPDATE j SET rest = x'00' WHERE seq = 5`);
    store.close();
    const told: string[] = [];
    const next = openStore({ file, warn: (words) => told.push(words) });
    expect(seriesOf(next, 'used')).toHaveLength(4);
    next.record([tick(s(60), { used: 60 }), tick(s(65), { used: 65 })]);
    expect(seriesOf(next, 'used')?.slice(-2)).toEqual([
      [60, 60],
      [65, 65],
    ]);
    expect(told).toEqual(['journal rows that cannot be read are left out']);
  });

  it('of a journal row is counted once, however many guests stand in it', () => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ file });
    const guests = ['', 'one', 'two', 'three'].map((guest) => row(guest, { used: 1 }));
    for (let index = 0; index < 10; index++) store.record([tick(s(index * 5), guests)]);
    const db = new DatabaseSync(file);
    db.exec("UPDATE j SET rest = x'00' WHERE seq = (SELECT max(seq) FROM j)");
    db.close();
    const told = store.totals({ hosts: [], guests: true, metrics: ['used'], from: start, to: s(100) });
    expect(told.totals).toHaveLength(4);
    expect(told.damaged).toBe(1);
  });

  it('that is found while it is open is set aside too', async () => {
    const file = join(folder(), 'history.sqlite');
    filled(file, 400);
    const { desk, record } = openDesk(file);
    expect(await desk.answer({ what: 'open', now })).toMatchObject({ state: 'open' });
    const open = openSync(file, 'r+');
    for (let page = 1; page < readFileSync(file).length / 4096; page++)
      writeSync(open, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    closeSync(open);
    const answers = [
      await record(3000),
      await desk.answer({ what: 'ask', question: 'entities', args: [], now }),
      await record(3005),
    ];
    expect(answers.map(({ setAside }) => setAside).filter((aside) => aside !== undefined)).toEqual([
      `${file}.damaged-2026-03-01`,
    ]);
    expect(await record(3010)).toMatchObject({ state: 'open' });
  });
});

describe('a full disk', () => {
  it('loses what does not fit, keeps what is there, and goes on when there is room', async () => {
    const file = join(folder(), 'history.sqlite');
    const { desk, record, ask } = openDesk(file);
    expect(await record(0, { used: 0 })).toMatchObject({ state: 'open' });
    const store = desk.store as HistoryStore;
    const pages = Number(Object.values(store.db.prepare('PRAGMA page_count').get() ?? {})[0]);
    store.db.exec(`PRAGMA max_page_count = ${pages + 2}`);
    let seconds = 5;
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`m${index}`, Math.PI * 1e13 * index]));
    const event = { at: epochMs(s(5)), kind: 'reboot', host: 'h1', words: 'x' } as const;
    let answer = await record(seconds, wide);
    while (answer.state === 'open' && seconds < 500) answer = await record((seconds += 5), wide, [event]);
    expect(answer).toMatchObject({ state: 'passing' });
    expect(answer.because).toContain('is full. Free some space there');
    expect(await ask()).toEqual([0]);
    store.db.exec('PRAGMA max_page_count = 1000000');
    expect(await record(600, { used: 600 })).toMatchObject({ state: 'open' });
    expect((await ask()).at(-1)).toBe(600);
  });
});

describe('a file that cannot be opened', () => {
  it('is tried again, and recorded to as soon as it can', async () => {
    const place = join(folder(), 'not-there');
    const file = join(place, 'history.sqlite');
    const { desk, record, ask } = openDesk(file);
    expect(await desk.answer({ what: 'open', now })).toMatchObject({ state: 'passing' });
    expect((await record(0)).because).toContain(place);
    mkdirSync(place);
    expect(await record(5, { used: 5 })).toMatchObject({ state: 'open' });
    expect(await ask()).toEqual([5]);
  });
});

describe('a file of another version', () => {
  it('that is newer is left alone', async () => {
    const file = join(folder(), 'history.sqlite');
    filled(file);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    const before = readFileSync(file);
    const { desk, record } = openDesk(file);
    const answer = await desk.answer({ what: 'open', now });
    expect(answer).toMatchObject({ state: 'newer' });
    expect(answer.because).toContain('later version');
    expect(await record(0)).toMatchObject({ state: 'newer' });
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  const steps: readonly Migration[] = [
    {
      to: 2,
      run: (db, progress) => {
        db.exec('CREATE TABLE more (value)');
        for (let part = 0; part < 4; part++) progress(part / 4);
      },
    },
    { to: 3, run: (db) => db.exec('INSERT INTO more VALUES (3)') },
  ];
  const versionIn = (file: string): unknown => {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0];
    } finally {
      db.close();
    }
  };

  it('that is older is brought up to date, with progress, and keeps what it holds', async () => {
    const file = join(folder(), 'history.sqlite');
    filled(file);
    const { desk, said, ask } = openDesk(file, { migrations: steps });
    expect(await desk.answer({ what: 'open', now })).toMatchObject({ state: 'open' });
    expect(said.map((message) => ('progress' in message ? message.progress : message))).toEqual([
      0, 0, 0.125, 0.25, 0.375, 0.5,
    ]);
    expect(await ask()).toHaveLength(100);
    await desk.answer({ what: 'close' });
    expect(versionIn(file)).toBe(3);
    // And a program that does not know of it refuses.
    expect(() => new HistoryStore({ file, settings })).toThrow(NewerHistory);
  });

  it('that is older stays as it was when bringing it up to date fails half way', () => {
    const file = join(folder(), 'history.sqlite');
    filled(file);
    const failing: readonly Migration[] = [
      {
        to: 2,
        run: (db) => {
          db.exec('DROP TABLE raw');
          throw new Error('power cut');
        },
      },
    ];
    expect(() => new HistoryStore({ file, settings, migrations: failing })).toThrow('power cut');
    expect(versionIn(file)).toBe(1);
    expect(seriesOf(openStore({ file }), 'used')).toHaveLength(100);
  });

  it('that is new is made as the newest', () => {
    const file = join(folder(), 'history.sqlite');
    openStore({ file, migrations: steps }).close();
    expect(readdirSync(join(file, '..'))).toEqual(['history.sqlite']);
    expect(versionIn(file)).toBe(3);
  });
});

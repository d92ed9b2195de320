/** A history read by another process than the one that writes it: sees what is committed, changes nothing. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readHistory } from '#core/history/read-history.ts';
import type { ExportRow } from '#core/history/read-history.ts';
import { HistoryStore } from '#core/history/store.ts';
import { folder, key, openStore, row, settings, settle, start, tick } from './ticks.ts';

const s = (seconds: number): number => start + seconds * 1000;

function reader(file: string) {
  const one = readHistory(file);
  onTestFinished(() => one.close());
  return one;
}

const valuesOf = async (one: ReturnType<typeof reader>) =>
  (await one.series([key('used')], s(0), s(3600), 4000)).series[0]?.values ?? [];

describe('reading', () => {
  it('sees what a console has written so far, while it goes on writing', async () => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ file, chunkTicks: 10 });
    store.record([tick(s(0), { used: 0 })]);
    const one = reader(file);
    for (let count = 1; count < 50; count++) {
      store.record([tick(s(count * 5), { used: count })]);
      settle(store, s(count * 5));
      expect(await valuesOf(one)).toHaveLength(count + 1);
    }
    expect(one.status()).toMatchObject({ state: 'recording', file });
  });

  it('of a history that nobody writes creates and changes nothing', async () => {
    const file = join(folder(), 'history.sqlite');
    const store = new HistoryStore({ file, settings });
    store.record([tick(s(0), { used: 0 })]);
    store.close();
    const before = [readFileSync(file), statSync(file).mtimeMs];
    const one = reader(file);
    expect(await valuesOf(one)).toEqual([0]);
    expect(await one.entities()).toHaveLength(1);
    one.close();
    expect(readdirSync(join(file, '..'))).toEqual(['history.sqlite']);
    expect([readFileSync(file), statSync(file).mtimeMs]).toEqual(before);
  });

  it('goes on when a console begins to write meanwhile', async () => {
    const file = join(folder(), 'history.sqlite');
    new HistoryStore({ file, settings }).close();
    const one = reader(file);
    expect(await valuesOf(one)).toEqual([]);
    const store = openStore({ file });
    store.record([tick(s(0), { used: 7 })]);
    expect(await valuesOf(one)).toEqual([7]);
  });

  it('says what is wrong', () => {
    const place = folder();
    expect(() => readHistory(join(place, 'none'))).toThrow('There is no history yet');
    expect(existsSync(join(place, 'none'))).toBe(false);
    writeFileSync(join(place, 'wrong'), 'no database. '.repeat(1000));
    expect(() => readHistory(join(place, 'wrong'))).toThrow('is damaged');
    new HistoryStore({ file: join(place, 'newer'), settings, migrations: [{ to: 9, run: () => undefined }] }).close();
    expect(() => readHistory(join(place, 'newer'))).toThrow('later version');
  });
});

describe('rows for other programs', () => {
  const filled = (): string => {
    const file = join(folder(), 'history.sqlite');
    const store = openStore({ file, chunkTicks: 10 });
    for (let count = 0; count < 1500; count++)
      store.record([
        tick(s(count * 5), [
          row('', { used: count, 'c:faults': count === 0 ? NaN : 10 }),
          row('g', { used: 1 }, 'guest'),
        ]),
        tick(s(count * 5), { used: 5 }, 'h2'),
      ]);
    settle(store, s(1500 * 5));
    return file;
  };
  const all = async (tier: 'raw' | 'minute' | 'hour', hosts: readonly string[] = [], from = s(0), to = s(7500)) => {
    const rows: ExportRow[] = [];
    let batches = 0;
    await reader(filled()).rows({ tier, from, to, hosts }, async (batch) => {
      batches += 1;
      await Promise.resolve();
      rows.push(...batch);
    });
    return { rows, batches };
  };

  it('are all readings, in batches', async () => {
    const { rows, batches } = await all('raw');
    expect(batches).toBeGreaterThan(1);
    expect(rows).toHaveLength(1500 * 4 - 1);
    expect(rows.find(({ metric, at }) => metric === 'faults' && at === s(10))).toEqual({
      at: s(10),
      host: 'h1',
      hostName: 'name of h1',
      guest: '',
      guestName: '',
      metric: 'faults',
      instance: '',
      kind: 'counter',
      value: 10,
    });
  });

  it('are of some hosts and a part of the time, where that is asked', async () => {
    const { rows } = await all('raw', ['h2'], s(100), s(200));
    expect(rows.map(({ host, at }) => [host, (at - start) / 1000])).toEqual(
      Array.from({ length: 20 }, (_, index) => ['h2', 100 + index * 5]),
    );
  });

  it('are minutes and hours, also of the hour that is not over', async () => {
    const minutes = (await all('minute')).rows.filter(
      ({ metric, host, guest }) => metric === 'faults' && host === 'h1' && guest === '',
    );
    expect(minutes).toHaveLength(125);
    expect(minutes[7]).toMatchObject({ at: s(420), value: 2, low: 2, high: 2 });
    const hours = (await all('hour')).rows.filter(
      ({ metric, host, guest }) => metric === 'used' && host === 'h1' && guest === '',
    );
    expect(hours.map(({ at, low, high }) => [at, low, high])).toEqual([
      [s(0), 0, 719],
      [s(3600), 720, 1439],
      [s(7200), 1440, 1499],
    ]);
  });
});

/** A disk that is really full, and a process that ends in the middle of bringing a history up to date. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHistory } from '#core/history/history.ts';
import { HistoryStore } from '#core/history/store.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { until } from '../../../support/until.ts';
import { folder, key, seriesOf, settings, start, tick } from './ticks.ts';

const isRoot = process.getuid?.() === 0;
const at = (seconds: number): number => 1_000_000 + seconds * 1000;

describe('a disk that is full', () => {
  // Only root may mount a small disk of its own.
  it.skipIf(!isRoot)('pauses recording, and the rest goes on; room that is made is used by itself', async () => {
    const disk = folder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(2 * 1024 * 1024));
    const clock = new TestClock();
    const notices = new Map<string, string>();
    const history = openHistory({
      file: join(disk, 'history.sqlite'),
      clock,
      log: { info: () => undefined, warn: () => undefined, bug: () => undefined },
      settings: () => settings,
      notify: ({ id, sentence }) => notices.set(id, sentence),
      dismiss: (id) => notices.delete(id),
      onStatus: () => undefined,
    });
    await history.ready;
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${index}`, 0]));
    let seconds = 0;
    const record = (): void => {
      seconds += 5;
      for (const name of Object.keys(wide)) wide[name] = seconds * Math.E * 1e13;
      history.record(tick(at(seconds), { ...wide, used: seconds }));
    };
    const recordUntil = (what: string, state: string) =>
      until(what, async () => {
        record();
        await clock.pass(300);
        return history.status().state === state;
      });
    await recordUntil('a pause', 'paused');
    expect(notices.get('history-paused')).toContain(`the disk that holds ${disk} is full`);
    // What was recorded before can be read, and nothing rejects.
    const { series } = await history.series([key('used')], at(0), at(seconds), 4000);
    const before = series[0]?.values ?? [];
    expect(before.length).toBeGreaterThan(10);
    expect(before.at(-1)).toBeLessThan(seconds);
    await recordUntil('a pause that lasts', 'paused');
    rmSync(filler);
    await recordUntil('recording', 'recording');
    expect(notices.size).toBe(0);
    await clock.pass(300);
    record();
    const after = (await history.series([key('used')], at(0), at(seconds), 4000)).series[0]?.values ?? [];
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toBe(seconds);
    expect((await history.events([], 0, at(1e6))).map(({ kind }) => kind)).toEqual(['paused', 'resumed']);
    await history.close();
  });
});

describe('a history that is being brought up to date', () => {
  it('is whole and of its old version when the console ends in the middle', async () => {
    const file = join(folder(), 'history.sqlite');
    const first = new HistoryStore({ file, settings, chunkTicks: 10 });
    for (let count = 0; count < 95; count++) first.record([tick(start + count * 5000, { used: count })]);
    first.close();
    const program = fileURLToPath(new URL('./migration-child.ts', import.meta.url));
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('half way\n');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const db = new DatabaseSync(file);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    db.close();
    const store = new HistoryStore({ file, settings });
    expect(seriesOf(store, 'used')?.map(([, value]) => value)).toEqual(Array.from({ length: 95 }, (_, count) => count));
    expect(store.entities()[0]?.name).toBe('host one');
    store.close();
  });
});

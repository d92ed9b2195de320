/** Schedules: made at their time while the console runs, once when they were missed, and copied where somebody said. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ScheduleDraft } from '#shared/model/report.ts';
import { schedulesFormat } from '#core/reports/reports.ts';
import { doneIn, held, Room, seen } from './room.ts';
import { hour, reportSources, request } from './sources.ts';

let room = new Room();
beforeEach(() => {
  room = new Room();
  return room.begin();
});
afterEach(() => room.end());

describe('a schedule', () => {
  const draft = (given: Partial<ScheduleDraft> = {}): ScheduleDraft => ({
    title: 'Every morning',
    request: { ...request('inventory'), span: { lastSeconds: 86_400 } },
    every: 'day',
    weekday: 1,
    minute: 7 * 60,
    folder: '',
    enabled: true,
    ...given,
  });
  /** Lets the clock go in steps no longer than the schedules’ own, and the jobs with it. */
  const passHours = async (hours: number): Promise<void> => {
    for (let quarter = 0; quarter < hours * 4; quarter++) await room.clock.pass(hour / 4);
  };
  const localMinute = (at: number): number => new Date(at).getHours() * 60 + new Date(at).getMinutes();

  test('makes its report at its time, again and again, and writes down when', async () => {
    const asked: string[] = [];
    const reports = await room.open({
      sources: (asker) => {
        asked.push(asker);
        return reportSources();
      },
    });
    const { id, nextAt } = await reports.schedule(undefined, draft());
    expect(localMinute(nextAt)).toBe(7 * 60);
    await passHours(25);
    const made = await doneIn(reports);
    expect(made).toMatchObject({ schedule: id, title: 'Every morning, 3 hosts', to: nextAt, notes: [] });
    expect(asked).toEqual(['schedule']);
    await seen('what is waited for', () => room.stored?.schedules[0]?.lastAt !== undefined);
    expect(room.stored?.schedules[0]?.nextAt).toBeGreaterThan(room.clock.now());
    await passHours(24);
    await seen('what is waited for', () => reports.list().filter(({ state }) => state === 'done').length === 2);
  });

  test('missed while the console was off is made once, and says so', async () => {
    const first = await room.open();
    const { nextAt } = await first.schedule(undefined, draft());
    await first.close();
    room.clock.jump(4 * 24 * hour);
    const again = await room.open();
    await room.clock.pass(1000);
    const made = await doneIn(again);
    expect(again.list()).toHaveLength(1);
    expect(localMinute(made.to)).toBe(7 * 60);
    expect(made.to).toBeGreaterThan(nextAt);
    expect(made.to).toBeLessThanOrEqual(room.clock.now());
    expect(made.notes[0]).toMatch(
      /^Due on 2026-11-2\d 07:00, when the console was not running; made .*Runs before that were missed too/,
    );
    await passHours(1);
    expect(again.list()).toHaveLength(1);
  });

  test('whose report the end of the console cut short is due again', async () => {
    const { sources, reached, go } = held();
    const first = await room.open({ sources });
    await first.schedule(undefined, draft());
    for (let hours = 0; hours < 24 && room.changed.length === 0; hours++) await passHours(1);
    await reached;
    const closing = first.close();
    go();
    await closing;
    expect(room.stored?.schedules[0]?.lastAt).toBeUndefined();
    const again = await room.open();
    await room.clock.pass(1000);
    await doneIn(again);
  });

  test('that waits for the report of another is due again, when the console ends before its turn', async () => {
    const { sources, reached, go } = held();
    let asked = 0;
    const first = await room.open({ sources: () => (++asked === 1 ? reportSources() : sources()) });
    await first.schedule(undefined, draft({ title: 'One' }));
    await first.schedule(undefined, draft({ title: 'Two' }));
    for (let hours = 0; hours < 24 && asked < 2; hours++) await passHours(1);
    await reached;
    await seen('the first is written down', () => room.stored?.schedules.some(({ lastAt }) => lastAt !== undefined));
    const closing = first.close();
    go();
    await closing;
    const due = (title: string) => room.stored?.schedules.find((one) => one.title === title);
    expect(due('One')?.nextAt).toBeGreaterThan(room.clock.now());
    expect(due('Two')?.nextAt).toBeLessThanOrEqual(room.clock.now());
    expect(due('Two')?.lastAt).toBeUndefined();
  });

  test('whose report does not fit on the disk leaves no copy of it in its folder', async () => {
    const out = join(room.folder, 'out');
    await mkdir(out);
    const reports = await room.open({
      folder: join(room.folder, 'kept'),
      write: async (path, bytes) => {
        if (path.startsWith(out)) return writeFile(path, bytes, { flag: 'wx' });
        throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
      },
    });
    await reports.schedule(undefined, draft({ folder: out }));
    await passHours(25);
    await seen('it failed', () => reports.list().some(({ state }) => state === 'failed'));
    expect(await readdir(out)).toEqual([]);
  });

  test('of which one copy cannot be written leaves none of them', async () => {
    const out = join(room.folder, 'out');
    await mkdir(out);
    let copies = 0;
    const reports = await room.open({
      folder: join(room.folder, 'kept'),
      write: async (path, bytes) => {
        if (path.startsWith(out) && ++copies === 2)
          throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
        await writeFile(path, bytes, { flag: 'wx' });
      },
    });
    const two = { ...request('inventory'), span: { lastSeconds: 86_400 }, formats: ['json', 'html'] as const };
    await reports.schedule(undefined, draft({ folder: out, request: two }));
    await passHours(25);
    expect((await doneIn(reports)).notes[0]).toContain('its copy could not be written');
    expect(await readdir(out)).toEqual([]);
  });

  test('that is off makes nothing, and one taken away neither', async () => {
    const reports = await room.open();
    await reports.schedule(undefined, draft({ enabled: false }));
    const { id } = await reports.schedule(undefined, draft({ title: 'Gone' }));
    await reports.unschedule(id);
    await passHours(49);
    expect(reports.list()).toEqual([]);
    expect(reports.schedules().map(({ title }) => title)).toEqual(['Every morning']);
  });

  test('is changed in place, and one that is gone is not', async () => {
    const reports = await room.open();
    const { id, nextAt } = await reports.schedule(undefined, draft());
    const changedTo = await reports.schedule(id, draft({ minute: 8 * 60 }));
    expect(changedTo).toMatchObject({ id, nextAt: nextAt + hour });
    expect(reports.schedules()).toEqual([changedTo]);
    await expect(reports.schedule('nobody', draft())).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });

  test('that cannot be written down is not made', async () => {
    const reports = await room.open();
    room.saveFails = true;
    await expect(reports.schedule(undefined, draft())).rejects.toThrow('no');
    expect(reports.schedules()).toEqual([]);
  });

  test('whose time lies far ahead because the clock was wrong is due by the right clock', async () => {
    const wrong = await room.open();
    room.clock.jump(4000 * 24 * hour);
    await wrong.schedule(undefined, draft());
    await wrong.close();
    room.clock.jump(-4000 * 24 * hour);
    const reports = await room.open();
    await passHours(25);
    expect(await doneIn(reports)).toBeDefined();
  });

  test('puts copies into its folder, and writes over nothing there', async () => {
    const out = join(room.folder, 'out');
    await mkdir(out);
    const reports = await room.open({ folder: join(room.folder, 'kept') });
    await reports.schedule(undefined, draft({ folder: out }));
    await passHours(25);
    const first = await doneIn(reports);
    const name = first.files[0]?.name ?? '';
    expect(first.notes).toContain(`Copied to ${out}.`);
    expect(JSON.parse(await readFile(join(out, name), 'utf8'))).toMatchObject({ kind: 'inventory' });
    await writeFile(join(out, name.replace('2026-11-25', '2026-11-26')), 'mine');
    await passHours(24);
    await seen('what is waited for', () => reports.list().filter(({ state }) => state === 'done').length === 2);
    expect((await readdir(out)).toSorted()).toEqual([
      'inventory-2026-11-25.json',
      'inventory-2026-11-26-2.json',
      'inventory-2026-11-26.json',
    ]);
    expect(await readFile(join(out, 'inventory-2026-11-26.json'), 'utf8')).toBe('mine');
  });

  test('whose folder is gone when it is due still makes its report, and says so', async () => {
    const out = join(room.folder, 'out');
    await mkdir(out);
    const reports = await room.open({ folder: join(room.folder, 'kept') });
    await reports.schedule(undefined, draft({ folder: out }));
    await rm(out, { recursive: true });
    await passHours(25);
    const made = await doneIn(reports);
    expect(made.notes[0]).toContain(`its copy could not be written to ${out}`);
    expect(room.notices).toHaveLength(1);
  });

  test.each([
    ['relative', () => 'reports', 'is not a whole path'],
    ['not there', () => join(room.folder, 'nowhere'), 'There is no folder'],
    ['a file', () => join(room.folder, 'file'), 'is not a folder'],
    ['one that takes no file', () => '/proc/self', 'Nothing can be written'],
  ])('with a folder that is %s is refused', async (_, wanted, words) => {
    await writeFile(join(room.folder, 'file'), '');
    const reports = await room.open();
    const refused = await reports.schedule(undefined, draft({ folder: wanted() })).catch((error: unknown) => error);
    expect(refused).toMatchObject({ problem: { code: 'file-unwritable' } });
    expect(String(refused)).toContain(words);
    expect(reports.schedules()).toEqual([]);
  });

  test('is read back from its file, and a file that is none is refused', () => {
    const kept = { ...draft(), id: 'a', nextAt: 5 };
    expect(schedulesFormat.schema.parse({ schedules: [kept] })).toEqual({ schedules: [kept] });
    expect(schedulesFormat.schema.safeParse({ schedules: [{ ...kept, minute: 1440 }] }).success).toBe(false);
    expect(schedulesFormat.schema.safeParse({ schedules: [{ ...kept, extra: 1 }] }).success).toBe(false);
  });
});

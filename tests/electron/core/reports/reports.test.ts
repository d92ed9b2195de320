/** The jobs: one after the other, all of a report or nothing, kept over a start; and what stops them. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFormats } from '#core/reports/reports.ts';
import { writeBytes } from '#core/reports/store.ts';
import { ended, gate, held, Room, seen } from './room.ts';
import { reportSources, request } from './sources.ts';

let room = new Room();
beforeEach(() => {
  room = new Room();
  return room.begin();
});
afterEach(() => room.end());

describe('a report', () => {
  test('is made, told of step by step, read, and still there after a start', async () => {
    const reports = await room.open({ formats: writeFormats });
    const { id } = reports.make(request('savings', { formats: ['json', 'csv'] }));
    const done = await ended(reports, id);
    expect(done).toMatchObject({ state: 'done', progress: 1, title: 'Savings report, 3 hosts', lab: false });
    const names = done.files.map(({ name }) => name);
    expect(names).toContain('savings-2026-11-24.json');
    expect(names).toContain('savings-2026-11-24-hosts.csv');
    const progress = room.changed.filter((one) => one.id === id).map((one) => one.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(5);

    const read = await reports.read(id, 'savings-2026-11-24.json');
    expect(read.type).toBe('application/json');
    const text = Buffer.from(read.base64, 'base64').toString('utf8');
    expect(JSON.parse(text)).toMatchObject({ kind: 'savings' });
    expect((await readdir(join(room.folder, id))).toSorted()).toEqual([...names, 'report.json'].toSorted());

    const again = await room.open();
    expect(again.list()).toEqual([done]);
    await again.remove(id);
    expect(room.removed).toEqual([id]);
    expect(await readdir(room.folder)).toEqual([]);
  });

  test('waits for the one before it', async () => {
    const { sources, reached, go } = held();
    const reports = await room.open({ sources });
    const first = reports.make(request('inventory'));
    const second = reports.make(request('inventory'));
    await reached;
    expect(reports.list().find(({ id }) => id === second.id)?.state).toBe('waiting');
    go();
    expect((await ended(reports, first.id)).state).toBe('done');
    expect((await ended(reports, second.id)).state).toBe('done');
  });

  test('is cancelled in the middle and before its turn, and leaves nothing', async () => {
    const { sources, reached, go } = held();
    const reports = await room.open({ sources });
    const first = reports.make(request('inventory'));
    const second = reports.make(request('inventory'));
    await reached;
    reports.cancel(first.id);
    reports.cancel(second.id);
    go();
    expect((await ended(reports, first.id)).state).toBe('cancelled');
    expect((await ended(reports, second.id)).state).toBe('cancelled');
    expect(await readdir(room.folder)).toEqual([]);
  });

  test('that is removed while it is written is gone from the disk too', async () => {
    const [writing, going] = [gate(), gate()];
    const reports = await room.open({
      write: async (path, bytes) => {
        writing.pass();
        await going.passed;
        await writeBytes(path, bytes);
      },
    });
    const { id } = reports.make(request('inventory'));
    await writing.passed;
    await reports.remove(id);
    going.pass();
    await reports.close();
    expect(reports.list()).toEqual([]);
    expect(await readdir(room.folder)).toEqual([]);
  });

  test('that does not fit on the disk fails, says where, and leaves nothing half', async () => {
    let written = 0;
    const reports = await room.open({
      write: async (path, bytes) => {
        if (++written === 2)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
            code: 'ENOSPC',
            syscall: 'write',
          });
        await writeBytes(path, bytes);
      },
    });
    const { id } = reports.make(request('savings', { formats: ['json', 'csv'] }));
    const failed = await ended(reports, id);
    expect(failed.state).toBe('failed');
    expect(failed.problem?.code).toBe('disk-full');
    expect(failed.problem?.sentence).toContain(room.folder);
    expect(failed.problem?.sentence).toContain('Free some space there');
    expect(await readdir(room.folder)).toEqual([]);
    // The next one is made all the same.
    expect((await ended(reports, reports.make(request('inventory')).id)).state).toBe('done');
  });

  test('about hosts that nobody knows fails with the sentence', async () => {
    const reports = await room.open();
    const failed = await ended(reports, reports.make(request('savings', { hosts: ['id-nobody'] })).id);
    expect(failed.problem).toMatchObject({ code: 'not-found' });
  });

  test('waits until the history is open', async () => {
    let state: 'opening' | 'recording' = 'opening';
    const usual = reportSources().history.status();
    const reports = await room.open({
      sources: () => reportSources({ history: { status: () => ({ ...usual, state }) } }),
    });
    const { id } = reports.make(request('inventory'));
    await seen('what is waited for', () => room.clock.waiting > 0);
    expect(room.changed.at(-1)?.step).toBe('waiting for the history to open');
    state = 'recording';
    await room.clock.pass(500);
    expect((await ended(reports, id)).state).toBe('done');
  });

  test('whose report.json is damaged is told of and left, and the others are shown', async () => {
    const first = await room.open();
    const { id } = first.make(request('inventory'));
    await ended(first, id);
    await mkdir(join(room.folder, 'broken'));
    await writeFile(join(room.folder, 'broken', 'report.json'), '{"version":1,"report":{"id":"broken"}}');
    await mkdir(join(room.folder, 'torn'));
    await writeFile(join(room.folder, 'torn', 'report.json'), '{"vers');
    await mkdir(join(room.folder, '.id-9.new'));
    const again = await room.open();
    expect(again.list().map((one) => one.id)).toEqual([id]);
    expect(room.notices.map((notice) => notice.id).toSorted()).toEqual([
      'report-damaged:broken',
      'report-damaged:torn',
    ]);
    expect(existsSync(join(room.folder, 'broken', 'report.json'))).toBe(true);
    // What a killed console left half is taken away.
    expect(existsSync(join(room.folder, '.id-9.new'))).toBe(false);
  });

  test('that is too large for a page, or not there, is not read', async () => {
    const reports = await room.open();
    const { id } = reports.make(request('inventory'));
    const { files } = await ended(reports, id);
    const name = files[0]?.name ?? '';
    await expect(reports.read(id, '../../etc/passwd')).rejects.toMatchObject({ problem: { code: 'not-found' } });
    await expect(reports.read('id-nobody', name)).rejects.toMatchObject({ problem: { code: 'not-found' } });
    await truncate(join(room.folder, id, name), 65 * 1024 * 1024);
    const refused = await reports.read(id, name).catch((error: unknown) => error);
    expect(refused).toMatchObject({ problem: { code: 'file-unreadable' } });
    expect(String(refused)).toContain('a page takes at most 64 MiB');
    await rm(join(room.folder, id, name));
    await expect(reports.read(id, name)).rejects.toMatchObject({ problem: { code: 'file-unreadable' } });
  });

  test('is kept in memory where nothing can be written', async () => {
    const reports = await room.open({ folder: undefined });
    const { id } = reports.make(request('inventory'));
    const { files } = await ended(reports, id);
    const read = await reports.read(id, files[0]?.name ?? '');
    expect(JSON.parse(Buffer.from(read.base64, 'base64').toString())).toMatchObject({ kind: 'inventory' });
    await reports.remove(id);
    expect(reports.list()).toEqual([]);
  });

  test('is shown as a preview without being kept', async () => {
    const reports = await room.open();
    expect((await reports.preview(request('savings'))).title).toBe('Savings report');
    expect(reports.list()).toEqual([]);
  });
});

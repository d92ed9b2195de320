/** The journal's file and the plans' folder on a real disk, full ones too. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openAppendFile, sealedAppendFile } from '#core/files/append-file.ts';
import { openJsonFolder } from '#core/files/json-folder.ts';
import type { Notice } from '#shared/model/settings.ts';
import { fail, problemOf } from '#shared/problem.ts';
import { mountSmall, whyNoMount } from './mount.ts';

let folder = '';
let notices: Notice[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'append-'));
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const refusal = async (work: Promise<unknown>) =>
  problemOf(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

describe('a file that only grows', () => {
  it('is not there, then holds what was added, in order, for this account only', async () => {
    const file = openAppendFile(join(folder, 'j'));
    expect([await file.read(), await file.mark()]).toEqual(['', '']);
    await Promise.all(Array.from({ length: 50 }, (_, n) => file.append(`${n}\n`)));
    expect(await file.read()).toBe(Array.from({ length: 50 }, (_, n) => `${n}\n`).join(''));
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
  });

  it('has another mark when anybody changed it', async () => {
    const file = openAppendFile(join(folder, 'j'));
    await file.append('a\n');
    const before = await file.mark();
    expect(await file.mark()).toBe(before);
    writeFileSync(file.path, 'b\n');
    expect(await file.mark()).not.toBe(before);
  });

  it('moves a torn line aside, byte by byte, and keeps earlier ones', async () => {
    const file = openAppendFile(join(folder, 'j'));
    expect(await file.cutTornLine()).toBeUndefined();
    await file.append('grün\n');
    expect(await file.cutTornLine()).toBeUndefined();
    for (const count of [1, 2]) {
      appendFileSync(file.path, Buffer.from([0x22, 0xc3]));
      expect(await file.cutTornLine()).toBe(`${file.path}.torn-${count}`);
      expect(readFileSync(`${file.path}.torn-${count}`)).toEqual(Buffer.from([0x22, 0xc3]));
    }
    expect(await file.read()).toBe('grün\n');
  });

  it('that is sealed can be read and says why it does not grow', async () => {
    writeFileSync(join(folder, 'j'), 'a\n');
    const file = sealedAppendFile(join(folder, 'j'), () => fail('file-unwritable', 'No.'));
    expect(await file.read()).toBe('a\n');
    expect(await refusal(file.append('b\n'))).toMatchObject({ code: 'file-unwritable' });
  });

  it.skipIf(whyNoMount !== undefined)('on a full disk is as it was, and grows again when there is space', async () => {
    const disk = mountSmall(64);
    try {
      const file = openAppendFile(join(disk.path, 'j'));
      await file.append('first\n');
      expect(await refusal(file.append(`${'x'.repeat(100_000)}\n`))).toMatchObject({ code: 'disk-full' });
      expect(await file.read()).toBe('first\n');
      await file.append('second\n');
      expect(await file.read()).toBe('first\nsecond\n');
    } finally {
      disk.remove();
    }
  });
});

describe('a folder of values', () => {
  const format = { version: 1, schema: z.strictObject({ words: z.string() }) };
  const open = () =>
    openJsonFolder(join(folder, 'plans'), format, {
      notify: (notice) => void notices.push(notice),
      persistent: true,
      now: () => 0,
    });

  it('is empty at first, and holds each value under its name', async () => {
    expect(await open().load()).toEqual(new Map());
    const values = open();
    await values.save('a', { words: '1' });
    await values.save('b', { words: '2' });
    await values.save('a', { words: '3' });
    await values.remove('b');
    await values.remove('never');
    expect(await open().load()).toEqual(new Map([['a', { words: '3' }]]));
  });

  it('loads the rest when one cannot be used, and puts that one aside', async () => {
    const values = open();
    await values.save('a', { words: '1' });
    await values.save('b', { words: '2' });
    writeFileSync(join(folder, 'plans', 'a.json'), '{"version":1,"words":7}');
    writeFileSync(join(folder, 'plans', 'notes.txt'), 'mine');
    expect(await open().load()).toEqual(new Map([['b', { words: '2' }]]));
    expect(notices.map(({ id }) => id)).toEqual(['file-corrupt:a.json']);
    expect(readdirSync(join(folder, 'plans')).some((name) => name.startsWith('a.json.corrupt-'))).toBe(true);
  });

  it('takes no name that leads elsewhere', async () => {
    await expect(open().save('../a', { words: '' })).rejects.toThrow('no name for a file');
  });
});

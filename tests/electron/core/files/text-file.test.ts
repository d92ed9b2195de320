import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { largestTextFile, memoryTextFile, openTextFile } from '#core/files/text-file.ts';
import { problemOf } from '#shared/problem.ts';
import { startChild } from './child.ts';
import { mountSmall, whyNoMount } from './mount.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'text-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refusal = async (what: Promise<unknown>) =>
  problemOf(
    await what.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );

describe('a text file', () => {
  it('is not there, then is what was written, for this account only', async () => {
    const file = await openTextFile(join(folder, 'a.txt'));
    expect(await file.read()).toBeUndefined();
    await file.write('größe\n');
    expect(await file.read()).toBe('größe\n');
    await file.write('');
    expect(await file.read()).toBe('');
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('is written in the order asked, whole each time', async () => {
    const file = await openTextFile(join(folder, 'a.txt'));
    const writes = Array.from({ length: 20 }, (_, count) => file.write(`${count}`.repeat(5000)));
    expect(await file.read()).toBe('19'.repeat(5000));
    await Promise.all(writes);
  });

  it('takes away what a killed console left, and nothing else', async () => {
    for (const name of ['.a.txt.x-1.tmp', '.b.txt.x-1.tmp', 'a.txt.tmp', '.a.txt.keep'])
      writeFileSync(join(folder, name), '');
    await openTextFile(join(folder, 'a.txt'));
    expect(readdirSync(folder).sort()).toEqual(['.a.txt.keep', '.b.txt.x-1.tmp', 'a.txt.tmp']);
  });

  it('refuses to read or write more than its limit, without reading it all', async () => {
    const path = join(folder, 'huge.txt');
    writeFileSync(path, '');
    truncateSync(path, 40 * 1024 * 1024 * 1024);
    const file = await openTextFile(path);
    expect(await refusal(file.read())).toMatchObject({ code: 'file-unreadable', words: `${40 * 2 ** 30} bytes` });
    expect(await refusal(file.write('x'.repeat(largestTextFile + 1)))).toMatchObject({ code: 'file-unwritable' });
    await file.write('x'.repeat(largestTextFile));
    expect((await file.read())?.length).toBe(largestTextFile);
  });

  it('says so when a folder is in its place', async () => {
    const path = join(folder, 'a.txt');
    mkdirSync(path);
    const file = await openTextFile(path);
    expect(await refusal(file.read())).toMatchObject({
      code: 'file-unreadable',
      sentence: expect.stringContaining('is a folder where the console expects a file') as string,
    });
    expect(await refusal(file.write('x'))).toMatchObject({ code: 'file-unwritable' });
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('says so when its folder is gone, and goes on when it is back', async () => {
    const file = await openTextFile(join(folder, 'sub', 'a.txt'));
    expect(await refusal(file.write('x'))).toMatchObject({ code: 'file-unwritable' });
    mkdirSync(join(folder, 'sub'));
    await file.write('y');
    expect(await file.read()).toBe('y');
  });

  it('in memory starts from the disk and never touches it', async () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'on disk');
    const file = memoryTextFile(path);
    expect(await file.read()).toBe('on disk');
    await file.write('in memory');
    expect(await file.read()).toBe('in memory');
    expect(readFileSync(path, 'utf8')).toBe('on disk');
  });
});

describe('a writer of many', () => {
  const size = 300_000;

  /** The number of the write that the file holds; fails when it holds less or more than one. */
  function wholeAt(path: string): number {
    const [first, body = '', last] = readFileSync(path, 'utf8').split(':');
    expect(last).toBe(first);
    expect(body === String(Number(first) % 10).repeat(size)).toBe(true);
    return Number(first);
  }

  it('shows the old text or the new at every moment', { timeout: 60_000 }, async () => {
    const path = join(folder, 'a.txt');
    const writer = startChild('writer-process.ts', [path, String(size)]);
    await writer.line('1');
    const seen = new Set<number>();
    while (Number(writer.lines.at(-1)) < 200) {
      seen.add(wholeAt(path));
      await new Promise(setImmediate);
    }
    await writer.kill();
    expect(seen.size).toBeGreaterThan(5);
  });

  it('leaves the old text or the new when it is killed', { timeout: 60_000 }, async () => {
    const path = join(folder, 'a.txt');
    for (const after of [1, 2, 5, 20, 60, 112]) {
      const writer = startChild('writer-process.ts', [path, String(size)]);
      await writer.line(String(after));
      await writer.kill();
      const told = Number(writer.lines.at(-1));
      // What it said it had written is there; at most the one after it was on its way.
      expect([told, told + 1]).toContain(wholeAt(path));
      const file = await openTextFile(path);
      expect(readdirSync(folder)).toEqual(['a.txt']);
      await file.write('');
    }
  });
});

describe.skipIf(whyNoMount !== undefined)(
  `on a disk of its own${whyNoMount === undefined ? '' : ` (${whyNoMount})`}`,
  () => {
    it('keeps the old text when the disk is full, says so, and saves again when there is room', async () => {
      const disk = mountSmall(128);
      try {
        const file = await openTextFile(join(disk.path, 'hosts.json'));
        await file.write('old');
        writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(96 * 1024));
        expect(await refusal(file.write('x'.repeat(60_000)))).toMatchObject({
          code: 'disk-full',
          sentence: `hosts.json could not be written: the disk that holds ${disk.path} is full. The change was not saved, and the file keeps what it held before. Free some space there and repeat the change.`,
          words: expect.stringContaining('ENOSPC') as string,
        });
        expect(await file.read()).toBe('old');
        expect(readdirSync(disk.path).sort()).toEqual(['ballast', 'hosts.json']);
        rmSync(join(disk.path, 'ballast'));
        await file.write('x'.repeat(60_000));
        expect((await file.read())?.length).toBe(60_000);
      } finally {
        disk.remove();
      }
    });

    it('keeps the old text when the disk became read-only', async () => {
      const disk = mountSmall(128);
      try {
        const file = await openTextFile(join(disk.path, 'hosts.json'));
        await file.write('old');
        disk.readOnly();
        expect(await refusal(file.write('new'))).toMatchObject({
          code: 'file-unwritable',
          sentence: expect.stringContaining(`this account may not write to ${disk.path}`) as string,
          words: expect.stringContaining('EROFS') as string,
        });
        expect(await file.read()).toBe('old');
      } finally {
        disk.remove();
      }
    });
  },
);

/** A data directory that goes into one file: whole, at one moment, and nothing else with it. */
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportDataDir, importDataDir } from '#core/files/archive.ts';
import { belongs } from '#core/files/archive-manifest.ts';
import { takeLock } from '#core/files/lock.ts';
import { codeOf, fill, foreign, namesIn, own, told } from '../../../support/data-dir-sample.ts';

let folder: string;
let from: string;
let file: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmem-archive-'));
  [from, file, to] = ['from', 'out.tar.gz', 'to'].map((name) => join(folder, name)) as [string, string, string];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an export', () => {
  it('holds the console’s files, a list at its front, and nothing else', async () => {
    fill(from);
    const { files } = await exportDataDir({ dataDir: from, out: file });
    const names = namesIn(file);
    expect(names[0]).toBe('manifest.json');
    expect(names.slice(1).sort()).toEqual([...Object.keys(own), 'history.sqlite'].sort());
    expect(files).toBe(names.length - 1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['from', 'out.tar.gz']);
    expect(gunzipSync(readFileSync(file)).includes('PRIVATE KEY')).toBe(false);
  });

  it('comes back as it was', async () => {
    fill(from);
    await exportDataDir({ dataDir: from, out: file });
    await importDataDir({ file, dataDir: to, replace: false });
    expect(told(to)).toEqual(own);
    expect(new DatabaseSync(join(to, 'history.sqlite')).prepare('SELECT sum(a) s FROM t').get()).toEqual({ s: 6 });
    expect(statSync(join(to, 'hosts.json')).mode & 0o777).toBe(0o600);
    // Whoever comes next gets the directory.
    await (await takeLock(to)).release();
  });

  it('holds the history of one moment while it is being written to, and a journal of whole lines', async () => {
    fill(from);
    writeFileSync(join(from, 'journal.jsonl'), '{"n":1}\n{"n":2}\n{"n":');
    const writer = new DatabaseSync(join(from, 'history.sqlite'));
    writer.exec('CREATE TABLE pairs (a, b)');
    // Both rows of a pair in one transaction, for as long as the export takes.
    const insert = (): void =>
      writer.exec(
        `BEGIN; INSERT INTO pairs VALUES (1, randomblob(2000)); INSERT INTO pairs VALUES (2, randomblob(2000)); COMMIT`,
      );
    writer.exec('PRAGMA synchronous = OFF');
    for (let i = 0; i < 2000; i++) insert();
    const timer = setInterval(insert, 1);
    await exportDataDir({ dataDir: from, out: file, onProgress: () => insert() });
    clearInterval(timer);
    writer.close();
    await importDataDir({ file, dataDir: to, replace: false });
    const copy = new DatabaseSync(join(to, 'history.sqlite'));
    expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const { n, odd } = copy.prepare('SELECT count(*) n, sum(a = 1) - sum(a = 2) odd FROM pairs').get() as {
      n: number;
      odd: number;
    };
    expect(n).toBeGreaterThanOrEqual(4000);
    expect(odd).toBe(0);
    expect(readFileSync(join(to, 'journal.jsonl'), 'utf8')).toBe('{"n":1}\n{"n":2}\n');
  });

  it('takes the history from its owner where that is at hand', async () => {
    fill(from);
    await exportDataDir({
      dataDir: from,
      out: file,
      snapshotHistory: async (copy) => writeFileSync(copy, 'from the owner'),
    });
    await importDataDir({ file, dataDir: to, replace: false });
    expect(readFileSync(join(to, 'history.sqlite'), 'utf8')).toBe('from the owner');
  });

  it('never writes over a file, and refuses what holds nothing', async () => {
    fill(from);
    writeFileSync(file, 'mine');
    expect(await codeOf(exportDataDir({ dataDir: from, out: file }))).toMatch(/^conflict/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await codeOf(exportDataDir({ dataDir: to, out: `${file}2` }))).toMatch(/^not-found/);
    mkdirSync(to);
    expect(await codeOf(exportDataDir({ dataDir: to, out: `${file}2` }))).toMatch(/^not-found/);
    expect(await codeOf(exportDataDir({ dataDir: from, out: join(folder, 'nowhere', 'x') }))).toMatch(
      /^file-unwritable/,
    );
  });

  it('leaves nothing when it is cancelled, wherever that is', async () => {
    fill(from);
    writeFileSync(join(from, 'reports/r1/big.pdf'), randomBytes(3_000_000));
    const run = async (at: number, out: string): Promise<{ code: string; steps: number }> => {
      const cancel = new AbortController();
      let steps = 0;
      const onProgress = (): void => {
        steps += 1;
        if (steps === at) cancel.abort();
      };
      const code = await codeOf(exportDataDir({ dataDir: from, out, signal: cancel.signal, onProgress }));
      return { code, steps };
    };
    const { steps } = await run(Infinity, `${file}.whole`);
    rmSync(`${file}.whole`);
    for (const part of [0, 0.1, 0.3, 0.6, 0.9]) {
      expect((await run(1 + Math.floor(steps * part), file)).code).toMatch(/^cancelled/);
      expect(readdirSync(folder)).toEqual(['from']);
    }
  });

  it('tells how far it is, never backwards', async () => {
    fill(from);
    const parts: number[] = [];
    await exportDataDir({ dataDir: from, out: file, onProgress: (part) => parts.push(part) });
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    expect(parts.at(-1)).toBe(1);
  });
});

describe('paths', () => {
  it('that belong never leave the folder, on any system', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('..', '.', '', 'plans', 'reports', 'C:', '\\', 'hosts.json'), fc.string()), {
          maxLength: 5,
        }),
        (parts) => {
          const path = parts.join('/');
          if (!belongs(path)) return;
          expect(path).not.toMatch(/\\|:|\.\.\/|^\/|(^|\/)\./);
          expect(join('/data', path).startsWith('/data/')).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
    expect(Object.keys(own).every(belongs)).toBe(true);
    expect(Object.keys(foreign).some(belongs)).toBe(false);
  });

  it('of an export follow no link out of the directory', async () => {
    fill(from);
    rmSync(join(from, 'plans'), { recursive: true });
    mkdirSync(join(from, 'plans'));
    writeFileSync(join(folder, 'secret.json'), 'secret');
    symlinkSync(join(folder, 'secret.json'), join(from, 'plans', 'p9.json'));
    cpSync(join(from, 'hosts.json'), join(from, 'plans', 'p1.json'));
    await exportDataDir({ dataDir: from, out: file });
    expect(namesIn(file)).toContain('plans/p1.json');
    expect(namesIn(file)).not.toContain('plans/p9.json');
  });
});

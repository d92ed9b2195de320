/** A data directory out of one file: checked before anything is put in place, and what was there is kept. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { create, Header } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportDataDir, importDataDir } from '#core/files/archive.ts';
import { takeLock } from '#core/files/lock.ts';
import { codeOf, contents, fill, own, put, told } from '../../../support/data-dir-sample.ts';

let folder: string;
let from: string;
let file: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmem-archive-'));
  [from, file, to] = ['from', 'out.tar.gz', 'to'].map((name) => join(folder, name)) as [string, string, string];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an import', () => {
  beforeEach(async () => {
    fill(from);
    await exportDataDir({ dataDir: from, out: file });
  });

  it('refuses a directory that holds anything, and with --replace sets all of it aside', async () => {
    put(to, { 'hosts.json': 'mine', 'desktop/x': 'y', 'console.log': 'z' });
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(/^conflict/);
    expect(told(to)).toEqual({ 'hosts.json': 'mine', 'desktop/x': 'y', 'console.log': 'z' });
    const now = (): number => Date.UTC(2026, 10, 24, 5, 40);
    const { aside } = await importDataDir({ file, dataDir: to, replace: true, now });
    expect(aside).toBe(join(to, 'replaced-2026-11-24T05-40-00'));
    expect(contents(aside ?? '')).toEqual({ 'hosts.json': 'mine', 'desktop/x': 'y', 'console.log': 'z' });
    expect(told(to)['hosts.json']).toBe(own['hosts.json']);
    // Once more: each keeps a place of its own.
    const again = await importDataDir({ file, dataDir: to, replace: true, now });
    expect(again.aside).toBe(join(to, 'replaced-2026-11-24T05-40-00-2'));
    expect(contents(aside ?? '')['hosts.json']).toBe('mine');
  });

  it('refuses a directory that another console holds', async () => {
    const lock = await takeLock(to);
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: true }))).toMatch(/^data-dir-in-use/);
    await lock.release();
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: true }))).toBe('done');
  });

  it('changes nothing when any byte of it is damaged, or its end is missing', async () => {
    put(to, { 'hosts.json': 'mine' });
    const whole = readFileSync(file);
    const damaged = join(folder, 'damaged.tar.gz');
    const plain = gunzipSync(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'flip inside', 'cut'),
        async (where, by, how) => {
          let bytes = Buffer.from(how === 'flip inside' ? plain : whole);
          if (how === 'cut') bytes = bytes.subarray(0, where % (bytes.length - 1));
          else bytes[where % bytes.length] = (bytes[where % bytes.length] ?? 0) ^ by;
          writeFileSync(damaged, how === 'flip inside' ? gzipSync(bytes) : bytes);
          const code = await codeOf(importDataDir({ file: damaged, dataDir: to, replace: true }));
          // Some bytes say nothing: of a header's time, of the room behind a file. Then all of it must be there.
          if (code !== 'done') {
            expect(code).toMatch(/^file-corrupt/);
            expect(told(to)).toEqual({ 'hosts.json': 'mine' });
          } else {
            expect(
              Object.fromEntries(Object.entries(told(to)).filter(([path]) => !path.startsWith('replaced-'))),
            ).toEqual(own);
            // The lock stays, as after an import that was refused.
            for (const name of readdirSync(to).filter((one) => one !== 'lock'))
              rmSync(join(to, name), { recursive: true });
            put(to, { 'hosts.json': 'mine' });
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(readdirSync(to).sort()).toEqual(['hosts.json', 'lock']);
  });

  it('leaves nothing when it is cancelled', async () => {
    put(to, { 'hosts.json': 'mine' });
    const cancel = new AbortController();
    const importing = importDataDir({
      file,
      dataDir: to,
      replace: true,
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    expect(await codeOf(importing)).toMatch(/^cancelled/);
    expect(readdirSync(to).sort()).toEqual(['hosts.json', 'lock']);
    expect(readFileSync(join(to, 'hosts.json'), 'utf8')).toBe('mine');
  });

  it('clears away what a killed import left', async () => {
    put(to, { '.import-0123456789abc/hosts.json': 'half' });
    await importDataDir({ file, dataDir: to, replace: false });
    expect(readdirSync(to).some((name) => name.startsWith('.import-'))).toBe(false);
  });

  it('says what it is given instead of an export', async () => {
    expect(await codeOf(importDataDir({ file: join(folder, 'gone'), dataDir: to, replace: false }))).toMatch(
      /^file-unreadable: There is no file/,
    );
    expect(await codeOf(importDataDir({ file: folder, dataDir: to, replace: false }))).toMatch(/^file-unreadable/);
    for (const bytes of ['', 'no archive at all', gzipSync('no archive'), gzipSync(Buffer.alloc(10_240))]) {
      writeFileSync(file, bytes);
      expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(/^file-corrupt/);
    }
  });
});

/** An archive by hand, so that it can be what no export is. */
function forged(
  entries: readonly {
    path: string;
    content?: string;
    type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'Directory';
    linkpath?: string;
  }[],
): void {
  const blocks = entries.flatMap(({ path, content = '', type = 'File', linkpath }) => {
    const body = Buffer.from(content);
    const head = Buffer.alloc(512);
    new Header({
      path,
      size: type === 'File' ? body.length : 0,
      type,
      mode: 0o600,
      mtime: new Date(0),
      ...(linkpath === undefined ? {} : { linkpath }),
    }).encode(head);
    return type === 'File' ? [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)] : [head];
  });
  writeFileSync(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
}

const listed = (
  files: { readonly [path: string]: string },
  changes: object = {},
): { path: string; content: string } => ({
  path: 'manifest.json',
  content: JSON.stringify({
    format: 'tmem-console.data',
    version: 1,
    madeAt: 0,
    files: Object.entries(files).map(([path, text]) => ({
      path,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
    ...changes,
  }),
});

describe('a forged archive', () => {
  const outside = (): string => join(folder, 'evil');

  it.each([
    ['../evil', 'path'],
    ['/tmp/evil', 'path'],
    ['plans/../../evil', 'path'],
    ['plans/..\\..\\evil', 'path'],
    ['plans/a/b/c.json', 'path'],
    ['lock/1', 'path'],
    ['desktop/Preferences', 'path'],
    ['.bashrc', 'path'],
    ['plans/C:evil.json', 'path'],
  ])('with the path %j is refused by its list', async (path) => {
    forged([listed({ [path]: 'x' }), { path, content: 'x' }]);
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(/^file-corrupt/);
    expect(existsSync(outside())).toBe(false);
    expect(told(to)).toEqual({});
  });

  it.each(['../evil', '/tmp/evil', 'plans/x.json'])('with %j beside its list is refused', async (path) => {
    forged([listed({ 'hosts.json': 'x' }), { path, content: 'x' }, { path: 'hosts.json', content: 'x' }]);
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(
      /^file-corrupt.*not in its list/,
    );
    expect(told(to)).toEqual({});
  });

  it.each(['SymbolicLink', 'Link', 'CharacterDevice'] as const)(
    'with a %s in place of a file is refused',
    async (type) => {
      writeFileSync(outside(), 'kept');
      forged([
        listed({ 'hosts.json': 'x' }),
        { path: 'hosts.json', type, ...(type === 'CharacterDevice' ? {} : { linkpath: outside() }) },
        { path: 'hosts.json', content: 'x' },
      ]);
      expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(
        new RegExp(`^file-corrupt: hosts.json: a ${type}`),
      );
      expect(readFileSync(outside(), 'utf8')).toBe('kept');
      expect(told(to)).toEqual({});
    },
  );

  it('with a file twice, missing, longer or other than its list says, or a name twice in another case, is refused', async () => {
    const good = { path: 'hosts.json', content: 'x' };
    for (const entries of [
      [listed({ 'hosts.json': 'x' }), good, good],
      [listed({ 'hosts.json': 'x', known_hosts: 'y' }), good],
      [listed({ 'hosts.json': 'x' }), { path: 'hosts.json', content: 'xy' }],
      [listed({ 'hosts.json': 'x' }), { path: 'hosts.json', content: 'y' }],
      [listed({ 'plans/a.json': 'x', 'plans/A.json': 'x' }), { path: 'plans/a.json', content: 'x' }],
      [good, listed({ 'hosts.json': 'x' })],
    ]) {
      forged(entries);
      expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(/^file-corrupt/);
      expect(told(to)).toEqual({});
    }
  });

  it('of a newer console is named newer', async () => {
    forged([listed({ 'hosts.json': 'x' }, { version: 2 }), { path: 'hosts.json', content: 'x' }]);
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toMatch(
      /^file-corrupt: .*newer version of the console \(format 2; this one knows 1\)/,
    );
  });

  it('made by another tar with the same list is taken', async () => {
    const staged = join(folder, 'staged');
    put(staged, { 'hosts.json': 'x', 'manifest.json': listed({ 'hosts.json': 'x' }).content });
    rmSync(file, { force: true });
    await create({ file, gzip: true, cwd: staged }, ['manifest.json', 'hosts.json']);
    expect(await codeOf(importDataDir({ file, dataDir: to, replace: false }))).toBe('done');
    expect(told(to)).toEqual({ 'hosts.json': 'x' });
  });
});

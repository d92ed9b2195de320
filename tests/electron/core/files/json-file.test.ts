import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jsonFile } from '#core/files/json-file.ts';
import { openSettings, settingsFormat } from '#core/files/settings-file.ts';
import { memoryTextFile, openTextFile } from '#core/files/text-file.ts';
import { defaultSettings, type Notice } from '#shared/model/settings.ts';
import { problemOf } from '#shared/problem.ts';

const format = { version: 2, schema: z.strictObject({ hosts: z.array(z.strictObject({ port: z.int() })) }) };
const now = () => Date.UTC(2026, 10, 24, 5, 40, 0);

let folder = '';
let path = '';
let notices: Notice[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-file-'));
  path = join(folder, 'hosts.json');
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const notify = (notice: Notice) => void notices.push(notice);
const open = async () => jsonFile(await openTextFile(path), format, { notify, persistent: true, now });
const refusal = async (what: Promise<unknown>) =>
  problemOf(
    await what.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );

it('keeps a value, with the version of its form', async () => {
  const file = await open();
  expect(await file.load()).toBeUndefined();
  await file.save({ hosts: [{ port: 22 }] });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 2, hosts: [{ port: 22 }] });
  expect(await (await open()).load()).toEqual({ hosts: [{ port: 22 }] });
  expect(notices).toEqual([]);
});

describe('a file that cannot be understood', () => {
  it.each<[string, string, RegExp]>([
    ['no JSON', '{"version": 2, "hosts": [', /JSON/],
    ['empty', '', /^the file is empty$/],
    ['blank', ' \n', /^the file is empty$/],
    ['zeroes after a power cut', '\0\0\0\0', /JSON/],
    ['no object', '[1]', /expected object/],
    ['no version', '{"hosts":[]}', /^version: /],
    ['an old version', '{"version":1,"hosts":[]}', /^version: 1 is not known$/],
    ['a wrong field', '{"version":2,"hosts":[{"port":22},{"port":"22"}]}', /^hosts\.1\.port: /],
    ['an unknown field', '{"version":2,"hosts":[{"port":22,"password":"x"}]}', /^hosts\.0: .*password/],
  ])('is put aside, said, and never written over: %s', async (_, text, words) => {
    writeFileSync(path, text);
    const file = await open();
    expect(await file.load()).toBeUndefined();
    const aside = `${path}.corrupt-2026-11-24T05-40-00`;
    expect(notices).toEqual([
      {
        id: 'file-corrupt:hosts.json',
        level: 'warning',
        sentence: expect.stringContaining(`It was kept as ${aside}`) as string,
        words: expect.stringMatching(words) as string,
      },
    ]);
    await file.save({ hosts: [] });
    expect(readFileSync(aside, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('gets a name of its own when there was one in the same second', async () => {
    for (const text of ['first', 'second', 'third']) {
      writeFileSync(path, text);
      await (await open()).load();
    }
    const aside = `${path}.corrupt-2026-11-24T05-40-00`;
    expect(['', '-2', '-3'].map((end) => readFileSync(`${aside}${end}`, 'utf8'))).toEqual(['first', 'second', 'third']);
  });

  it('stays where it is when nothing can be written', async () => {
    writeFileSync(path, '{');
    const file = jsonFile(memoryTextFile(path), format, { notify, persistent: false, now });
    expect(await file.load()).toBeUndefined();
    await file.save({ hosts: [] });
    expect(await file.load()).toEqual({ hosts: [] });
    expect(notices[0]?.sentence).toMatch(/is ignored/);
    expect(readFileSync(path, 'utf8')).toBe('{');
  });

  it('never makes loading fail, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((v) => JSON.stringify({ version: 2, hosts: v })),
        ),
        async (text) => {
          writeFileSync(path, text);
          const value = await (await open()).load();
          if (value !== undefined) expect(format.schema.safeParse(value).success).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a file that is left alone', () => {
  it('comes from a newer console', async () => {
    const text = '{"version":3,"hosts":{"new":"form"}}';
    writeFileSync(path, text);
    const file = await open();
    expect(await file.load()).toBeUndefined();
    expect(notices[0]).toMatchObject({
      id: 'file-newer:hosts.json',
      sentence: expect.stringContaining('newer version of the console (format 3; this one knows 2)') as string,
    });
    expect(await refusal(file.save({ hosts: [] }))).toMatchObject({
      code: 'file-unwritable',
      sentence: notices[0]?.sentence,
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is a folder, or too large', async () => {
    mkdirSync(path);
    const file = await open();
    expect(await file.load()).toBeUndefined();
    expect(notices[0]?.sentence).toMatch(/is a folder.*Until then nothing is saved to it\.$/);
    expect(await refusal(file.save({ hosts: [] }))).toMatchObject({ code: 'file-unwritable' });
    rmSync(path, { recursive: true });

    const huge = ' '.repeat(8 * 1024 * 1024 + 1);
    writeFileSync(path, huge);
    expect(await file.load()).toBeUndefined();
    expect(notices[1]).toMatchObject({ words: `${huge.length} bytes` });
    expect((await refusal(file.save({ hosts: [] })))?.code).toBe('file-unwritable');
    expect(readFileSync(path, 'utf8') === huge).toBe(true);
  });
});

it('refuses to write what it could not read back: that is a bug, not a problem', async () => {
  const file = await open();
  const wrong = { hosts: [{ port: 22, password: 'x' }] };
  const error: unknown = await file.save(wrong).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(z.ZodError);
  expect(readdirSync(folder)).toEqual([]);
});

describe('settings', () => {
  const openThem = async () =>
    openSettings(jsonFile(await openTextFile(path), settingsFormat, { notify, persistent: true, now }));

  it('have defaults, are kept, and fill in what the file lacks', async () => {
    const settings = await openThem();
    expect(settings.get()).toEqual(defaultSettings);
    await settings.set({ ...defaultSettings, intervalSeconds: 30 });
    expect((await openThem()).get()).toEqual({ ...defaultSettings, intervalSeconds: 30 });
    writeFileSync(path, '{"version":1,"settings":{"theme":"dark"}}');
    expect((await openThem()).get()).toEqual({ ...defaultSettings, theme: 'dark' });
    expect(notices).toEqual([]);
  });

  it('stay as they were when they cannot be saved', async () => {
    const settings = await openThem();
    rmSync(folder, { recursive: true });
    expect((await refusal(settings.set({ ...defaultSettings, theme: 'dark' })))?.code).toBe('file-unwritable');
    expect(settings.get()).toEqual(defaultSettings);
  });

  it('are put aside when they are out of range', async () => {
    writeFileSync(path, '{"version":1,"settings":{"intervalSeconds":0}}');
    expect((await openThem()).get()).toEqual(defaultSettings);
    expect(notices[0]?.words).toMatch(/^settings\.intervalSeconds: /);
  });
});

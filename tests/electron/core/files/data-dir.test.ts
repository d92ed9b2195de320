import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openDataDir } from '#core/files/data-dir.ts';
import { defaultDataDir } from '#core/files/default-data-dir.ts';
import type { Notice } from '#shared/model/settings.ts';
import { problemOf } from '#shared/problem.ts';
import { startChild, type Child } from './child.ts';
import { mountSmall, whyNoMount } from './mount.ts';

const format = { version: 1, schema: z.strictObject({ words: z.array(z.string()) }) };

let folder = '';
let notices: Notice[] = [];
const children: Child[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-dir-'));
  notices = [];
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  rmSync(folder, { recursive: true, force: true });
});

const open = (path = folder) => openDataDir(path, { notify: (notice) => void notices.push(notice) });
const refusal = async (what: Promise<unknown>) =>
  problemOf(
    await what.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
function child(path = folder, options = {}): Child {
  const started = startChild('owner-process.ts', [path], options);
  children.push(started);
  return started;
}

describe('the directory', () => {
  it('is made for this account alone, with what is above it', async () => {
    const path = join(folder, 'a', 'b');
    const dir = await open(path);
    expect(dir).toMatchObject({ path, persistent: true });
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(notices).toEqual([]);
    await dir.close();
  });

  it('keeps values from one console to the next', async () => {
    const first = await open();
    await (await first.json('words.json', format)).save({ words: ['a'] });
    await (await first.text('known_hosts')).write('line\n');
    await first.close();
    const second = await open();
    expect(await (await second.json('words.json', format)).load()).toEqual({ words: ['a'] });
    expect(await (await second.text('known_hosts')).read()).toBe('line\n');
    await second.close();
  });

  it('is warned about when others can get in', async () => {
    chmodSync(folder, 0o755);
    await (await open()).close();
    expect(notices).toMatchObject([
      { id: 'data-dir-open', sentence: expect.stringContaining(`chmod 700 '${folder}'`) as string, words: 'mode 755' },
    ]);
  });

  it('cannot be a file, nor lie below one', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    for (const wrong of [path, join(path, 'below')])
      expect(await refusal(open(wrong))).toMatchObject({
        code: 'file-unwritable',
        sentence: expect.stringContaining('is a file and not a folder') as string,
      });
  });
});

describe('two consoles', () => {
  it('cannot have the same directory; the second is told whose it is', async () => {
    const first = child();
    await first.line('ready');
    first.say('go');
    await first.line('owner true');
    expect(await refusal(open())).toEqual({
      code: 'data-dir-in-use',
      sentence: `Another console uses ${folder}: process ${first.pid} on ${hostname()}. Use that one or end it, or start this one with another --data-dir.`,
    });
    first.say('close');
    await first.line('closed');
    await (await open()).close();
  });

  it('also not when both are in one program', async () => {
    const dir = await open();
    expect((await refusal(open()))?.code).toBe('data-dir-in-use');
    await dir.close();
    await dir.close();
    await (await open()).close();
  });

  it('do not meet when the first was killed', async () => {
    const first = child();
    await first.line('ready');
    first.say('go');
    await first.line('owner true');
    await first.kill();
    await (await open()).close();
  });

  it('of eight that start at once, one wins: fresh, after a kill, after an end', { timeout: 60_000 }, async () => {
    for (const end of ['kill', 'close', 'kill']) {
      const eight = Array.from({ length: 8 }, () => child());
      await Promise.all(eight.map((one) => one.line('ready')));
      for (const one of eight) one.say('go');
      const owners: Child[] = [];
      await Promise.all(
        eight.map(async (one) => {
          const first = await Promise.race(
            [one.line('owner'), one.line('refused')].map((line) => line.catch(() => '')),
          );
          if (first.startsWith('owner')) owners.push(one);
        }),
      );
      expect(owners).toHaveLength(1);
      const [owner] = owners;
      for (const one of eight)
        if (one !== owner)
          expect(one.lines.at(-1)).toMatch(new RegExp(`^refused Another console .*process ${owner?.pid} `));
      if (end === 'kill') await owner?.kill();
      else {
        owner?.say('close');
        await owner?.line('closed');
      }
    }
    expect(readdirSync(join(folder, 'lock'))).toHaveLength(1);
  });
});

describe('the lock', () => {
  const leave = (mark: object | string, ageMs = 0): void => {
    mkdirSync(join(folder, 'lock'));
    const path = join(folder, 'lock', '7');
    writeFileSync(path, typeof mark === 'string' ? mark : JSON.stringify(mark));
    const at = new Date(Date.now() - ageMs);
    utimesSync(path, at, at);
  };
  const take = async () => {
    const dir = await open();
    await dir.close();
  };

  it('never has two owners, however often it goes round', async () => {
    let [holding, taken] = [0, 0];
    const contend = async () => {
      for (let turn = 0; turn < 12; turn += 1) {
        try {
          const dir = await open();
          expect(++holding).toBe(1);
          taken += 1;
          await new Promise(setImmediate);
          holding -= 1;
          await dir.close();
        } catch (error) {
          expect(problemOf(error)?.code).toBe('data-dir-in-use');
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, contend));
    expect(taken).toBeGreaterThan(1);
    expect(readdirSync(join(folder, 'lock'))).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('is not held by another run that got the same process id', async () => {
    leave({ pid: process.pid, host: hostname(), start: 'another boot:1' });
    await take();
  });

  it('is believed of a machine that cannot be seen while it is being touched', async () => {
    leave({ pid: 1, host: 'elsewhere', start: 'x' }, 30_000);
    expect((await refusal(open()))?.sentence).toContain('process 1 on elsewhere');
  });

  it('is not believed of one that fell silent', async () => {
    leave({ pid: 1, host: 'elsewhere', start: 'x' }, 120_000);
    await take();
  });

  it.each(['', '{"pid":', '{"pid":-1,"host":"x"}', '\0\0'])(
    'is nobody’s when the file says nothing: %j',
    async (text) => {
      leave(text, 10_000);
      await take();
      expect(readFileSync(join(folder, 'lock', '8'), 'utf8')).toBe('released');
    },
  );
});

const mounting = describe.skipIf(whyNoMount !== undefined);
mounting(`where nothing can be written${whyNoMount === undefined ? '' : ` (${whyNoMount})`}`, () => {
  it('reads what is there, keeps changes in memory, and says so: read-only', async () => {
    const disk = mountSmall(128);
    try {
      writeFileSync(join(disk.path, 'words.json'), '{"version":1,"words":["kept"]}');
      disk.readOnly();
      const dir = await open(disk.path);
      expect(dir.persistent).toBe(false);
      expect(notices).toMatchObject([{ id: 'data-dir-readonly', words: expect.stringContaining('EROFS') as string }]);
      const file = await dir.json('words.json', format);
      expect(await file.load()).toEqual({ words: ['kept'] });
      await file.save({ words: ['changed'] });
      expect(await file.load()).toEqual({ words: ['changed'] });
      await dir.close();
      expect(readFileSync(join(disk.path, 'words.json'), 'utf8')).toContain('kept');
      const missing = await open(join(disk.path, 'not', 'there'));
      expect(missing.persistent).toBe(false);
      expect(await (await missing.json('words.json', format)).load()).toBeUndefined();
    } finally {
      disk.remove();
    }
  });

  it('starts on a full disk, and says so', async () => {
    const disk = mountSmall(64);
    try {
      writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(64 * 1024));
      const dir = await open(disk.path);
      expect(dir.persistent).toBe(false);
      expect(notices[0]?.sentence).toMatch(/^The disk that holds .* is full/);
      await dir.close();
    } finally {
      disk.remove();
    }
  });

  it('is so for an account without the right', async () => {
    chmodSync(folder, 0o755);
    const other = child(folder, { uid: 65534, gid: 65534 });
    await other.line('ready');
    other.say('go');
    await other.line('owner false');
    expect(other.lines).toContain('notice data-dir-readonly');
  });
});

describe('where it is when nobody says', () => {
  it.each<[Record<string, string | undefined>, NodeJS.Platform, string, string]>([
    [{}, 'linux', '/home/me', '/home/me/.local/share/tmem-console'],
    [{ XDG_DATA_HOME: '/data' }, 'linux', '/home/me', '/data/tmem-console'],
    [{ XDG_DATA_HOME: 'data' }, 'freebsd', '/home/me', '/home/me/.local/share/tmem-console'],
    [{ XDG_DATA_HOME: '' }, 'linux', '/home/me', '/home/me/.local/share/tmem-console'],
    [{ XDG_DATA_HOME: '/data' }, 'darwin', '/Users/me', '/Users/me/Library/Application Support/Tmem Console'],
    [
      { APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
      'win32',
      'C:\\Users\\me',
      'C:\\Users\\me\\AppData\\Roaming\\Tmem Console',
    ],
    [{}, 'win32', 'C:\\Users\\me', 'C:\\Users\\me\\AppData\\Roaming\\Tmem Console'],
  ])('%j on %s: %s', (env, platform, home, path) => {
    expect(defaultDataDir(env, platform, home)).toBe(path);
  });
});

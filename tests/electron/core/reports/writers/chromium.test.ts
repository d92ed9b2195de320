/** Printing by an installed browser: found where it is, run in seclusion, ended when nobody wants it any more. */
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPlaces, chromiumPrinter, findChromium } from '#core/reports/writers/chromium.ts';
import { until } from '../../../../support/until.ts';

const browser = fileURLToPath(new URL('./fake-browser.mjs', import.meta.url));
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tmem-print-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const page = (order: string): string =>
  `<title>${order}</title><meta name="tell" content="${join(folder, 'told.json')}">`;
const told = (): { words: string[]; pid: number; child?: number } =>
  JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8')) as { words: string[]; pid: number; child?: number };
const profileOf = (words: readonly string[]): string =>
  words.find((word) => word.startsWith('--user-data-dir='))?.split('=')[1] ?? '';
const never = new AbortController().signal;
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that has ended and was not waited for yet is still listed.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a browser', () => {
  it('is looked for where each system keeps it', () => {
    expect(chromiumPlaces({ PATH: '/usr/bin:relative:/bin' }, 'linux')).toEqual(
      expect.arrayContaining(['/usr/bin/chromium', '/bin/google-chrome', '/snap/bin/chromium']),
    );
    expect(chromiumPlaces({ PATH: 'relative' }, 'linux').some((place) => !place.startsWith('/'))).toBe(false);
    expect(chromiumPlaces({ HOME: '/Users/ann' }, 'darwin')).toEqual(
      expect.arrayContaining([
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Users/ann/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ]),
    );
    expect(chromiumPlaces({ 'ProgramFiles(x86)': 'C:\\P86', Path: 'C:\\bin' }, 'win32')).toEqual(
      expect.arrayContaining(['C:\\P86\\Microsoft\\Edge\\Application\\msedge.exe', 'C:\\bin\\chrome.exe']),
    );
  });

  it('is one that runs: no folder, no text file', async () => {
    writeFileSync(join(folder, 'chromium'), 'text', { mode: 0o644 });
    expect(await findChromium({ PATH: folder }, 'darwin')).toBeUndefined();
    rmSync(join(folder, 'chromium'));
    writeFileSync(join(folder, 'chrome'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await findChromium({ PATH: folder }, 'darwin')).toBe(join(folder, 'chrome'));
  });

  it('prints with a profile of its own, without a network, and leaves nothing behind', async () => {
    const bytes = await chromiumPrinter(browser)(page('print'), never);
    expect(new TextDecoder().decode(bytes)).toMatch(/^%PDF-1\.4/);
    const { words } = told();
    expect(words).toContain('--host-resolver-rules=MAP * ~NOTFOUND');
    expect(words.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
    expect(profileOf(words)).toMatch(/tmem-console-print-/);
    expect(existsSync(dirname(profileOf(words)))).toBe(false);
  });

  it('that fails is quoted', async () => {
    await expect(chromiumPrinter(browser)(page('fail'), never)).rejects.toThrow('status 3: no usable display');
    await expect(chromiumPrinter(browser)(page('nothing'), never)).rejects.toThrow('without writing a PDF');
    await expect(chromiumPrinter(join(folder, 'gone'))(page('print'), never)).rejects.toThrow('ENOENT');
  });

  it('takes away what a console that was killed left, and nothing that is being printed', async () => {
    const [old, fresh] = ['old', 'new'].map((name) => mkdtempSync(join(tmpdir(), `tmem-console-print-${name}-`)));
    try {
      const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
      utimesSync(old ?? '', hoursAgo, hoursAgo);
      await chromiumPrinter(browser)(page('print'), never);
      expect([old, fresh].map((path) => existsSync(path ?? ''))).toEqual([false, true]);
    } finally {
      rmSync(fresh ?? '', { recursive: true });
    }
  });

  it('that leaves a helper behind is followed by the end of that', async () => {
    await chromiumPrinter(browser)(page('leave'), never);
    const { child = 0 } = told();
    await until('the helper is gone', () => !alive(child));
  });

  it.each(['cancelled', 'too slow'])('is ended with all it started when it is %s', async (how) => {
    const cancel = new AbortController();
    const printed = chromiumPrinter(browser, how === 'cancelled' ? 60_000 : 1_500)(page('hang'), cancel.signal);
    const outcome = printed.then(
      () => 'printed',
      (error: unknown) => String(error),
    );
    await until(
      'it hangs',
      () => existsSync(join(folder, 'told.json')) && /"child"/.test(readFileSync(join(folder, 'told.json'), 'utf8')),
    );
    const { pid, child = 0 } = told();
    if (how === 'cancelled') cancel.abort(new Error('not wanted'));
    expect(await outcome).toMatch(how === 'cancelled' ? 'not wanted' : 'longer than 1.5 s');
    await until('all of it is gone', () => !alive(pid) && !alive(child));
    expect(existsSync(profileOf(told().words))).toBe(false);
  });
});

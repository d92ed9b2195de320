/**
 * PDF by a Chromium that is installed on this machine: found by the names and places it has on each system, run
 * without a window, without the network, with a profile that is thrown away, and never longer than a limit.
 * Called by pdf.ts where nobody handed in a printer of their own.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, posix, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';

export type PdfPrinter = (html: string, signal: AbortSignal) => Promise<Uint8Array>;

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];
const onMac = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const onWindows = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];
const onLinux = ['/snap/bin/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'];

type Environment = Readonly<Record<string, string | undefined>>;

/** Where one may be, the likeliest first. Relative parts of PATH do not count. */
export function chromiumPlaces(env: Environment, platform: NodeJS.Platform): readonly string[] {
  const path = platform === 'win32' ? win32 : posix;
  const folders = (env['PATH'] ?? env['Path'] ?? '')
    .split(platform === process.platform ? delimiter : platform === 'win32' ? ';' : ':')
    .filter((folder) => path.isAbsolute(folder));
  const called = folders.flatMap((folder) =>
    names.map((name) => path.join(folder, platform === 'win32' ? `${name}.exe` : name)),
  );
  if (platform === 'darwin') {
    const homes = ['/Applications', ...(env['HOME'] === undefined ? [] : [posix.join(env['HOME'], 'Applications')])];
    return [...homes.flatMap((home) => onMac.map((app) => posix.join(home, app))), ...called];
  }
  if (platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? []);
    return [...roots.flatMap((root) => onWindows.map((app) => win32.join(root, app))), ...called];
  }
  return [...called, ...onLinux];
}

/** Undefined when there is none. */
export async function findChromium(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  for (const place of chromiumPlaces(env, platform)) if (await runs(place)) return place;
  return undefined;
}

const runs = (file: string): Promise<boolean> =>
  access(file, constants.X_OK)
    .then(async () => (await stat(file)).isFile())
    .catch(() => false);

/** Chromium's sandbox refuses to work for root. */
export const needsNoSandbox = (): boolean => process.getuid?.() === 0;

const prefix = 'tmem-console-print-';

/** Long enough for thousands of pages on a busy machine. */
const limitMs = 120_000;

export function chromiumPrinter(program: string, limit = limitMs): PdfPrinter {
  return async (html, signal) => {
    signal.throwIfAborted();
    await removeStale();
    const folder = await mkdtemp(join(tmpdir(), prefix));
    try {
      const page = join(folder, 'report.html');
      const out = join(folder, 'report.pdf');
      await writeFile(page, html, { mode: 0o600, flag: 'wx' });
      await run(program, wordsFor(folder, page, out), signal, limit);
      const bytes = await readFile(out).catch(() => undefined);
      if (bytes?.subarray(0, 5).toString('latin1') !== '%PDF-') throw new Error('it ended without writing a PDF');
      return bytes;
    } finally {
      // A child of the browser may still be writing to its profile.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => undefined);
    }
  };
}

/** Reports that a console was printing when it was killed; nobody prints one for so long. */
const staleMs = 3_600_000;

async function removeStale(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const path of names.filter((name) => name.startsWith(prefix)).map((name) => join(tmpdir(), name))) {
    const mtimeMs = await stat(path).then(
      (found) => found.mtimeMs,
      () => Infinity,
    );
    // One of another account stays: this one may not.
    if (Date.now() - mtimeMs > staleMs) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function wordsFor(folder: string, page: string, out: string): string[] {
  return [
    '--headless=new',
    ...(needsNoSandbox() ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-extensions',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-sync',
    '--no-first-run',
    '--no-default-browser-check',
    '--metrics-recording-only',
    // Nothing has an address: a page that asked for something would get nothing.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=127.0.0.1:9',
    `--user-data-dir=${join(folder, 'profile')}`,
    '--no-pdf-header-footer',
    `--print-to-pdf=${out}`,
    pathToFileURL(page).href,
  ];
}

/** To its end, or to the limit, or until somebody cancels; then with everything it started. */
function run(program: string, words: readonly string[], signal: AbortSignal, limit: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const grouped = process.platform !== 'win32';
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], detached: grouped, windowsHide: true });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(-2000)));
    let why: unknown;
    const endAll = (): void => {
      try {
        if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // Gone by itself in the meantime.
      }
    };
    const end = (reason: unknown): void => {
      why ??= reason;
      endAll();
    };
    const cancelled = (): void => end(signal.reason);
    const timer = setTimeout(() => end(new Error(`it took longer than ${limit / 1000} s`)), limit);
    signal.addEventListener('abort', cancelled, { once: true });
    const settle = (error: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancelled);
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error(String(error)));
    };
    child.once('error', settle);
    child.once('exit', (status, killer) => {
      // Whatever it started goes with it: its report is printed, or will not be.
      if (grouped) endAll();
      if (why !== undefined) settle(why);
      else if (status === 0) settle(undefined);
      else
        settle(
          new Error(`it ended with ${killer ?? `status ${String(status)}`}: ${said.trim().split('\n').at(-1) ?? ''}`),
        );
    });
  });
}

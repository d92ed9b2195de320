/**
 * The real desktop app, driven from outside. Runs where Electron's runtime is (ELECTRON_OVERRIDE_DIST_PATH, or fetched
 * by `npx install-electron`) and, on Linux, where there is a display; elsewhere it says that it did not run.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPages } from '#core/cli/pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const electron = executable();
const hasDisplay =
  process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;

const obstacle =
  electron === undefined
    ? "Electron's runtime is not here: the desktop suite was not run"
    : hasDisplay
      ? undefined
      : 'There is no display here (xvfb-run gives one): the desktop suite was not run';
if (obstacle !== undefined) process.stderr.write(`${obstacle}\n`);

describe.skipIf(obstacle !== undefined)(obstacle ?? 'the desktop app', () => {
  let app: ElectronApplication;
  let page: Page;
  let dataDir = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    await buildPages('all');
    dataDir = mkdtempSync(join(tmpdir(), 'tmem-desktop-'));
    app = await _electron.launch({ executablePath: electron ?? '', args: words(dataDir) });
    page = await app.firstWindow();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.waitForLoadState('load');
  });

  afterAll(async () => {
    // The last test has ended it; this is for when one before has failed.
    await app.close().catch(() => undefined);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('has one window, at the console’s own address', async () => {
    expect(app.windows()).toHaveLength(1);
    expect(await page.evaluate(() => location.origin)).toBe('app://console');
    expect(await page.title()).toContain('Tmem Console');
  });

  it('reaches the core through its port: the first page says that there are no hosts yet', async () => {
    await page.locator('section.empty').first().waitFor({ state: 'visible' });
  });

  it('gets a new port when it is reloaded', async () => {
    await page.reload();
    await page.locator('section.empty').first().waitFor({ state: 'visible' });
  });

  it('has nothing of Node or Electron in its page', async () => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron', '__dirname'];
    const found = await page.evaluate((asked) => asked.filter((name) => name in globalThis), names);
    expect(found).toEqual([]);
  });

  it('opens no window', async () => {
    expect(await page.evaluate(() => window.open('https://example.invalid/') === null)).toBe(true);
    expect(await page.evaluate(() => window.open('app://console/') === null)).toBe(true);
    expect(app.windows()).toHaveLength(1);
  });

  it.each(['https://example.invalid/', 'file:///etc/hostname', 'app://console/assets/x.js'])(
    'does not go to %s',
    async (address) => {
      const attempt = app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<{ url: string; prevented: boolean }>((resolve, reject) => {
            const contents = BrowserWindow.getAllWindows()[0]?.webContents;
            setTimeout(reject, 10_000, new Error('no navigation was attempted'));
            // Added after the guard's own listener, so it sees what that decided.
            contents?.once('will-frame-navigate', ({ url, defaultPrevented }) => {
              resolve({ url, prevented: defaultPrevented });
            });
          }),
      );
      await page.evaluate((to) => {
        const link = document.createElement('a');
        link.href = to;
        document.body.append(link);
        link.click();
        link.remove();
      }, address);
      // Chromium itself refuses file: from other schemes before anybody is asked.
      if (address.startsWith('file:')) attempt.catch(() => undefined);
      else expect(await attempt).toEqual({ url: address, prevented: true });
      expect(await page.evaluate(() => location.origin)).toBe('app://console');
    },
  );

  it('may use nothing of the machine, and fetch from nowhere else', async () => {
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    const asked = await page.evaluate(async () => {
      const { state } = await navigator.permissions.query({ name: 'geolocation' });
      return state;
    });
    expect(asked).toBe('denied');
    const fetched = page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        () => 'refused',
      ),
    );
    expect(await fetched).toBe('refused');
  });

  it('runs no code that is not a file of its own', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ranInline = true';
      document.body.append(script);
      script.remove();
      return 'ranInline' in window;
    });
    expect(ran).toBe(false);
  });

  it('refuses a second instance on the same data directory, and says so', async () => {
    const second = spawn(electron ?? '', words(dataDir), { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
    const status = await new Promise((resolve) => second.on('close', resolve));
    expect(status).toBe(1);
    expect(said).toContain(`The console is already open on ${dataDir}`);
    expect(app.windows()).toHaveLength(1);
  });

  it('did nothing that its own rules forbid', () => {
    // The inline script, the fetch and the local file above were refused on purpose.
    const own = complaints.filter((text) => !/ranInline|127\.0\.0\.1:9|inline script|local resource/.test(text));
    expect(own).toEqual([]);
  });

  it('quits in time and remembers where its window was', async () => {
    const child = app.process();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await app.evaluate(({ app: running }) => {
      running.quit();
    });
    expect(await ended).toBe(0);
    const saved = JSON.parse(readFileSync(join(dataDir, 'desktop', 'window.json'), 'utf8')) as { bounds?: unknown };
    expect(saved.bounds).toMatchObject({ width: expect.any(Number) as number, height: expect.any(Number) as number });
  });
});

function words(dataDir: string): string[] {
  // Chromium has no sandbox for root; the console refuses to start without one only when it is packaged.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...asRoot, root, '--data-dir', dataDir];
}

function executable(): string | undefined {
  const packageFolder = join(root, 'node_modules', 'electron');
  const pathFile = join(packageFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const found = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageFolder, 'dist'), name);
  return existsSync(found) ? found : undefined;
}

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core, CoreOptions } from '#core/core.ts';
import { agentBody } from '../support/agent-body.ts';
import * as double from './electron-double.ts';

const createCore = vi.fn<(options: CoreOptions) => Promise<Core>>();
// The one that this file looks into, also after the modules were reset.
vi.mock('electron', () => double);
vi.mock('#core/core.ts', () => ({ createCore }));

const { app, BrowserWindow, dialog, protocol } = double;
const realArguments = process.argv;
const listeners = new Set(process.listeners('uncaughtException'));
const stderr = vi.spyOn(process.stderr, 'write');
let dataDir = '';
const attach = vi.fn<Core['attach']>();
const close = vi.fn<Core['close']>();

beforeEach(() => {
  dataDir = double.freshDouble();
  stderr.mockReset().mockReturnValue(true);
  close.mockReset().mockResolvedValue();
  createCore.mockReset().mockResolvedValue({ attach, close });
});

afterEach(() => {
  process.argv = realArguments;
  for (const listener of process.listeners('uncaughtException')) {
    if (!listeners.has(listener)) process.off('uncaughtException', listener);
  }
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs main.ts anew, as the program would be started. */
async function start(...words: string[]): Promise<void> {
  process.argv = ['electron', '/opt/console', '--data-dir', dataDir, ...words];
  vi.resetModules();
  await import('#electron/main.ts');
}

const window = () => vi.waitUntil(() => BrowserWindow.all[0]);
const shown = () => vi.waitFor(() => expect(BrowserWindow.all[0]?.loadURL).toHaveBeenCalledWith('app://console/'));

describe('starting', () => {
  it('declares the scheme and the sandbox before Electron is ready', async () => {
    await start();
    await shown();
    const [ready] = app.whenReady.mock.invocationCallOrder;
    expect(protocol.registerSchemesAsPrivileged.mock.invocationCallOrder[0]).toBeLessThan(ready ?? 0);
    expect(app.enableSandbox.mock.invocationCallOrder[0]).toBeLessThan(ready ?? 0);
    expect(protocol.registerSchemesAsPrivileged.mock.calls).toEqual([
      [[{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]],
    ]);
  });

  it('brings the core up on the data directory, with the agent, and then the window', async () => {
    await start('--host-file', '/srv/hosts.json', '--lab=steady');
    await shown();
    expect(createCore).toHaveBeenCalledWith({
      dataDir,
      hostFile: '/srv/hosts.json',
      lab: 'steady',
      shell: 'desktop',
      version: '9.8.7',
      agentBody,
      pdf: expect.any(Function) as CoreOptions['pdf'],
    });
    expect(app.setPath).toHaveBeenCalledWith('userData', join(dataDir, 'desktop'));
    expect(BrowserWindow.all).toHaveLength(1);
  });

  it('attaches the core to the page once it has loaded', async () => {
    await start();
    await shown();
    expect(attach).not.toHaveBeenCalled();
    (await window()).webContents.emit('did-finish-load');
    expect(attach).toHaveBeenCalledTimes(1);
  });
});

describe('not starting', () => {
  it('is what a second instance does; the first one comes to the front', async () => {
    app.requestSingleInstanceLock.mockReturnValueOnce(false);
    await start();
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1));
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining(`already open on ${dataDir}`));
    expect(createCore).not.toHaveBeenCalled();

    await start();
    await shown();
    const first = await window();
    first.minimized = true;
    app.emit('second-instance');
    expect(first.restore).toHaveBeenCalled();
    expect(first.focus).toHaveBeenCalled();
  });

  it.each([['--remote-debugging-port=9222'], ['--inspect'], ['--no-sandbox'], ['--js-flags=--expose-gc']])(
    'is what a packaged console does with %s',
    async (word) => {
      app.isPackaged = true;
      await start(word);
      await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1));
      expect(dialog.showErrorBox).toHaveBeenCalledWith('Tmem Console cannot go on', expect.stringContaining(word));
      expect(createCore).not.toHaveBeenCalled();
      expect(app.requestSingleInstanceLock).not.toHaveBeenCalled();
    },
  );

  it('says the core’s own sentence when the core cannot come up', async () => {
    createCore.mockImplementation(async () => {
      // From the modules of this start: a problem is known by its class.
      const { fail } = await import('#shared/problem.ts');
      return fail('data-dir-in-use', 'Another console uses /x. Close it first.', 'pid 77');
    });
    await start();
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1));
    expect(dialog.showErrorBox).toHaveBeenCalledWith(
      'Tmem Console cannot go on',
      'Another console uses /x. Close it first.\n\npid 77',
    );
    expect(BrowserWindow.all).toEqual([]);
  });

  it('says which path is missing', async () => {
    await start('--host-file');
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1));
    expect(dialog.showErrorBox).toHaveBeenCalledWith(expect.anything(), expect.stringContaining('--host-file FILE'));
  });
});

describe('a mistake while the console runs', () => {
  it('ends it, with what is known about the mistake', async () => {
    await start();
    await shown();
    const ours = process.listeners('uncaughtException').find((listener) => !listeners.has(listener));
    ours?.(new Error('a figure without a unit'), 'uncaughtException');
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1));
    expect(dialog.showErrorBox).toHaveBeenCalledWith(
      expect.anything(),
      expect.stringContaining('a figure without a unit'),
    );
  });
});

describe('quitting', () => {
  it('waits for the core, hides the window meanwhile, and asks the core once', async () => {
    let closed: () => void = () => undefined;
    close.mockReturnValue(new Promise<void>((resolve) => (closed = resolve)));
    await start();
    await shown();
    app.emit('window-all-closed');
    expect(app.quit).toHaveReturnedWith(false);
    expect((await window()).hide).toHaveBeenCalled();
    app.quit();
    expect(close).toHaveBeenCalledTimes(1);
    closed();
    await vi.waitFor(() => expect(app.quit).toHaveLastReturnedWith(true));
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('brings no window to the front that is gone already', async () => {
    await start();
    await shown();
    const closing = await window();
    closing.isDestroyed = () => true;
    app.emit('second-instance');
    expect(closing.focus).not.toHaveBeenCalled();
  });

  it('does not wait for ever', async () => {
    close.mockReturnValue(new Promise(() => undefined));
    await start();
    await shown();
    vi.useFakeTimers();
    try {
      app.quit();
      expect(app.quit).toHaveLastReturnedWith(false);
      await vi.advanceTimersByTimeAsync(3000);
      expect(app.quit).toHaveLastReturnedWith(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes on when the core fails to close, and says why', async () => {
    close.mockRejectedValue(new Error('disk gone'));
    await start();
    await shown();
    app.quit();
    await vi.waitFor(() => expect(app.quit).toHaveLastReturnedWith(true));
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining('disk gone'));
  });

  it('keeps the window’s place in the data directory', async () => {
    await start();
    await shown();
    (await window()).emit('close');
    const file = join(dataDir, 'desktop', 'window.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      bounds: { x: 10, y: 30, width: 1000, height: 700 },
      maximized: false,
    });
    expect(existsSync(`${file}.new`)).toBe(false);
    await start();
    await vi.waitUntil(() => BrowserWindow.all[1]);
    expect(BrowserWindow.all[1]?.options).toMatchObject({ x: 10, y: 30, width: 1000, height: 700 });
  });
});

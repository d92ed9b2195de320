/** The shell and the real core together, with a page's end of the port in the test's hands. */
import { rmSync } from 'node:fs';
import { afterAll, expect, it, vi } from 'vitest';
import { connect } from '#shared/contract/connect.ts';
import { portChannel } from '#electron/shell/port-channel.ts';
import * as double from './electron-double.ts';

vi.mock('electron', () => double);

const realArguments = process.argv;
const listeners = new Set(process.listeners('uncaughtException'));
const dataDir = double.freshDouble();

afterAll(() => {
  process.argv = realArguments;
  for (const listener of process.listeners('uncaughtException')) {
    if (!listeners.has(listener)) process.off('uncaughtException', listener);
  }
  rmSync(dataDir, { recursive: true, force: true });
});

it('answers the page through its port, the next page through the next port, and lets go when it quits', async () => {
  process.argv = ['electron', '/opt/console', '--data-dir', dataDir];
  await import('#electron/main.ts');
  const window = await vi.waitUntil(() => double.BrowserWindow.all[0]);
  const { mainFrame } = window.webContents;
  const load = () => {
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    window.webContents.emit('did-finish-load');
    const [port] = mainFrame.postMessage.mock.lastCall?.[2] as double.FakePort[];
    if (port === undefined) throw new Error('the page got no port');
    return connect(portChannel(port));
  };

  const first = load();
  expect(await first.call('hosts.list', {})).toEqual([]);
  expect(await first.call('console.info', {})).toMatchObject({ shell: 'desktop', version: '9.8.7', dataDir });
  const lost = vi.fn();
  first.onClose(lost);

  const second = load();
  expect(lost).toHaveBeenCalledTimes(1);
  expect(await second.call('hosts.list', {})).toEqual([]);

  double.app.quit();
  await vi.waitFor(() => expect(double.app.quit).toHaveLastReturnedWith(true));
  // The directory is free again: another console may have it.
  const { createCore } = await import('#core/core.ts');
  const next = await createCore({ dataDir, shell: 'browser', version: '9.8.7', agentBody: '' });
  await next.close();
});

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWindow } from '#electron/window.ts';
import * as double from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

const { app, BrowserWindow, dialog } = double;
let folder = '';
beforeEach(() => {
  folder = double.freshDouble();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const opened = () => {
  createWindow({ preload: '/p/preload.cjs', icon: '/p/icon.png', state: join(folder, 'window.json') });
  const window = BrowserWindow.all.at(-1);
  if (window === undefined) throw new Error('no window was made');
  return window;
};

describe('the window', () => {
  it('is sealed: no Node, no shared context, no weakened rules', () => {
    expect(opened().options['webPreferences']).toEqual({
      preload: '/p/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: true,
    });
  });

  it('has no developer tools when packaged', () => {
    app.isPackaged = true;
    expect(opened().options['webPreferences']).toMatchObject({ devTools: false });
  });

  it('is shown when its page has painted, in the state it was left in', () => {
    writeFileSync(
      join(folder, 'window.json'),
      JSON.stringify({ bounds: { x: 40, y: 50, width: 1100, height: 800 }, maximized: true }),
    );
    const window = opened();
    expect(window.options).toMatchObject({ show: false, x: 40, y: 50, width: 1100, height: 800 });
    window.emit('ready-to-show');
    expect(window.maximize).toHaveBeenCalled();
    expect(window.show).toHaveBeenCalled();
  });

  it('opens also when the file of its place is damaged or cannot be written', () => {
    writeFileSync(join(folder, 'window.json'), '{"bounds": {"x": 4');
    const window = opened();
    expect(window.options).not.toHaveProperty('x');
    rmSync(folder, { recursive: true });
    window.emit('close');
    folder = double.freshDouble();
  });

  it('offers to load a page again that has died', async () => {
    const window = opened();
    window.webContents.emit('render-process-gone', {}, { reason: 'oom' });
    await vi.waitFor(() => expect(window.webContents.reload).toHaveBeenCalled());
    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalled());
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(dialog.showMessageBox).toHaveBeenCalledTimes(2);
  });
});

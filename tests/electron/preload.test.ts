import { afterEach, expect, it, vi } from 'vitest';
import { ipcRenderer } from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

afterEach(() => {
  vi.unstubAllGlobals();
});

it('hands the port on to the console’s own page, and exposes nothing', async () => {
  const window = { postMessage: vi.fn() };
  vi.stubGlobal('window', window);
  const before = Object.keys(globalThis);
  await import('#electron/preload.ts');
  const port = {};
  ipcRenderer.emit('tmem-port', { ports: [port] }, 'something else');
  expect(window.postMessage.mock.calls).toEqual([[{ type: 'tmem-port' }, 'app://console', [port]]]);
  expect(window.postMessage.mock.calls[0]?.[2]).toHaveProperty('0', port);
  expect(Object.keys(window)).toEqual(['postMessage']);
  expect(Object.keys(globalThis)).toEqual(before);
  expect(ipcRenderer.eventNames()).toEqual(['tmem-port']);
});

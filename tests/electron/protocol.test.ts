import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { csp } from '#core/serve/static-files.ts';
import { serveScheme } from '#electron/protocol.ts';
import { session } from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

let folder = '';
let answer: (request: Request) => Promise<Response>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tmem-protocol-'));
  await mkdir(join(folder, 'renderer'));
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'main.js'), 'secret');
  serveScheme(session.defaultSession as unknown as Electron.Session, join(folder, 'renderer'));
  const [scheme, handler] = session.defaultSession.protocol.handle.mock.calls[0] ?? [];
  expect(scheme).toBe('app');
  if (handler === undefined) throw new Error('no handler was set');
  answer = handler;
});
afterAll(() => rm(folder, { recursive: true }));

/** As Electron hands it over; Node's own Request would refuse some of these addresses. */
const get = (url: string, method = 'GET') => answer({ url, method } as Request);

describe('app://console/', () => {
  it('is the built page, under the strict policy', async () => {
    const response = await get('app://console/hosts/7?tab=raw');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-security-policy')).toBe(csp());
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it.each([
    'app://console/%2e%2e/main.js',
    'app://console/..%2fmain.js',
    'app://console/../main.js',
    'app://other/index.html',
  ])('has nothing at %s', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  it('answers reading only', async () => {
    expect((await get('app://console/', 'POST')).status).toBe(405);
    const head = await get('app://console/', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

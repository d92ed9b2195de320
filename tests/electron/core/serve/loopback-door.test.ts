/** Who gets in: only who names this host and port, comes from our own page or no page at all, and has the token. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLoopbackDoor } from '#core/serve/loopback-door.ts';
import type { LoopbackDoor } from '#core/serve/loopback-door.ts';
import { problemOf } from '#shared/problem.ts';
import { webSocketPage } from '../../../support/channel-pair.ts';

const token = 'the-token-of-this-run';
let pages: string;
let door: LoopbackDoor;
let channels = 0;

beforeAll(async () => {
  pages = mkdtempSync(join(tmpdir(), 'tmem-door-'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>page</title>');
  door = await openLoopbackDoor({ pages, port: 0, token, onChannel: () => (channels += 1) });
});

afterAll(async () => {
  await door.close();
  rmSync(pages, { recursive: true });
});

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: door.port, path, method, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += String(chunk)));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

const upgradeOf = (path: string, port = door.port): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');

describe('the loopback door', () => {
  it('gives its address with the token', () => {
    expect(door.url).toBe(`http://127.0.0.1:${door.port}/?token=${token}`);
  });

  it('serves the page under a strict policy', async () => {
    const { status, headers, body } = await get('/?token=whatever');
    expect(status).toBe(200);
    expect(body).toContain('<title>page</title>');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${door.port}`);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '//etc/passwd', '/assets/none.js'])(
    'does not serve %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('refuses another Host header, as after DNS rebinding', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(421);
    expect((await get('/', { host: `127.0.0.1:${door.port + 1}` })).status).toBe(421);
  });

  it('takes GET and HEAD only', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('opens the socket for the right token', async () => {
    const before = channels;
    const channel = await webSocketPage(`ws://127.0.0.1:${door.port}/door?token=${token}`, {
      origin: `http://127.0.0.1:${door.port}`,
    });
    expect(channels).toBe(before + 1);
    channel.close();
  });

  it.each([
    ['no token', '/door', {}, '401'],
    ['a wrong token', '/door?token=wrong', {}, '401'],
    ['a longer token', `/door?token=${token}x`, {}, '401'],
    ['another path', `/other?token=${token}`, {}, '404'],
    ['a foreign origin', `/door?token=${token}`, { origin: 'http://evil.example' }, '403'],
    ['a null origin', `/door?token=${token}`, { origin: 'null' }, '403'],
    ['another port of this host', `/door?token=${token}`, { origin: 'http://127.0.0.1:1' }, '403'],
    ['a foreign host name', `/door?token=${token}`, { host: 'evil.example' }, '421'],
  ])('keeps the socket closed for %s', async (_, path, headers, status) => {
    const before = channels;
    await expect(webSocketPage(`ws://127.0.0.1:${door.port}${path}`, headers)).rejects.toThrow(status);
    expect(channels).toBe(before);
  });

  it('listens on 127.0.0.1 only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others) {
      await expect(
        new Promise((resolve, reject) => {
          tcp({ host: address, port: door.port }, () => resolve('open')).on('error', reject);
        }),
      ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it.each(['//', 'http://[', '*'])('refuses an upgrade of %s, which is no address', async (path) => {
    const socket = tcp({ host: '127.0.0.1', port: door.port }, () => socket.write(upgradeOf(path)));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
  });

  it('outlives strangers who are gone before they hear that they are refused', async () => {
    for (let time = 0; time < 20; time++) {
      const socket = tcp({ host: '127.0.0.1', port: door.port });
      await once(socket, 'connect');
      await new Promise((written) => socket.write(upgradeOf('/door?token=wrong'), written));
      socket.resetAndDestroy();
    }
    expect((await get('/')).status).toBe(200);
  });

  it('closes, though a refused stranger holds on', async () => {
    const own = await openLoopbackDoor({ pages, port: 0, token, onChannel: () => undefined });
    const socket = tcp({ host: '127.0.0.1', port: own.port, allowHalfOpen: true }, () =>
      socket.write(upgradeOf('/door?token=wrong', own.port)),
    );
    await once(socket, 'data');
    await own.close();
    socket.destroy();
  });

  it('says so when its port is taken', async () => {
    const taken = openLoopbackDoor({ pages, port: door.port, token, onChannel: () => undefined });
    const problem = problemOf(await taken.catch((error: unknown) => error));
    expect(problem).toMatchObject({ code: 'conflict' });
    expect(problem?.sentence).toContain(`Port ${door.port}`);
  });

  it('cuts off a frame that is larger than any request', async () => {
    const channel = await webSocketPage(`ws://127.0.0.1:${door.port}/door?token=${token}`);
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    channel.send({ id: 1, ask: 'x'.repeat(2_000_000), args: {} });
    await closed;
  });
});

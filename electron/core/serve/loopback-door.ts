/**
 * The loopback door: the built page over HTTP and frames over a WebSocket, for browser mode, headless use and tests.
 * Bound to 127.0.0.1 only. Whoever wants in must name this very host and port, come from our own page, and have the
 * token of this run.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Channel } from '#shared/contract/wire.ts';
import { fail } from '#shared/problem.ts';
import { readStatic, securityHeaders } from './static-files.ts';
import { socketChannel } from './socket-channel.ts';

export interface LoopbackOptions {
  /** Folder of the built page. */
  readonly pages: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly token: string;
  onChannel(channel: Channel): void;
}

export interface LoopbackDoor {
  readonly port: number;
  /** With the token: whoever has this address may use the console. */
  readonly url: string;
  close(): Promise<void>;
}

/** Requests are small; an inventory import is the largest. */
const largestFrame = 1024 * 1024;

export async function openLoopbackDoor(options: LoopbackOptions): Promise<LoopbackDoor> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestFrame });
  const server = createServer((asked, answer) => {
    void (async () => {
      const port = portOf(server);
      if (!isOurHost(asked.headers.host, port)) {
        answer
          .writeHead(421, { ...securityHeaders(), 'content-type': 'text/plain' })
          .end('This is not the address of the console.\n');
        return;
      }
      if (asked.method !== 'GET' && asked.method !== 'HEAD') {
        answer.writeHead(405, { ...securityHeaders(), allow: 'GET, HEAD' }).end();
        return;
      }
      const path = (asked.url ?? '/').split('?', 1)[0] ?? '/';
      const found = await readStatic(options.pages, path, `ws://${asked.headers.host ?? ''}`);
      answer.writeHead(found.status, found.headers).end(asked.method === 'HEAD' ? undefined : found.body);
    })();
  });

  server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(asked, portOf(server), options.token);
    if (refusal !== undefined) {
      // The HTTP server has let go of the socket: nobody else hears that the other end is gone, or ends it.
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(asked, socket, head, (opened) => options.onChannel(socketChannel(opened)));
  });

  await listen(server, options.port);
  const port = portOf(server);
  return {
    port,
    url: `http://127.0.0.1:${port}/?token=${options.token}`,
    close: async () => {
      for (const open of sockets.clients) open.close(1001, 'the console ends');
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const open of sockets.clients) open.terminate();
      await ended;
    },
  };
}

/** The status line of a refusal, or undefined when the door opens. */
function refusalOf(asked: Pick<IncomingMessage, 'headers' | 'url'>, port: number, token: string): string | undefined {
  if (!isOurHost(asked.headers.host, port)) return '421 Misdirected Request';
  // A browser always sends Origin with a WebSocket; another page's is a stranger's. Programs send none.
  const { origin } = asked.headers;
  if (origin !== undefined && origin !== `http://127.0.0.1:${port}` && origin !== `http://localhost:${port}`)
    return '403 Forbidden';
  const [path, query = ''] = (asked.url ?? '/').split('?', 2);
  if (path !== '/door') return '404 Not Found';
  return sameToken(new URLSearchParams(query).get('token') ?? '', token) ? undefined : '401 Unauthorized';
}

/** Guards against DNS rebinding: a foreign name that resolves to 127.0.0.1 still sends its own Host header. */
const isOurHost = (host: string | undefined, port: number): boolean =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`;

function sameToken(offered: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(token));
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      try {
        if (error.code === 'EADDRINUSE')
          fail(
            'conflict',
            `Port ${port} on 127.0.0.1 is taken. Choose another with --port, or 0 for any free one.`,
            error.message,
          );
        if (error.code === 'EACCES')
          fail(
            'conflict',
            `Port ${port} may not be used by this account. Choose one above 1023, or 0 for any free one.`,
            error.message,
          );
        reject(error);
      } catch (problem) {
        reject(problem as Error);
      }
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
}

/** Both ends of each door, as channels: what the contract must look the same through. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import WebSocket from 'ws';
import type { Channel } from '#shared/contract/wire.ts';
import { openLoopbackDoor } from '#core/serve/loopback-door.ts';

export interface Door {
  /** Connects a page; the core's end is given to `onChannel`. */
  page(): Promise<Channel>;
  close(): Promise<void>;
}

export type OpenDoor = (onChannel: (channel: Channel) => void) => Promise<Door>;

/** A MessagePort as the desktop uses it: values are cloned, not shared. */
export function portChannel(port: MessagePort): Channel {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listen) => void port.on('message', listen),
    onClose: (listen) => void port.on('close', listen),
    close: () => port.close(),
  };
}

export const messagePortDoor: OpenDoor = async (onChannel) => {
  const open: MessagePort[] = [];
  return {
    page: async () => {
      const { port1, port2 } = new MessageChannel();
      open.push(port1, port2);
      onChannel(portChannel(port1));
      return portChannel(port2);
    },
    close: async () => {
      for (const port of open) port.close();
    },
  };
};

export const webSocketDoor: OpenDoor = async (onChannel) => {
  const pages = mkdtempSync(join(tmpdir(), 'tmem-pages-'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>page</title>');
  const token = randomBytes(16).toString('hex');
  const door = await openLoopbackDoor({ pages, port: 0, token, onChannel });
  return {
    page: () => webSocketPage(`ws://127.0.0.1:${door.port}/door?token=${token}`),
    close: async () => {
      await door.close();
      rmSync(pages, { recursive: true, force: true });
    },
  };
};

/** The page's end of a WebSocket, as a program (not a browser) opens it. */
export function webSocketPage(url: string, headers: Record<string, string> = {}): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('error', reject);
    socket.on('unexpected-response', (_, answer) => reject(new Error(`${answer.statusCode ?? 0}`)));
    socket.on('open', () =>
      resolve({
        send: (frame) => socket.send(JSON.stringify(frame)),
        onFrame: (listen) => void socket.on('message', (data) => listen(JSON.parse(String(data)))),
        onClose: (listen) => void socket.on('close', listen),
        close: () => socket.close(),
      }),
    );
  });
}

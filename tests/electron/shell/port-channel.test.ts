import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Frame } from '#shared/contract/wire.ts';
import { portChannel } from '#electron/shell/port-channel.ts';
import type { Port } from '#electron/shell/port-channel.ts';

/** Behaves as Electron documents its port: messages wait until `start`, `close` is told once. */
class FakePort extends EventEmitter implements Port {
  readonly sent: Frame[] = [];
  closed = 0;
  private waiting: unknown[] | undefined = [];

  postMessage(frame: Frame): void {
    this.sent.push(frame);
  }

  start(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const data of waiting) this.emit('message', { data });
  }

  close(): void {
    this.closed += 1;
    this.emit('close');
  }

  arrive(data: unknown): void {
    if (this.waiting === undefined) this.emit('message', { data });
    else this.waiting.push(data);
  }
}

describe('a port as a channel', () => {
  it('carries frames both ways, also those that came before anybody listened', () => {
    const port = new FakePort();
    const channel = portChannel(port);
    port.arrive({ id: 1, ask: 'hosts.list', args: {} });
    const heard: unknown[] = [];
    channel.onFrame((frame) => heard.push(frame));
    port.arrive('not a frame');
    channel.send({ id: 1, ok: [] });
    expect(heard).toEqual([{ id: 1, ask: 'hosts.list', args: {} }, 'not a frame']);
    expect(port.sent).toEqual([{ id: 1, ok: [] }]);
  });

  it('tells once that it ended, whoever ended it', () => {
    const port = new FakePort();
    const channel = portChannel(port);
    let told = 0;
    channel.onClose(() => (told += 1));
    channel.close();
    channel.close();
    port.emit('close');
    expect({ told, closed: port.closed }).toEqual({ told: 1, closed: 1 });
    channel.onClose(() => (told += 1));
    expect(told).toBe(2);
  });

  it('is silent after the page is gone', () => {
    const port = new FakePort();
    const channel = portChannel(port);
    const heard: unknown[] = [];
    channel.onFrame((frame) => heard.push(frame));
    port.emit('close');
    channel.send({ event: 'hosts.changed', payload: [] });
    port.arrive({ id: 2, ask: 'hosts.list', args: {} });
    expect({ heard, sent: port.sent }).toEqual({ heard: [], sent: [] });
  });
});

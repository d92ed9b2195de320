import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '#shared/contract/wire.ts';
import { openPort } from '../../../renderer/door/port-channel.ts';
import { socketUrl } from '../../../renderer/door/socket-channel.ts';

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

describe('the port that the preload hands over', () => {
  const handOver = (data: unknown, source: unknown, ports: unknown[]) => {
    const event = new MessageEvent('message', { data });
    Object.defineProperty(event, 'source', { value: source });
    Object.defineProperty(event, 'ports', { value: ports });
    window.dispatchEvent(event);
  };

  it('is taken once, from this window, with exactly that message', async () => {
    let taken: Channel | undefined;
    void openPort(window).then((channel) => (taken = channel));
    const { port1, port2 } = new MessageChannel();
    handOver({ type: 'tmem-port' }, {}, [port1]);
    handOver({ type: 'other' }, window, [port1]);
    handOver('tmem-port', window, [port1]);
    handOver({ type: 'tmem-port' }, window, []);
    await settled();
    expect(taken).toBeUndefined();
    handOver({ type: 'tmem-port' }, window, [port1]);
    await settled();
    expect(taken).toBeDefined();
    const heard = new Promise((resolve) => {
      port2.onmessage = (event) => resolve(event.data);
    });
    taken?.send({ event: 'x', payload: 1 });
    expect(await heard).toEqual({ event: 'x', payload: 1 });
    const frame = new Promise((resolve) => taken?.onFrame(resolve));
    port2.postMessage({ id: 1, ok: null });
    expect(await frame).toEqual({ id: 1, ok: null });
    taken?.close();
  });
});

describe("the browser's door", () => {
  beforeEach(() => sessionStorage.clear());
  const at = (href: string) => {
    const shown: string[] = [];
    const fake = {
      location: { href },
      sessionStorage,
      history: { state: null, replaceState: (_: unknown, __: string, url: URL) => shown.push(url.href) },
    } as unknown as Window;
    return { url: socketUrl(fake), shown };
  };

  it('takes the token out of the address and keeps it for this tab', () => {
    const first = at('http://127.0.0.1:4711/?token=s3cret&x=1#/guests');
    expect(first.url).toBe('ws://127.0.0.1:4711/door?token=s3cret');
    expect(first.shown).toEqual(['http://127.0.0.1:4711/?x=1#/guests']);
    const reloaded = at('http://127.0.0.1:4711/#/guests');
    expect(reloaded.url).toBe('ws://127.0.0.1:4711/door?token=s3cret');
    expect(reloaded.shown).toEqual([]);
  });
  it('is as secure as the page', () => expect(at('https://console.example/?token=a').url).toMatch(/^wss:/));
  it('carries a token with odd characters whole', () => {
    expect(
      new URL(at(`http://127.0.0.1:1/?token=${encodeURIComponent('a+b&c=d')}`).url).searchParams.get('token'),
    ).toBe('a+b&c=d');
  });
});

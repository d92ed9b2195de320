/** The contract through both doors: the same suite over a MessagePort and over the WebSocket. */
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '#shared/contract/connect.ts';
import { requests } from '#shared/contract/contract.ts';
import type { Emit, Handlers } from '#shared/contract/contract.ts';
import { serve } from '#shared/contract/serve.ts';
import type { Channel } from '#shared/contract/wire.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { fail, problemOf } from '#shared/problem.ts';
import type { Door } from '../support/channel-pair.ts';
import { messagePortDoor, webSocketDoor } from '../support/channel-pair.ts';

const bugs: { name: string; error: unknown }[] = [];

/** Only what the suite asks is answered; anything else would be a bug, and is seen as one. */
const handlers = {
  'settings.get': () => defaultSettings,
  'settings.set': ({ settings }: { settings: typeof defaultSettings }) => settings,
  'hosts.disconnect': () => null,
  'hosts.reading': () => null,
  'hosts.importable': () => new Promise(() => undefined),
  'hosts.connect': () => fail('not-found', 'There is no such host.', 'no-such-id'),
  'hosts.refresh': () => Promise.reject(new TypeError('undefined is not a function')),
} as unknown as Handlers;

async function problemFrom(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return problemOf(error) ?? error;
  }
}

describe.each([
  ['MessagePort', messagePortDoor],
  ['WebSocket', webSocketDoor],
])('the contract over a %s', (_, openDoor) => {
  let door: Door | undefined;
  let emits: Emit[] = [];

  async function page(): Promise<{ channel: Channel; frames: unknown[] }> {
    door = await openDoor((channel) =>
      emits.push(serve(channel, handlers, (name, error) => bugs.push({ name, error })).emit),
    );
    const channel = await door.page();
    const frames: unknown[] = [];
    channel.onFrame((frame) => frames.push(frame));
    return { channel, frames };
  }

  afterEach(async () => {
    await door?.close();
    emits = [];
    bugs.length = 0;
  });

  it('answers a request', async () => {
    const link = connect((await page()).channel);
    expect(await link.call('settings.get', {})).toEqual(defaultSettings);
    expect(await link.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 10 } })).toEqual({
      ...defaultSettings,
      intervalSeconds: 10,
    });
    expect(await link.call('hosts.reading', { host: 'h' })).toBe(null);
  });

  it('answers many at once, each to its own asker', async () => {
    const link = connect((await page()).channel);
    const asked = Array.from({ length: 50 }, (_, index) =>
      link.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 + (index % 60) } }),
    );
    expect((await Promise.all(asked)).map(({ intervalSeconds }) => intervalSeconds)).toEqual(
      asked.map((_, index) => 1 + (index % 60)),
    );
  });

  it('carries a problem as a value', async () => {
    const link = connect((await page()).channel);
    expect(await problemFrom(link.call('hosts.connect', { host: 'x' }))).toEqual({
      code: 'not-found',
      sentence: 'There is no such host.',
      words: 'no-such-id',
    });
    expect(bugs).toEqual([]);
  });

  it('tells the page nothing of a bug but that there was one', async () => {
    const link = connect((await page()).channel);
    expect(await problemFrom(link.call('hosts.refresh', { host: 'x' }))).toMatchObject({ code: 'internal' });
    expect(bugs).toMatchObject([{ name: 'hosts.refresh', error: new TypeError('undefined is not a function') }]);
  });

  it.each(['toString', '__proto__', 'hosts.nothing', ''])('refuses the unknown request %j', async (ask) => {
    const { channel, frames } = await page();
    channel.send({ id: 7, ask, args: {} });
    await expect.poll(() => frames).toMatchObject([{ id: 7, problem: { code: 'unknown-request' } }]);
  });

  it.each([
    ['settings.set', { settings: { ...defaultSettings, intervalSeconds: 0 } }],
    ['settings.set', { settings: { ...defaultSettings, extra: 1 } }],
    ['settings.get', { unasked: true }],
    ['settings.get', null],
    ['hosts.disconnect', { host: '' }],
    ['hosts.disconnect', { host: 'x'.repeat(201) }],
    ['samples.series', { host: 'h', spanSeconds: 1e9, points: 10 }],
    ['hosts.add', { draft: { name: 'x', address: '-oProxyCommand=x' } }],
  ])('refuses malformed arguments of %s', async (ask, args) => {
    const { channel, frames } = await page();
    channel.send({ id: 8, ask, args });
    await expect.poll(() => frames).toMatchObject([{ id: 8, problem: { code: 'malformed-request' } }]);
    expect(bugs).toEqual([]);
  });

  it('does not send a long refused name back', async () => {
    const { channel, frames } = await page();
    channel.send({ id: 9, ask: 'settings.get', args: { ['x'.repeat(100_000)]: 1 } });
    await expect.poll(() => frames.length).toBe(1);
    expect(frames).toMatchObject([{ id: 9, problem: { code: 'malformed-request' } }]);
    expect(JSON.stringify(frames).length).toBeLessThan(1000);
  });

  it('survives frames that are none', async () => {
    const { channel, frames } = await page();
    for (const junk of [null, 5, 'text', [], {}, { id: 'x', ask: 'settings.get' }]) channel.send(junk as never);
    channel.send({ id: 9, ask: 'settings.get', args: {} });
    await expect.poll(() => frames.at(-1)).toEqual({ id: 9, ok: defaultSettings });
    expect(frames).toHaveLength(7);
  });

  it('delivers events until the listener stops', async () => {
    const link = connect((await page()).channel);
    const heard: unknown[] = [];
    const stop = link.on('guests.moved', (payload) => heard.push(payload));
    await link.call('settings.get', {});
    emits[0]?.('guests.moved', { revision: 1 });
    await expect.poll(() => heard).toEqual([{ revision: 1 }]);
    stop();
    emits[0]?.('guests.moved', { revision: 2 });
    await link.call('settings.get', {});
    expect(heard).toEqual([{ revision: 1 }]);
  });

  it('fails what is pending when the door closes', async () => {
    const { channel } = await page();
    const link = connect(channel);
    await link.call('settings.get', {});
    const pending = problemFrom(link.call('hosts.importable', {}));
    await door?.close();
    expect(await pending).toMatchObject({ code: 'host-gone' });
    expect(await problemFrom(link.call('settings.get', {}))).toMatchObject({ code: 'host-gone' });
  });
});

describe('the names of the contract', () => {
  it('are topic.verb', () => {
    expect(Object.keys(requests).filter((name) => !/^[a-z]+\.[a-z][A-Za-z]*$/.test(name))).toEqual([]);
  });
});

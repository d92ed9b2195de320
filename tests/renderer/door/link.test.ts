import { describe, expect, it } from 'vitest';
import type { Channel, Frame } from '#shared/contract/wire.ts';
import { problemOf } from '#shared/problem.ts';
import { keepLinked } from '../../../renderer/door/link.ts';

/** Doors that open when told to, and timers that ring when told to. */
function world() {
  const doors: { open(): { answer(frame: unknown): void; close(): void; sent: Frame[] }; refuse(): void }[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const link = keepLinked(
    () =>
      new Promise<Channel>((resolve, reject) =>
        doors.push({
          refuse: () => reject(new Error('refused')),
          open: () => {
            const sent: Frame[] = [];
            const frames: ((frame: unknown) => void)[] = [];
            const closes: (() => void)[] = [];
            resolve({
              send: (frame) => sent.push(frame),
              onFrame: (listen) => frames.push(listen),
              onClose: (listen) => closes.push(listen),
              close: () => undefined,
            });
            return {
              sent,
              answer: (frame) => frames.forEach((listen) => listen(frame)),
              close: () => closes.forEach((listen) => listen()),
            };
          },
        }),
      ),
    (ms, run) => timers.push({ ms, run }),
  );
  const door = () => doors.at(-1) ?? expect.fail('no door was tried');
  return { link, door, doors, timers };
}
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

describe('the link to the core', () => {
  it('lets calls wait for the first connection', async () => {
    const { link, door } = world();
    const asked = link.call('hosts.list', {});
    const channel = door().open();
    await settled();
    expect(link.state.value).toBe('open');
    expect(channel.sent).toEqual([{ id: 0, ask: 'hosts.list', args: {} }]);
    channel.answer({ id: 0, ok: [] });
    expect(await asked).toEqual([]);
  });

  it('says that the console is gone, to whoever waits and to whoever asks later', async () => {
    const { link, door } = world();
    const channel = door().open();
    await settled();
    const waiting = link.call('hosts.list', {}).catch(problemOf);
    await settled();
    channel.close();
    expect((await waiting) as unknown).toMatchObject({ code: 'host-gone' });
    expect(link.state.value).toBe('lost');
    const later = await link.call('hosts.list', {}).catch(problemOf);
    expect(later as unknown).toMatchObject({ code: 'host-gone' });
  });

  it('opens the door again, carries subscriptions over and calls whoever must load again', async () => {
    const { link, door, doors, timers } = world();
    const heard: unknown[] = [];
    let opened = 0;
    const stop = link.on('hosts.removed', (ids) => heard.push(ids));
    link.onOpen(() => (opened += 1));
    const first = door().open();
    await settled();
    first.answer({ event: 'hosts.removed', payload: ['a'] });
    first.close();
    timers.shift()?.run();
    expect(doors.length).toBe(2);
    const second = door().open();
    await settled();
    second.answer({ event: 'hosts.removed', payload: ['b'] });
    expect(heard).toEqual([['a'], ['b']]);
    expect(opened).toBe(2);
    stop();
    second.answer({ event: 'hosts.removed', payload: ['c'] });
    expect(heard.length).toBe(2);
  });

  it('tries again and again, ever more slowly', async () => {
    const { link, door, timers } = world();
    for (let i = 0; i < 6; i++) {
      door().refuse();
      await settled();
      timers.at(-1)?.run();
    }
    expect(link.state.value).toBe('lost');
    expect(timers.map(({ ms }) => ms)).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
  });
});

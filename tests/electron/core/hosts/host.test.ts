/** The states of a host's connection, with time that the test moves and a server inside the test. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { draftOf, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { answerWith, hello, startSshdDouble } from '../../../support/sshd-double.ts';
import type { SshdDouble } from '../../../support/sshd-double.ts';
import { freePort, until } from '../../../support/sshd.ts';
import { TestClock } from '../../../support/test-clock.ts';

let room: Room;
const doubles: SshdDouble[] = [];
afterEach(async () => {
  await room.close();
  for (const double of doubles.splice(0)) await double.close();
});

const good = async (options: { password?: string; port?: number } = {}) => {
  const double = await startSshdDouble({
    ...(options.port === undefined ? {} : { port: options.port }),
    onAuth: (context) => {
      if (context.method === 'password' && context.password === (options.password ?? 'right')) context.accept();
      else context.reject(['password']);
    },
    onExec: (channel, nonce) => {
      channel.write(hello(nonce));
      answerWith(channel, (id) => channel.write(`=begin ${id}\n=end ${id} ok\n`));
    },
  });
  doubles.push(double);
  return double;
};
const login = { method: 'password' } as const;

describe('a host that is down', () => {
  it('is tried again, later and later, and is live once it is up', async () => {
    const clock = new TestClock();
    room = await openRoom({ clock });
    const port = await freePort();
    const { id } = await room.hosts.add({ draft: draftOf({ port, user: 'admin', login }) });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      const state = await room.reaches(id, 'waiting');
      expect(state).toMatchObject({ attempt, problem: { code: 'host-unreachable' } });
      waits.push(state.until - clock.now());
      await clock.pass(state.until - clock.now());
      await until('the next attempt', () => room.hosts.state(id) !== state);
    }
    expect(waits).toEqual([1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000, 45_000]);
    const { until: next } = await room.reaches(id, 'waiting');
    await good({ port });
    await clock.pass(next - clock.now());
    // It is up, and shows a key that nobody has confirmed.
    const { offer } = await room.reaches(id, 'unknown-key');
    await room.hosts.trustKey({ host: offer.host, fingerprint: offer.fingerprint });
    const { request } = await room.reaches(id, 'needs-secret');
    await room.hosts.answer({ host: id, request: request.id, answers: ['right'] });
    await room.reaches(id, 'live');
  });

  it('is not tried again by itself when it is not to connect by itself', async () => {
    room = await openRoom();
    const draft = draftOf({ port: await freePort(), user: 'admin', login, connect: false });
    const { id } = await room.hosts.add({ draft });
    expect((await room.reaches(id, 'refused')).problem.code).toBe('host-unreachable');
  });

  it('can be given up while it does not answer', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    room = await openRoom();
    const { port } = silent.address() as AddressInfo;
    const { id } = await room.hosts.add({ draft: draftOf({ port, user: 'admin', login }) });
    await room.reaches(id, 'connecting');
    await room.hosts.disconnect({ host: id });
    expect(room.hosts.state(id)).toEqual({ kind: 'off' });
    await expect.poll(() => new Promise((resolve) => silent.getConnections((_, count) => resolve(count)))).toBe(0);
    expect(room.history(id)).toEqual(['connecting', 'off']);
    silent.close();
  });
});

describe('a live host', () => {
  it('that is lost is stale until it is back, and its link is taken away', async () => {
    const clock = new TestClock();
    const double = await good();
    room = await openRoom({ clock, known: [double.known] });
    const { id } = await room.hosts.add({
      draft: draftOf({ port: double.port, user: 'admin', login }),
      answers: ['right'],
    });
    const { since } = await room.reaches(id, 'live');
    expect(since).toBe(clock.now());
    room.hosts.setMissing(id, [{ path: '/x', words: 'Permission denied' }]);
    expect(room.hosts.state(id)).toMatchObject({ kind: 'live', missing: [{ path: '/x' }] });
    const link = room.link(id);
    room.hosts.reportDead(id, new Error('no answer'));
    expect(room.hosts.state(id)).toMatchObject({ kind: 'stale', problem: { code: 'host-gone', words: 'no answer' } });
    expect(room.link(id)).toBeUndefined();
    await expect(link?.ask({ verb: 'ping' })).rejects.toMatchObject({ problem: { code: 'host-gone' } });
    expect(room.hosts.facts(id)?.hostname).toBe('double');
    await clock.pass(2000);
    await room.reaches(id, 'live');
    expect(room.history(id)).toEqual(['connecting', 'live', 'stale', 'live']);
    expect(double.tried).toEqual(['password', 'password']);
  });

  it('stays up when only its name changes, and connects anew when its way does', async () => {
    const first = await good();
    const second = await good();
    room = await openRoom({ known: [first.known, second.known] });
    const draft = draftOf({ port: first.port, user: 'admin', login });
    const { id } = await room.hosts.add({ draft, answers: ['right'] });
    await room.reaches(id, 'live');
    await room.hosts.edit({ host: id, draft: { ...draft, name: 'renamed', group: 'db' } });
    expect(room.hosts.config(id)).toMatchObject({ name: 'renamed', group: 'db' });
    expect(room.history(id)).toEqual(['connecting', 'live']);
    await room.hosts.edit({ host: id, draft: { ...draft, port: second.port } });
    const { request } = await room.reaches(id, 'needs-secret');
    await room.hosts.answer({ host: id, request: request.id, answers: ['right'] });
    await room.reaches(id, 'live');
    expect(second.commands).toHaveLength(1);
  });

  it('is gone with everything when it is removed', async () => {
    const double = await good();
    room = await openRoom({ known: [double.known] });
    const draft = draftOf({ port: double.port, user: 'admin', login });
    const { id } = await room.hosts.add({ draft, answers: ['right'] });
    await room.reaches(id, 'live');
    await room.hosts.remove({ hosts: [id, 'no such'] });
    expect(room.link(id)).toBeUndefined();
    expect(room.hosts.configs()).toEqual([]);
    await expect(room.hosts.connect({ host: id })).rejects.toMatchObject({ problem: { code: 'not-found' } });
    // The password went too.
    const again = await room.hosts.add({ draft });
    await room.reaches(again.id, 'needs-secret');
  });
});

describe('secrets', () => {
  it('of one machine are asked once for all hosts that want them, and a wrong one is tried once', async () => {
    const double = await good();
    room = await openRoom({ known: [double.known] });
    const ids = await Promise.all(
      [1, 2, 3].map(
        async () => (await room.hosts.add({ draft: draftOf({ port: double.port, user: 'admin', login }) })).id,
      ),
    );
    for (const id of ids) await room.reaches(id, 'needs-secret');
    const answer = async (id: string, word: string) => {
      const { request } = await room.reaches(id, 'needs-secret');
      await room.hosts.answer({ host: id, request: request.id, answers: [word] });
    };
    await answer(ids[0] ?? '', 'wrong');
    await room.reaches(ids[0] ?? '', 'refused');
    expect(double.tried).toHaveLength(1);
    await answer(ids[1] ?? '', 'right');
    await room.reaches(ids[1] ?? '', 'live');
    await room.reaches(ids[2] ?? '', 'live');
    expect(room.hosts.state(ids[0] ?? '').kind).toBe('refused');
    await room.hosts.connect({ host: ids[0] ?? '' });
    await room.reaches(ids[0] ?? '', 'live');
    expect(double.tried).toHaveLength(4);
  });

  it('are not asked again by themselves when the host ends a login that waits for an answer', async () => {
    const double = await startSshdDouble({
      onAuth: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Code: ', echo: true }], () => context.accept());
      },
    });
    doubles.push(double);
    room = await openRoom({ known: [double.known] });
    const draft = draftOf({ port: double.port, user: 'admin', login: { method: 'keyboard-interactive' } });
    const { id } = await room.hosts.add({ draft });
    const { request } = await room.reaches(id, 'needs-secret');
    await double.close();
    expect((await room.reaches(id, 'refused')).problem.sentence).toContain('waited for an answer');
    await expect(room.hosts.answer({ host: id, request: request.id, answers: ['1'] })).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
  });
});

describe('configuration', () => {
  it('that cannot be sent to the agent is said, not tried', async () => {
    room = await openRoom({
      sets: [
        {
          kind: 'groups',
          name: 'test.groups',
          every: 'tick',
          dirs: ['/sys/fs/cgroup/a'],
          leaves: ['memory.current'],
          keys: [],
        },
      ],
    });
    const draft = draftOf({ port: await freePort(), user: 'admin', login, guestGroups: ['machine.slice/**'] });
    const { id } = await room.hosts.add({ draft });
    const { problem } = await room.reaches(id, 'refused');
    expect(problem.sentence).toContain('machine.slice/**');
    expect(room.bugs).toEqual([]);
  });
});

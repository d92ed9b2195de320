/** What a socket to a host is opened with, and how long a host is waited for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs } from '#core/hosts/back-off.ts';
import { openSocket, placeOf, socketOptions, usualLimits } from '#core/hosts/connect.ts';
import { createHandshakeGate } from '#core/hosts/handshake-gate.ts';
import type { GateOutcome } from '#core/hosts/handshake-gate.ts';
import { systemClock } from '#core/system-clock.ts';
import { draftOf, openRoom } from '../../../support/hosts-room.ts';
import { answerWith, hello, startSshdDouble } from '../../../support/sshd-double.ts';

describe('socket', () => {
  it('is opened without Nagle’s algorithm', () => {
    expect(socketOptions(draftOf({ port: 22, user: 'a', login: { method: 'agent' } }))).toMatchObject({
      noDelay: true,
    });
  });

  it('is asked to set TCP_NODELAY, and its round trips are short', async () => {
    const double = await startSshdDouble({
      onExec: (channel, nonce) => {
        channel.write(hello(nonce));
        answerWith(channel, (id) => channel.write(`=begin ${id}\n=end ${id} ok\n`));
      },
    });
    const draft = draftOf({ port: double.port, user: 'a', login: { method: 'password' } });
    const socket = await openSocket(draft, {
      clock: systemClock,
      limits: usualLimits,
      signal: new AbortController().signal,
      trace: { begin: () => undefined, done: () => undefined },
    });
    const option = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'kSetNoDelay');
    expect(socket[option as keyof typeof socket]).toBe(true);
    socket.destroy();

    const room = await openRoom({ known: [double.known] });
    const { id } = await room.hosts.add({ draft, answers: ['x'] });
    await room.reaches(id, 'live');
    const asked: number[] = [];
    for (let round = 0; round < 20; round++) {
      const from = performance.now();
      await room.link(id)?.ask({ verb: 'ping' });
      asked.push(performance.now() - from);
    }
    // Where either side delays its packets this is 40 ms and more.
    expect(asked.toSorted((a, b) => a - b)[10]).toBeLessThan(20);
    await room.close();
    await double.close();
  });

  it('is named as a person writes it', () => {
    expect(placeOf({ address: 'host-07', port: 22 })).toBe('host-07:22');
    expect(placeOf({ address: 'fe80::1', port: 2222 })).toBe('[fe80::1]:2222');
  });
});

describe('back-off', () => {
  it('lies between 1 s and 60 s and grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const wait = backOffMs(attempt, random);
          expect(wait).toBeGreaterThanOrEqual(1000);
          expect(wait).toBeLessThanOrEqual(60_000);
          expect(backOffMs(attempt + 1, random)).toBeGreaterThanOrEqual(wait);
        },
      ),
    );
    expect(new Set([0, 0.3, 0.6, 0.9].map((random) => backOffMs(3, random))).size).toBe(4);
  });
});

describe('handshake gate', () => {
  const enterMany = async (count: number) => {
    const gate = createHandshakeGate();
    const inside: ((outcome: GateOutcome) => void)[] = [];
    const { signal } = new AbortController();
    const enter = () => void gate.enter('jump:22', signal).then((leave) => inside.push(leave));
    for (let index = 0; index < count; index++) enter();
    await settled();
    return { gate, inside, enter };
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('lets eight in at once, and the next when one leaves', async () => {
    const { inside } = await enterMany(20);
    expect(inside).toHaveLength(8);
    inside[0]?.('through');
    inside[0]?.('through');
    await settled();
    expect(inside).toHaveLength(9);
  });

  it('narrows when the server turns connections away, and widens again slowly', async () => {
    const { inside, enter } = await enterMany(8);
    for (const leave of inside.splice(0)) leave('crowded');
    for (let index = 0; index < 80; index++) enter();
    await settled();
    expect(inside).toHaveLength(1);
    let widest = 0;
    for (let left = 0; left < 78; left++) {
      inside.shift()?.('through');
      await settled();
      widest = Math.max(widest, inside.length);
    }
    expect(widest).toBe(3);
  });

  it('one first hop does not hold up another', async () => {
    const { gate, inside } = await enterMany(8);
    const leave = await gate.enter('other:22', new AbortController().signal);
    expect(inside).toHaveLength(8);
    leave('other');
  });

  it('forgets who gave up waiting', async () => {
    const { gate, inside } = await enterMany(8);
    const giveUp = new AbortController();
    const waiting = gate.enter('jump:22', giveUp.signal);
    giveUp.abort(new Error('gave up'));
    await expect(waiting).rejects.toThrow('gave up');
    inside[0]?.('through');
    const leave = await gate.enter('jump:22', new AbortController().signal);
    leave('other');
  });
});

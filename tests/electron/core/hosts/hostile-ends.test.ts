/** Other ends that no real host would be: what they send costs a bounded amount of memory and yields a problem. */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { ServerChannel } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Limits } from '#core/hosts/connect.ts';
import { draftOf, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { answerWith, hello, startSshdDouble } from '../../../support/sshd-double.ts';
import type { SshdDouble, SshdDoubleOptions } from '../../../support/sshd-double.ts';

let room: Room;
let double: SshdDouble | undefined;
afterEach(async () => {
  await room.close();
  await double?.close();
  double = undefined;
});

async function add(options: SshdDoubleOptions, limits: Partial<Limits> = {}) {
  double = await startSshdDouble(options);
  room = await openRoom({ known: [double.known], limits });
  const draft = draftOf({ port: double.port, user: 'admin', login: { method: 'password' } });
  return (await room.hosts.add({ draft, answers: ['right'] })).id;
}

/** An agent whose answer to everything is what `answer` writes. */
const agent = (answer: (channel: ServerChannel, id: string) => void): SshdDoubleOptions => ({
  onExec: (channel, nonce) => {
    channel.write(hello(nonce));
    answerWith(channel, (id) => answer(channel, id));
  },
});

/** Writes as fast as the other side takes it; says how much it took. */
function flood(channel: ServerChannel, piece: Buffer, most: number): () => number {
  let taken = 0;
  const more = () => {
    if (taken >= most || !channel.writable) return;
    channel.write(piece, () => {
      taken += piece.length;
      setImmediate(more);
    });
  };
  more();
  return () => taken;
}

const read = { verb: 'read', set: 'test.memory' } as const;
const mebibyte = 1024 * 1024;

describe('an agent that', () => {
  it('sends a line of 100 MB is cut off after a few', async () => {
    let taken = () => 0;
    const id = await add(
      agent((channel, request) => {
        channel.write(`=begin ${request}\n/proc/meminfo:`);
        taken = flood(channel, Buffer.alloc(65_536, 'x'), 100 * mebibyte);
      }),
    );
    await room.reaches(id, 'live');
    const before = process.memoryUsage().arrayBuffers;
    await expect(room.link(id)?.ask(read)).rejects.toMatchObject({ problem: { code: 'agent-too-much' } });
    await room.reaches(id, 'stale');
    expect(taken()).toBeLessThan(12 * mebibyte);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * mebibyte);
  });

  it('answers without end is cut off at 16 MiB', async () => {
    let taken = () => 0;
    const id = await add(
      agent((channel, request) => {
        channel.write(`=begin ${request}\n`);
        taken = flood(channel, Buffer.from('/proc/meminfo:MemTotal: 1 kB\n'.repeat(2000)), 200 * mebibyte);
      }),
    );
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask(read)).rejects.toMatchObject({
      problem: { code: 'agent-too-much', sentence: expect.stringContaining('16 MiB') as string },
    });
    expect(taken()).toBeLessThan(32 * mebibyte);
  });

  it('greets without end is cut off at 64 KiB', async () => {
    let taken = () => 0;
    const id = await add({
      onExec: (channel, nonce) => {
        channel.write(`=hello 1 ${nonce}\n`);
        taken = flood(channel, Buffer.from('=fact kernel 6.1\n'.repeat(1000)), 100 * mebibyte);
      },
    });
    const { problem } = await room.reaches(id, 'waiting');
    expect(problem.code).toBe('agent-too-much');
    expect(taken()).toBeLessThan(4 * mebibyte);
  });

  it('prints binary junk instead of a greeting', async () => {
    const id = await add({
      onExec: (channel) =>
        void flood(channel, Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 256)), 100 * mebibyte),
    });
    const { problem } = await room.reaches(id, 'waiting');
    expect(problem.code).toBe('agent-silent');
    expect(problem.words).not.toMatch(/[^\P{C}\n]/u);
  });

  it('prints binary junk between answers', async () => {
    const id = await add(agent((channel) => channel.write(Buffer.from([0, 255, 27, 91, 10]))));
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask(read)).rejects.toMatchObject({ problem: { code: 'agent-garbled' } });
    await room.reaches(id, 'stale');
  });

  it('has a stray line in an answer loses that answer, not the connection', async () => {
    let count = 0;
    const id = await add(
      agent((channel, request) =>
        channel.write(
          `=begin ${request}\n/proc/uptime:1 1\n${count++ === 0 ? 'Binary file matches\n' : ''}=end ${request} ok\n`,
        ),
      ),
    );
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask(read)).rejects.toMatchObject({
      problem: { code: 'agent-garbled', words: 'Binary file matches' },
    });
    await expect(room.link(id)?.ask(read)).resolves.toMatchObject({ text: '/proc/uptime:1 1' });
    expect(room.hosts.state(id).kind).toBe('live');
  });

  it('sends ANSI and HTML as the text of a file: it stays text', async () => {
    const evil = '/x:\x1b[31m<script>alert(1)</script>\x07=end 1 ok \u{202e}';
    const id = await add(
      agent((channel, request) => channel.write(`=begin ${request}\n${evil}\n=end ${request} ok\n`)),
    );
    await room.reaches(id, 'live');
    expect((await room.link(id)?.ask(read))?.text).toBe(evil);
  });

  it('drips for ever is given up in time', async () => {
    const id = await add(
      agent((channel, request) => {
        channel.write(`=begin ${request}\n/proc/meminfo:`);
        const timer = setInterval(() => (channel.writable ? channel.write('x') : clearInterval(timer)), 10);
        channel.once('close', () => clearInterval(timer));
      }),
      { requestMs: 400 },
    );
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask(read)).rejects.toMatchObject({ problem: { code: 'timed-out' } });
    await room.reaches(id, 'stale');
  });

  it('ends in the middle of an answer: nothing of it is told', async () => {
    const id = await add(
      agent((channel, request) => {
        channel.write(`=begin ${request}\n/proc/meminfo:MemTotal: 1 kB\n=en`);
        channel.exit(1);
        channel.end();
      }),
    );
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask(read)).rejects.toMatchObject({ problem: { code: 'host-gone' } });
    expect((await room.reaches(id, 'stale')).problem.sentence).toContain('status 1');
  });

  it.each([
    ['another number', (request: string) => `=begin ${Number(request) + 1}\n=end ${Number(request) + 1} ok\n`],
    ['an end of another number', (request: string) => `=begin ${request}\n=end 77 ok\n`],
    ['twice', (request: string) => `=begin ${request}\n=end ${request} ok\n`.repeat(2)],
  ])('answers with %s is out of step', async (_how, answer) => {
    const id = await add(agent((channel, request) => channel.write(answer(request))));
    await room.reaches(id, 'live');
    await room
      .link(id)
      ?.ask(read)
      .catch(() => undefined);
    expect((await room.reaches(id, 'stale')).problem.code).toBe('agent-garbled');
  });

  it('says no page size', async () => {
    const id = await add({
      onExec: (channel, nonce) => channel.write(hello(nonce).replace('=fact pagesize 4096\n', '')),
    });
    expect((await room.reaches(id, 'waiting')).problem.code).toBe('agent-garbled');
  });

  it('speaks another version', async () => {
    const id = await add({ onExec: (channel, nonce) => channel.write(hello(nonce).replace('=hello 1', '=hello 2')) });
    expect((await room.reaches(id, 'refused')).problem.sentence).toContain('protocol version 2');
  });
});

describe('a server that', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(() => {
    sockets.forEach((socket) => socket.destroy());
    servers.forEach((server) => server.close());
  });
  const plain = async (talk: (socket: Socket) => void, limits: Partial<Limits> = {}) => {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      talk(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    room = await openRoom({ limits });
    const { port } = server.address() as AddressInfo;
    return (await room.hosts.add({ draft: draftOf({ port, user: 'admin', login: { method: 'agent' } }) })).id;
  };

  it('is no SSH server', async () => {
    const id = await plain((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(2000)));
    expect((await room.reaches(id, 'refused')).problem.code).toBe('handshake-failed');
  });

  it('says nothing', async () => {
    const id = await plain(() => undefined, { handshakeMs: 300 });
    expect((await room.reaches(id, 'waiting')).problem.code).toBe('timed-out');
  });

  it('closes at once', async () => {
    const id = await plain((socket) => socket.end());
    expect((await room.reaches(id, 'waiting')).problem.sentence).toContain('MaxStartups');
  });

  it('asks without end at the login', async () => {
    let rounds = 0;
    double = await startSshdDouble({
      onAuth: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        const ask = (): void => {
          rounds++;
          context.prompt([{ prompt: `\x1b[2Jcode ${rounds}`, echo: true }], 'Bank', 'Type the code', ask);
        };
        ask();
      },
    });
    room = await openRoom({ known: [double.known] });
    const draft = draftOf({ port: double.port, user: 'admin', login: { method: 'keyboard-interactive' } });
    const { id } = await room.hosts.add({ draft });
    const first = await room.reaches(id, 'needs-secret');
    expect(first.request.prompts).toEqual([{ text: 'Bank\nType the code\n[2Jcode 1', echo: true }]);
    await room.hosts.answer({ host: id, request: first.request.id, answers: ['1'] });
    for (let round = 2; round <= 8; round++) {
      const { request } = await room.reaches(id, 'needs-secret');
      await room.hosts.answer({ host: id, request: request.id, answers: ['1'] });
    }
    expect((await room.reaches(id, 'refused')).problem.code).toBe('auth-refused');
    expect(rounds).toBeLessThan(12);
  });

  it('wants a second proof gets it from the person, after the first', async () => {
    double = await startSshdDouble({
      onAuth: (context) => {
        if (context.method === 'password') return context.reject(['keyboard-interactive'], true);
        if (context.method !== 'keyboard-interactive') return context.reject(['password']);
        context.prompt(
          [
            { prompt: 'One-time code: ', echo: true },
            { prompt: 'PIN: ', echo: false },
          ],
          (given) => {
            if (given?.join() === '123456,0000') context.accept();
            else context.reject();
          },
        );
      },
      onExec: (channel, nonce) => channel.write(hello(nonce)),
    });
    room = await openRoom({ known: [double.known] });
    const draft = draftOf({ port: double.port, user: 'admin', login: { method: 'password' } });
    const { id } = await room.hosts.add({ draft, answers: ['first'] });
    const { request } = await room.reaches(id, 'needs-secret');
    expect(request.prompts.map(({ text }) => text)).toEqual(['One-time code:', 'PIN:']);
    await room.hosts.answer({ host: id, request: request.id, answers: ['123456', '0000'] });
    await room.reaches(id, 'live');
    expect(double.tried).toEqual(['password', 'keyboard-interactive']);
  });
});

/** Questions as lines of the protocol, and what answers that are not ok mean; over a real channel where time counts. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentVerb } from '#core/ports.ts';
import { answerProblem, limitOf, linesOf } from '#core/hosts/agent-request.ts';
import { usualLimits } from '#core/hosts/connect.ts';
import { draftOf, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { hello, startSshdDouble } from '../../../support/sshd-double.ts';
import type { SshdDouble } from '../../../support/sshd-double.ts';

const step = {
  verb: 'step',
  plan: 'p-1',
  knob: 'zram.mem_limit',
  instance: '/sys/block/zram0/mem_limit',
  from: '',
  to: 'a b',
} as const;

describe('a request as lines', () => {
  it.each<[AgentVerb, string]>([
    [{ verb: 'ping' }, '7 ping\n'],
    [{ verb: 'read', set: 'a.b' }, '7 read a.b\n'],
    [{ verb: 'get', knob: 'k', instance: '' }, '7 get k +\n'],
    [
      { ...step, keep: { kind: 'no' } },
      '7 step p-1 zram.mem_limit +057sys+057block+057zram0+057mem_limit + a+040b -\n',
    ],
    [
      { ...step, keep: { kind: 'as', instance: '/x*' } },
      '7 step p-1 zram.mem_limit +057sys+057block+057zram0+057mem_limit + a+040b as.+057x+052\n',
    ],
    [{ verb: 'arm', plan: 'p', seconds: 9 }, '7 arm p 9\n'],
    [{ verb: 'write', plan: 'p', step: 2 }, '7 write p 2\n'],
    [{ verb: 'undo', plan: 'p\nq' }, '7 undo p+012q\n'],
    [{ verb: 'drift' }, '7 drift\n'],
    // printf 'a\n\nb\n' | cksum
    [{ verb: 'install', script: 'a\n\nb\n' }, '7 install\n+a\n+\n+b\n=over 3118681659 5\n'],
    [{ verb: 'install', script: 'a\n\nb' }, '7 install\n+a\n+\n+b\n=over 3118681659 5\n'],
  ])('%j', (request, lines) => {
    expect(linesOf(7, request)).toBe(lines);
  });

  it('what changes the host may take a quarter of an hour, the rest no longer than ever', () => {
    expect(limitOf({ verb: 'write', plan: 'p', step: 1 }, usualLimits)).toBe(920_000);
    expect(limitOf({ verb: 'undo', plan: 'p' }, usualLimits)).toBe(920_000);
    for (const verb of ['status', 'forget'] as const)
      expect(limitOf({ verb, plan: 'p' }, usualLimits)).toBe(usualLimits.requestMs);
    expect(limitOf({ verb: 'read', set: 'a' }, usualLimits)).toBe(usualLimits.requestMs);
  });
});

describe('an answer that is not ok', () => {
  const get = { verb: 'get', knob: 'k', instance: '/a' } as const;
  const write = { verb: 'write', plan: 'p', step: 3 } as const;
  it.each<[AgentVerb, Parameters<typeof answerProblem>[2], string, RegExp]>([
    [get, { outcome: 'absent', words: '' }, 'not-found', /k of \/a is not there/],
    [get, { outcome: 'failed', words: 'w' }, 'knob-refused', /k of \/a could not be read/],
    [get, { outcome: 'refused', words: 'w' }, 'agent-refused', /older than the console/],
    [write, { outcome: 'conflict', words: '99' }, 'knob-conflict', /another value than the one that was reviewed/],
    [write, { outcome: 'failed', words: 'Invalid argument' }, 'knob-refused', /step 3 did not take/],
    [write, { outcome: 'refused', words: 'this agent only reads' }, 'read-only', /may only watch/],
    [{ verb: 'begin', plan: 'p' }, { outcome: 'conflict', words: 'q' }, 'plan-busy', /another plan is under way/],
    [{ verb: 'keep', plan: 'p' }, { outcome: 'conflict', words: 'undone' }, 'knob-conflict', /in another state/],
    [{ verb: 'keep', plan: 'p' }, { outcome: 'failed', words: 'full' }, 'knob-refused', /still undone at its deadline/],
    [{ verb: 'run', command: 'c' }, { outcome: 'failed', words: 'w' }, 'agent-refused', /could not carry out "run c"/],
    [{ verb: 'read', set: 's' }, { outcome: 'garbled', words: 'w' }, 'agent-garbled', /thrown away/],
  ])('%j, %j', (request, end, code, sentence) => {
    const { words, ...found } = answerProblem('h:22', request, end);
    expect(found).toEqual({ code, sentence: expect.stringMatching(sentence) as string });
    expect(words ?? '').toBe(end.words);
    expect(found.sentence).toMatch(/^h:22: .*\.$/);
  });
});

describe('over a channel', () => {
  let room: Room;
  let double: SshdDouble;
  afterEach(async () => {
    await room.close();
    await double.close();
  });

  it('a write that takes its time lets the requests behind it wait, and none of them times out', async () => {
    const asked: string[] = [];
    double = await startSshdDouble({
      onExec: (channel, nonce) => {
        channel.write(hello(nonce, '=fact grade operator\n=fact knobs k\n'));
        let text = '';
        channel.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const lines = text.split('\n').filter((line) => /^\d+ (write|ping)/.test(line));
          if (lines.length < 2 || asked.length > 0) return;
          asked.push(...lines);
          const [write = '', ping = ''] = lines.map((line) => line.split(' ')[0] ?? '');
          setTimeout(
            () => channel.write(`=begin ${write}\n> 5\n=end ${write} ok\n=begin ${ping}\n=end ${ping} ok\n`),
            900,
          );
        });
      },
    });
    room = await openRoom({ known: [double.known], limits: { requestMs: 300 } });
    const draft = draftOf({ port: double.port, user: 'root', login: { method: 'password' }, role: 'operator' });
    const { id } = await room.hosts.add({ draft, answers: ['x'] });
    await room.reaches(id, 'live');
    const link = room.link(id);
    expect(link?.facts.grade).toBe('operator');
    expect([...(link?.offers ?? [])]).toContain('k');
    expect(double.commands).toEqual([expect.stringMatching(/ -- --operator [0-9a-f]{16}$/)]);
    const answers = await Promise.all([link?.ask({ verb: 'write', plan: 'p', step: 1 }), link?.ask({ verb: 'ping' })]);
    expect(answers.map((answer) => answer?.text)).toEqual(['> 5', '']);
  });

  it('an installed copy that is older knows no operator: it is asked to read', async () => {
    double = await startSshdDouble({
      onExec: (channel, nonce, command) => {
        if (command.includes('--operator')) {
          channel.stderr.write('tmem-agent: wants 16 hexadecimal digits as its only argument\n');
          channel.exit(64);
          return channel.end();
        }
        channel.write(hello(nonce));
        return undefined;
      },
    });
    room = await openRoom({ known: [double.known] });
    const draft = draftOf({
      port: double.port,
      user: 'root',
      login: { method: 'password' },
      role: 'operator',
      agent: 'installed',
    });
    const { id } = await room.hosts.add({ draft, answers: ['x'] });
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ grade: 'viewer' });
    expect(double.commands).toHaveLength(2);
  });
});

/** A lab machine on the network: who gets in, as what, and that its plans outlive the connection. */
import { once } from 'node:events';
import ssh2 from 'ssh2';
import type { ClientChannel } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newKey, startLabServer } from '#core/lab/server.ts';
import type { LabServer } from '#core/lab/server.ts';
import { sampleKnobs, sampleLab, step } from '../../../support/change-lab.ts';
import type { SampleLab } from '../../../support/change-lab.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { until } from '../../../support/until.ts';

const nonce = '0123456789abcdef';
const program = 'exec /usr/local/sbin/tmem-agent';
const login = newKey();

let lab: SampleLab;
let clock: TestClock;
let server: LabServer;
beforeEach(async () => {
  lab = sampleLab();
  clock = new TestClock();
  const list = { sets: [], commands: [], knobs: sampleKnobs };
  server = await startLabServer({ machine: lab.machine, list, login, clock });
});
afterEach(() => server.close());

interface Talk {
  said(): string;
  ask(request: string): Promise<string>;
  readonly closed: Promise<unknown>;
  end(): void;
}

async function talk(command: string): Promise<Talk> {
  const client = new ssh2.Client();
  const closed = once(client, 'close');
  client.on('error', () => undefined);
  client.connect({ host: '127.0.0.1', port: server.port, username: 'root', privateKey: login.private });
  await once(client, 'ready');
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.exec(command, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  let text = '';
  for (const stream of [channel, channel.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  let id = 0;
  return {
    said: () => text,
    ask: async (request) => {
      id += 1;
      const begin = `=begin ${id}\n`;
      channel.write(`${id} ${request}\n`);
      await until(`an answer to ${request}`, () => new RegExp(`^=end ${id} .*\n`, 'm').test(text));
      return text
        .slice(text.indexOf(begin) + begin.length)
        .replace(`=end ${id} `, '')
        .trimEnd();
    },
    closed,
    end: () => client.end(),
  };
}

describe('the agent of a lab machine', () => {
  it.each([
    [`${program} ${nonce}`, 'viewer', 'refused this agent only reads'],
    [`${program} --operator ${nonce}`, 'operator', 'ok'],
  ])('%s is an agent of the grade %s', async (command, grade, end) => {
    const agent = await talk(command);
    await until('the greeting', () => agent.said().includes(`=ready ${nonce}\n`));
    expect(agent.said()).toContain(`=fact grade ${grade}\n`);
    expect(await agent.ask('begin p')).toBe(end);
    agent.end();
  });

  it.each([
    `${program} --replay`,
    `${program} --operator`,
    `${program} --operator ${nonce} x`,
    `${program} --operator ${nonce}; id`,
    `${program}  --operator ${nonce}`,
    '/bin/sh',
  ])('%s is not run', async (command) => {
    const agent = await talk(command);
    await until('a word', () => agent.said() !== '');
    expect(agent.said()).toBe('sh: the lab runs the installed agent only\n');
    agent.end();
  });

  it('undoes by itself once the console is gone', async () => {
    const agent = await talk(`${program} --operator ${nonce}`);
    await agent.ask('begin p');
    await agent.ask(step('p', 't.enabled', '/sys/enabled', 'N', 'Y'));
    await agent.ask('arm p 60');
    expect(await agent.ask('write p 1')).toBe('> Y\nok');
    agent.end();
    await agent.closed;
    await clock.pass(60_000);
    expect(lab.machine.tree.get('/sys/enabled')).toBe('N\n');
    const next = await talk(`${program} --operator ${nonce}`);
    expect(await next.ask('status p')).toBe('> state undone\n> left 0\n> at 1\n> step 1 restored\nok');
    next.end();
  });

  it('undoes by itself while the network is cut', async () => {
    const agent = await talk(`${program} --operator ${nonce}`);
    await agent.ask('begin p');
    await agent.ask(step('p', 't.enabled', '/sys/enabled', 'N', 'Y'));
    await agent.ask('arm p 60');
    await agent.ask('write p 1');
    lab.machine.reachable = false;
    server.follow();
    await agent.closed;
    await clock.pass(60_000);
    expect(lab.machine.tree.get('/sys/enabled')).toBe('N\n');
  });

  it('leaves no timer behind when the lab is left in the middle of a plan', async () => {
    const agent = await talk(`${program} --operator ${nonce}`);
    await agent.ask('begin p');
    await agent.ask('arm p 60');
    expect(clock.waiting).toBe(1);
    await server.close();
    expect(clock.waiting).toBe(0);
  });
});

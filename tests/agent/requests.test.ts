/** Requests that are wrong or hostile, and how the agent's life ends, under every shell of this machine. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeAgent } from '#core/hosts/agent-script.ts';
import { agentBody } from '../support/agent-body.ts';
import { readyAgent, shellsHere, startAgent } from '../support/shells.ts';
import type { AgentRun, Shell } from '../support/shells.ts';
import { commands, fakeTree } from './fake-tree.ts';
import type { FakeTree } from './fake-tree.ts';

let tree: FakeTree;
let home: string;
beforeAll(() => {
  tree = fakeTree();
  home = mkdtempSync(join(tmpdir(), 'tmem-home-'));
});
afterAll(() => {
  tree.remove();
  rmSync(home, { recursive: true, force: true });
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe.each(shellsHere)('$name', (shell: Shell) => {
  const agents: AgentRun[] = [];
  const start = async (script = tree.script): Promise<AgentRun> => {
    const agent = await readyAgent(shell, script, { env: { HOME: home, TMPDIR: home }, cwd: home });
    agents.push(agent);
    return agent;
  };
  afterAll(() => Promise.all(agents.map((agent) => agent.close())));

  test.each([
    ['1 write plain 1', 'refused this agent only reads'],
    ['1 get plain', 'refused get wants 2 words'],
    ['1 get plain +', 'refused knob is not on the list'],
    ['1 change plain', 'refused verb is not on the list'],
    ['1 READ plain', 'refused verb is not on the list'],
    ['1 read nothing', 'refused set is not on the list'],
    ['1 read plain guests', 'refused set is not on the list'],
    ['1 read *', 'no request'],
    ['1 run plain', 'refused command is not on the list'],
    ['1 read', 'refused read wants a name'],
    ['1 read ', 'refused read wants a name'],
    ['1 ping plain', 'refused ping takes no name'],
    ['1 ping\r', 'no request'],
    ['1 read /etc/passwd', 'no request'],
    ['1 read ..', 'refused set is not on the list'],
    ['1 read ../../etc/passwd', 'no request'],
    ['1 read $(touch bad)', 'no request'],
    ['1 run `touch bad`', 'no request'],
    ['1 ping; touch bad', 'no request'],
    ["1 read plain'; touch bad; '", 'no request'],
    ['1 run hello\ttouch', 'no request'],
    ['$(touch bad) ping', 'no request'],
    ['0123456789 ping', 'no request'],
    ['-1 ping', 'no request'],
    ['1x ping', 'no request'],
    ['1', 'no request'],
    ['', 'no request'],
    [' ', 'no request'],
    ['=begin 1', 'no request'],
    ['1 read \xff\xfe\x1b[2J', 'no request'],
    [`1 read ${'a'.repeat(10_000)}`, 'no request'],
  ])('%j is answered, not obeyed', async (request, expected) => {
    const agent = agents[0] ?? (await start());
    const id = expected === 'no request' ? 0 : 1;
    const end = expected === 'no request' ? 'refused this is no request' : expected;
    expect(await agent.ask(`${request}\n77 ping`)).toEqual([
      `=begin ${id}`,
      `=end ${id} ${end}`,
      '=begin 77',
      '=end 77 ok',
    ]);
    expect(agent.complaints()).toBe('');
    expect(readdirSync(home)).toEqual([]);
  });

  test('NUL bytes in a request do no harm', async () => {
    const agent = await start();
    agent.send(Uint8Array.from([0x31, 0x20, 0x00, 0x24, 0x28, 0x69, 0x64, 0x29, 0x00, 0x0a]));
    await agent.until(/=end \d .*\n$/);
    expect(await agent.ask('2 ping')).toEqual(['=begin 2', '=end 2 ok']);
  });

  test('two requests in one packet, and one in two, are answered in order', async () => {
    const agent = await start();
    agent.send('1 ping\n2 run silent\n3 pi');
    await agent.until(/=end 2 ok\n$/);
    agent.send('ng\n');
    const said = await agent.until(/=end 3 ok\n$/);
    expect(said.slice(said.indexOf('=begin 1'))).toBe(
      '=begin 1\n=end 1 ok\n=begin 2\n$ silent --all\n$? 0\n=end 2 ok\n=begin 3\n=end 3 ok\n',
    );
  });

  test('quit ends it, and what follows is not run by the shell', async () => {
    const agent = await start();
    agent.send('1 quit\necho still here; touch bad\n');
    expect(await agent.ended()).toBe(0);
    expect(agent.said()).toMatch(/=begin 1\n=end 1 ok\n$/);
    expect(readdirSync(home)).toEqual([]);
  });

  test('the end of its input ends it, and a request that was cut off is not carried out', async () => {
    const agent = await start();
    agent.send('1 run hello');
    agent.endInput();
    expect(await agent.ended()).toBe(0);
    expect(alive(agent.pid)).toBe(false);
    expect(agent.said()).toMatch(/=ready \S+\n$/);
    expect(agent.complaints()).toBe('');
  });

  test('a hang-up ends it quietly', async () => {
    const agent = await start();
    process.kill(agent.pid, 'SIGHUP');
    expect(await agent.ended()).toSatisfy((how) => how === 'SIGHUP' || how === 129);
    expect(agent.complaints()).toBe('');
  });

  test('a script that was cut off does nothing at all', async () => {
    const agent = startAgent(shell, tree.script.slice(0, -40), { env: { HOME: home } });
    agents.push(agent);
    agent.endInput();
    expect(await agent.ended()).not.toBe(0);
    expect(agent.said()).toBe('');
  });

  test('a nonce that is none is refused before anything is said', async () => {
    const agent = startAgent({ ...shell, argv: [...shell.argv] }, `set -- nonsense\n${tree.script}`);
    agents.push(agent);
    expect(await agent.ended()).toBe(64);
    expect(agent.said()).toBe('');
  });

  test('an empty list can do nothing', async () => {
    const agent = await start(composeAgent(agentBody, [], []));
    expect(agent.said()).not.toMatch(/=fact (sets|commands)/);
    expect(await agent.ask('1 read plain')).toEqual(['=begin 1', '=end 1 refused set is not on the list']);
    expect(await agent.ask(`2 run ${commands[0]?.name}`)).toEqual([
      '=begin 2',
      '=end 2 refused command is not on the list',
    ]);
  });

  test('nothing was written', () => {
    expect(readdirSync(home)).toEqual([]);
  });
});

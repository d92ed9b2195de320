/** The lab's agent says what agent.sh says: the same transcript for the same state, request by request. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeAgent } from '#core/hosts/agent-script.ts';
import { createAgentDouble } from '#core/lab/agent-double.ts';
import type { AgentDouble } from '#core/lab/agent-double.ts';
import { HostChanges } from '#core/lab/agent/host-changes.ts';
import type { LabMachine } from '#core/lab/machine.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import { agentBody } from '../../../support/agent-body.ts';
import { nonce, readyAgent, shellsHere } from '../../../support/shells.ts';
import type { AgentRun } from '../../../support/shells.ts';
import { TestClock } from '../../../support/test-clock.ts';

const root = mkdtempSync(join(tmpdir(), 'tmem-double-'));
const group = (name: string) => `groups/machine.slice/${name}.scope`;

const tree: Readonly<Record<string, string>> = {
  'proc/meminfo': 'MemTotal:  1000 kB\nMemFree:  10 kB\n',
  'sys/enabled': 'Y\n',
  'sys/unfinished': 'no newline',
  'sys/empty': '',
  'block/zram0/mm_stat': '1 2 3\n',
  'block/zram1/mm_stat': '4 5 6\n',
  'block/zram1/bd_stat': '0 0 0\n',
  [`${group('machine-qemu\\x2d1\\x2ddb')}/memory.current`]: '4096\n',
  [`${group('machine-qemu\\x2d1\\x2ddb')}/memory.stat`]: 'anon 1\nfile 2\nzswap 3\nzswapped 4\n',
  [`${group('web server')}/memory.current`]: '8192\n',
  [`${group('web server')}/memory.pressure`]: 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  [`${group('web server')}/memory.stat`]: 'anon 9\nzswap 0\n',
};

const at = (path: string): string => join(root, path);
const sets: readonly (FileSet | GroupSet)[] = [
  {
    kind: 'files',
    name: 't.files',
    every: 'tick',
    files: [at('proc/meminfo'), at('sys/enabled'), at('sys/absent'), at('sys/unfinished'), at('sys/empty')],
  },
  {
    kind: 'files',
    name: 't.devices',
    every: 'tick',
    files: [at('block/zram*/mm_stat'), at('block/zram*/bd_stat'), at('block/nvme*/stat')],
  },
  {
    kind: 'groups',
    name: 't.groups',
    every: 'tick',
    dirs: [at('groups/machine.slice/*.scope'), at('groups/qemu.slice/*.scope')],
    leaves: ['memory.current', 'memory.pressure', 'memory.stat'],
    keys: ['anon', 'zswap'],
  },
  {
    kind: 'groups',
    name: 't.none',
    every: 'tick',
    dirs: [at('nothing/*.scope')],
    leaves: ['memory.current'],
    keys: [],
  },
];
const commands: readonly FixedCommand[] = [
  { name: 'greet', every: 'minute', needs: 'printf', shown: 'printf hello', script: "printf 'hello\\nthere'; exit 3" },
  {
    name: 'absent',
    every: 'minute',
    needs: 'no-such-program',
    shown: 'no-such-program -x',
    script: 'no-such-program -x',
  },
];

/** The same tree, as a machine of the lab would have it. */
const machine: LabMachine = {
  name: 'm',
  kernel: '1',
  os: 'o',
  pageSize: 4096,
  bootId: 'b',
  reachable: true,
  uptime: () => 1,
  step: () => undefined,
  run: ([program]) => (program === 'printf' ? { text: 'hello\nthere', status: 3 } : { text: '', status: 127 }),
  files: {
    read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
    write: () => ({ outcome: 'refused', errno: 'EACCES' }),
    directories: (pattern) => {
      const parent = dirname(pattern);
      const [before = '', after = ''] = pattern.slice(parent.length + 1).split('*');
      if (!existsSync(parent)) return [];
      return readdirSync(parent)
        .filter((name) => name.startsWith(before) && name.endsWith(after))
        .sort()
        .map((name) => `${parent}/${name}`);
    },
  },
};

const viewer = (): AgentDouble =>
  createAgentDouble({
    machine,
    list: { sets, commands, knobs: [] },
    changes: new HostChanges(machine, [], new TestClock()),
    grade: 'viewer',
  });

const requests = [
  ...sets.flatMap(({ name }) => [`read ${name}`, `probe ${name}`]),
  'run greet',
  'run absent',
  'run nothing',
  'read nothing',
  'ping',
  'ping x',
  'read',
  'quit now',
  'frobnicate x',
  'read t.files; id',
  'read $(id)',
];

beforeAll(() => {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The host's clock is the one thing that differs. */
const still = (answer: string): string => answer.replace(/^\/proc\/uptime:.*$/m, '/proc/uptime:T');

describe.each(shellsHere.filter(({ name }) => name === 'dash' || name === 'bash'))('agent.sh under $name', (shell) => {
  let run: AgentRun;
  beforeAll(async () => {
    run = await readyAgent(shell, composeAgent(agentBody, sets, commands));
  });
  afterAll(() => run.close());

  it.each(requests.map((request, index) => [request, index + 1] as const))('%s', async (request, id) => {
    // The ping behind it: a line that is no request has no number to wait for.
    const lines = [`${id} ${request}`, `${id + 100} ping`];
    const double = viewer();
    const real = `${(await run.ask(lines.join('\n'))).join('\n')}\n`;
    expect(still(lines.map((line) => double.answer(line)).join(''))).toBe(still(real));
  });
});

describe('the greeting', () => {
  it('has the facts, sets and commands that agent.sh tells', () => {
    const greeting = viewer().greeting(nonce);
    expect(greeting.split('\n')).toEqual([
      `=hello 1 ${nonce}`,
      '=fact kernel 1',
      '=fact hostname m',
      '=fact os o',
      '=fact pagesize 4096',
      '=fact bootid b',
      '=fact uid 0',
      '=fact user root',
      '=fact sets t.files t.devices t.groups t.none',
      '=fact commands greet',
      '=fact grade viewer',
      `=ready ${nonce}`,
      '',
    ]);
  });

  it('is the last thing before the first request, and nothing follows quit', () => {
    const double = viewer();
    expect(double.answer('1 quit')).toBe('=begin 1\n=end 1 ok\n');
    expect(double.ended).toBe(true);
    expect(double.answer('2 ping')).toBeUndefined();
  });
});

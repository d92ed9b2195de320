/** What the agent answers, word for word, under every shell of this machine. The specification is agent/README.md. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentBody } from '../support/agent-body.ts';
import { mandatoryShells, readyAgent, shellsHere } from '../support/shells.ts';
import type { AgentRun, Shell } from '../support/shells.ts';
import { fakeTree, guestNames, longLine } from './fake-tree.ts';
import type { FakeTree } from './fake-tree.ts';

const asNobody: readonly string[] =
  process.getuid?.() === 0 ? ['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const uptime = /^\/proc\/uptime:\d+\.\d+ \d+\.\d+$/;

let tree: FakeTree;
beforeAll(() => {
  tree = fakeTree(300);
});
afterAll(() => tree.remove());

/** An answer without its begin, clock and end, which are checked here; paths relative to the tree. */
function within(answer: readonly string[], id: number): string[] {
  expect(answer[0]).toBe(`=begin ${id}`);
  expect(answer[1]).toMatch(uptime);
  expect(answer.at(-1)).toBe(`=end ${id} ok`);
  return answer.slice(2, -1).map((line) => line.replace(tree.root, ''));
}

const plain = (binary: readonly string[]): string[] => [
  '/one:1',
  '/unfinished:first',
  '/unfinished:last',
  '/crlf:a\r',
  '/crlf:=end 1 ok\r',
  ...binary,
  `/long:${longLine}`,
  '/zram0/mm_stat:zram0 0 0',
  '/zram1/mm_stat:zram1 0 0',
];

/** A NUL stands in its line; nothing says "Binary file matches". */
const binaryLines = ['/binary:A\0\xff\x1b', '/binary:B'];

/** Debian's busybox shell runs its own grep, which passes over a directory without a word. */
const tellsDirectories = (shell: Shell): boolean => !shell.name.startsWith('busybox');

test('the shells that must be there are there', () => {
  expect(shellsHere.map((shell) => shell.name)).toEqual(expect.arrayContaining([...mandatoryShells]));
});

test('the agent never names the directory whose reading makes a device', () => {
  expect(agentBody).not.toMatch(/zram-control|hot_add/);
  expect(tree.script).not.toMatch(/zram-control|hot_add/);
});

describe.each(shellsHere)('$name', (shell: Shell) => {
  let agent: AgentRun;
  beforeAll(async () => {
    agent = await readyAgent(shell, tree.script, { under: asNobody });
  });
  afterAll(() => agent.close());

  test('says hello, facts and ready', () => {
    const file = (path: string) => readFileSync(path, 'utf8').trim();
    const os = /^PRETTY_NAME="?([^"\n]*)/m.exec(file('/etc/os-release'))?.[1];
    expect(agent.said().split('\n').slice(0, 13)).toEqual([
      '=hello 1 0123456789abcdef',
      `=fact kernel ${file('/proc/sys/kernel/osrelease')}`,
      `=fact hostname ${file('/proc/sys/kernel/hostname')}`,
      `=fact os ${os}`,
      `=fact pagesize ${execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }).trim()}`,
      `=fact bootid ${file('/proc/sys/kernel/random/boot_id')}`,
      expect.stringMatching(/^=fact uid [1-9]\d*$/),
      expect.stringMatching(/^=fact user \S+$/),
      '=fact sets plain guests none many broken real',
      '=fact commands hello failing silent eater endless',
      '=fact grade viewer',
      '=ready 0123456789abcdef',
      '',
    ]);
  });

  test('read: whole lines whatever the bytes, and nothing of what cannot be read', async () => {
    expect(within(await agent.ask('1 read plain'), 1)).toEqual(plain(binaryLines));
  });

  test('probe: the same, and absent, refused and failed told apart', async () => {
    const lines = within(await agent.ask('2 probe plain'), 2);
    expect(lines.filter((line) => !line.startsWith('grep: '))).toEqual(plain(binaryLines));
    expect(lines.filter((line) => line.startsWith('grep: '))).toEqual([
      'grep: /gone*/mm_stat: No such file or directory',
      'grep: /shut: Permission denied',
      'grep: /absent: No such file or directory',
      ...(tellsDirectories(shell) ? ['grep: /directory: Is a directory'] : []),
    ]);
  });

  test('groups: leaves whole, of tables only the listed lines, odd names unharmed', async () => {
    const names = [...guestNames].sort();
    expect(within(await agent.ask('3 read guests'), 3)).toEqual([
      ...names.map((name) => `/groups/${name}/memory.current:4096`),
      ...names.flatMap((name) => [`/groups/${name}/memory.stat:anon 1`, `/groups/${name}/memory.stat:zswapped 3`]),
    ]);
  });

  test('groups: none', async () => {
    expect(within(await agent.ask('4 read none'), 4)).toEqual([]);
    expect(within(await agent.ask('5 probe none'), 5)).toEqual([
      'grep: /nowhere/*.scope/memory.current: No such file or directory',
      'grep: /nowhere/*.scope/memory.stat: No such file or directory',
    ]);
  });

  test('groups: 300', async () => {
    const lines = within(await agent.ask('6 read many'), 6);
    expect(lines).toHaveLength(900);
    expect(lines[299]).toBe('/many/g00299.scope/memory.current:4096');
    expect(lines.at(-1)).toBe('/many/g00299.scope/memory.stat:zswapped 3');
  });

  test('a directory whose name could pass for protocol spoils its own set only', async () => {
    expect(await agent.ask('7 read broken')).toEqual([
      '=begin 7',
      '=end 7 failed a directory has a line break in its name',
    ]);
  });

  test('the real kernel', async () => {
    const lines = (await agent.ask('8 probe real')).slice(1);
    expect(lines[0]).toMatch(uptime);
    expect(lines.some((line) => /^\/proc\/meminfo:MemTotal: +\d+ kB$/.test(line))).toBe(true);
    expect(lines.some((line) => /^\/proc\/vmstat:pgfault \d+$/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('=end 8 ok');
  });

  test.each([
    ['hello', ["> it's", '> two', '> =end 1 ok', '$? 0'], 'ok'],
    ['failing', ['> ', '> x', '$? 3'], 'ok'],
    ['silent', ['$? 0'], 'ok'],
    ['eater', ['$? 0'], 'ok'],
    ['endless', ['$? 124'], 'failed stopped, it took longer than 1 s'],
  ])('run %s', async (name, lines, end) => {
    expect(await agent.ask(`9 run ${name}`)).toEqual(['=begin 9', `$ ${name} --all`, ...lines, `=end 9 ${end}`]);
  });

  test('run: a program that is not there', async () => {
    expect(await agent.ask('10 run missing')).toEqual(['=begin 10', '=end 10 failed no-such-program is not installed']);
  });

  test('more files than one exec takes are read by as few processes as fit', async () => {
    const small = await readyAgent(shell, tree.script.replace('most_words=4000', 'most_words=200'), {
      under: asNobody,
    });
    try {
      expect(within(await small.ask('6 read many'), 6)).toHaveLength(900);
      expect(within(await small.ask('2 read guests'), 2)).toHaveLength(12);
    } finally {
      await small.close();
    }
  });
});

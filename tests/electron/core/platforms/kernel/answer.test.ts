import { expect, test } from 'vitest';
import { parseAnswer } from '#core/platforms/kernel/answer.ts';
import { epochMs } from '#shared/units.ts';

const at = epochMs(1_700_000_000_000);

test('files, commands and what could not be read', () => {
  const answer = parseAnswer(
    [
      '=begin 7',
      '/proc/uptime:293.15 45.88',
      '/proc/swaps:Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority',
      '/proc/swaps:/dev/vda partition\t1048572\t\t0\t\t10',
      'grep: /sys/kernel/debug/zswap/stored_pages: Permission denied',
      'grep: /proc/pressure/memory: No such file or directory',
      'grep: /proc/odd: a: b: Input/output error',
      '$ virsh -r list --all',
      '> ',
      ">  1 it's   running",
      '>',
      '$? 0',
      '=end 7 ok',
    ],
    at,
  );
  expect(answer.files.get('/proc/swaps')).toEqual({
    path: '/proc/swaps',
    text: 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/vda partition\t1048572\t\t0\t\t10',
    line: 3,
    at,
  });
  expect([...answer.files.keys()]).toEqual(['/proc/uptime', '/proc/swaps']);
  expect(answer.commands.get('virsh -r list --all')).toEqual({
    command: 'virsh -r list --all',
    text: "\n 1 it's   running",
    line: 9,
    at,
    status: 0,
  });
  expect(Object.fromEntries(answer.unread)).toEqual({
    '/sys/kernel/debug/zswap/stored_pages': { why: 'refused', words: 'Permission denied' },
    '/proc/pressure/memory': { why: 'absent', words: 'No such file or directory' },
    '/proc/odd: a: b': { why: 'failed', words: 'Input/output error' },
  });
});

test('a file dumped twice counts as it appeared last, whole', () => {
  const { files } = parseAnswer('/a:1\n/a:2\n/b:3\n/a:4', at);
  expect(files.get('/a')).toMatchObject({ text: '4', line: 4 });
});

test('a command’s output can never become a file', () => {
  const { files } = parseAnswer('$ cat x\n> /proc/meminfo:MemTotal: 1 kB\n$? 0', at);
  expect(files.size).toBe(0);
});

test('a line without end is dropped and costs nothing else', () => {
  const { files } = parseAnswer(`/a:1\n/b:${'x'.repeat(1_000_000)}\n/c:2`, at);
  expect([...files.keys()]).toEqual(['/a', '/c']);
});

test('facts of the greeting', () => {
  const { facts } = parseAnswer('=hello 1 ab\n=fact pagesize 65536\n=fact os Debian GNU/Linux 12 (bookworm)\n', at);
  expect(Object.fromEntries(facts)).toEqual({ pagesize: '65536', os: 'Debian GNU/Linux 12 (bookworm)' });
});

import { describe, expect, test } from 'vitest';
import { parseDump } from '#core/platforms/kernel/dump.ts';

const text = (dump: string, path: string) => parseDump(dump).files.get(path);

describe('plain dumps as they are mailed', () => {
  test('CRLF, blank lines, headers and junk', () => {
    const dump =
      '\uFEFF# taken 2026-11-23T18:54:40Z\r\nHello,\r\n\r\n/proc/version:Linux 6.1\r\n\r\n-- \r\n/proc/uptime:1 2\r\n';
    const capture = parseDump(dump);
    expect(capture.files.get('/proc/version')).toEqual({
      path: '/proc/version',
      text: 'Linux 6.1',
      line: 4,
      at: Date.UTC(2026, 10, 23, 18, 54, 40),
    });
    expect(capture.files.get('/proc/uptime')).toMatchObject({ text: '1 2', line: 7 });
  });

  test('sections of bare files', () => {
    const dump =
      '## swaps\nFilename\tType\n/dev/vda partition 8 0 -1\n## meminfo\nMemTotal: 16 kB\n## slabs\nzcache 1\n';
    expect(text(dump, '/proc/swaps')).toMatchObject({ text: 'Filename\tType\n/dev/vda partition 8 0 -1', line: 2 });
    expect(text(dump, '/proc/meminfo')).toMatchObject({ text: 'MemTotal: 16 kB', line: 5 });
  });

  test('a bare file with nothing around it', () => {
    expect(text('Hi, here it is:\nMemTotal:       16 kB\nMemFree: 8 kB\n\nBye\n', '/proc/meminfo')).toMatchObject({
      text: 'MemTotal:       16 kB\nMemFree: 8 kB',
      line: 2,
    });
  });

  test.each([
    '$ cat /proc/swaps',
    '# cat /proc/swaps',
    'root@host-07:~# cat /proc/swaps',
    '[root@host-07 ~]# cat /proc/swaps',
    '$ sudo cat /proc/swaps',
    '# grep -E "dev|File" /proc/swaps',
  ])('%s is that file', (command) => {
    const dump = `${command}\nFilename Type\n/dev/vda partition 8 0 -1\n[exit 0]\n/proc/version:x\n`;
    expect(text(dump, '/proc/swaps')).toMatchObject({ text: 'Filename Type\n/dev/vda partition 8 0 -1', line: 2 });
    expect(text(dump, '/proc/version')).toMatchObject({ text: 'x', line: 5 });
  });

  test('commands with and without the mark before their output', () => {
    const { commands } = parseDump('$ uname -a\nLinux a\n$ free\n>   total\n> Mem: 1\n$? 3\n# virsh list\n Id Name\n');
    expect(
      [...commands.values()].map(({ command, text: said, line, status }) => [command, said, line, status]),
    ).toEqual([
      ['uname -a', 'Linux a', 2, undefined],
      ['free', '  total\nMem: 1', 4, 3],
      ['virsh list', ' Id Name', 8, undefined],
    ]);
  });

  test.each([
    'proc/meminfo:MemTotal: 16 kB',
    './proc/meminfo:MemTotal: 16 kB',
    '> /proc/meminfo:MemTotal: 16 kB',
    '/proc//meminfo:MemTotal: 16 kB',
  ])('%s', (line) => {
    expect(text(`${line}\n${line.replace('Total', 'Free')}\n`, '/proc/meminfo')).toMatchObject({
      text: 'MemTotal: 16 kB\nMemFree: 16 kB',
      line: 1,
    });
  });

  test('a file that refused to be read is no file', () => {
    const capture = parseDump('/sys/block/zram0/compact:!unreadable Permission denied\n');
    expect(capture.files.size).toBe(0);
    expect(capture.unread.get('/sys/block/zram0/compact')).toEqual({ why: 'refused', words: 'Permission denied' });
  });

  test('a number that may be cut off is not believed', () => {
    const cut = parseDump(
      '/proc/meminfo:MemTotal: 16 kB\n/proc/meminfo:MemFree: 8 kB\n/sys/fs/cgroup/x/memory.max:1234',
    );
    expect(cut.files.has('/sys/fs/cgroup/x/memory.max')).toBe(false);
    expect(cut.unread.get('/sys/fs/cgroup/x/memory.max')?.why).toBe('failed');
    const whole = parseDump('/proc/meminfo:MemTotal: 16 kB\n/proc/meminfo:MemFree: 8 kB');
    expect(whole.files.get('/proc/meminfo')?.text).toBe('MemTotal: 16 kB\nMemFree: 8 kB');
  });

  test('page size is the host’s', () => {
    expect(parseDump('=fact pagesize 65536\n').pageSize).toBe(65536);
    expect(parseDump('$ getconf PAGESIZE\n> 16384\n').pageSize).toBe(16384);
    for (const nonsense of ['-1', '5000', '1e99', 'big'])
      expect(parseDump(`=fact pagesize ${nonsense}\n`).pageSize).toBe(4096);
  });
});

describe('several machines in one capture', () => {
  const capture = parseDump(
    [
      '/proc/swaps:dom0',
      '$ [guest1] cat /proc/swaps',
      'one',
      '$ uname',
      'Linux dom0',
      '##### guest guest2',
      '# cat /proc/swaps',
      'two',
      '/proc/version:of guest2',
      '',
    ].join('\n'),
  );
  test('a guest’s figures are never the host’s', () => {
    expect(capture.files.get('/proc/swaps')?.text).toBe('dom0');
    expect(capture.files.has('/proc/version')).toBe(false);
    expect(capture.commands.get('uname')?.text).toBe('Linux dom0');
    expect(capture.others.map(({ machine, files }) => [machine, files.get('/proc/swaps')?.text])).toEqual([
      ['guest1', 'one'],
      ['guest2', 'two'],
    ]);
  });
});

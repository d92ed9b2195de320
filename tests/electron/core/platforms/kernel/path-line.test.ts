import { expect, test } from 'vitest';
import { splitPathLine } from '#core/platforms/kernel/path-line.ts';

test.each([
  ['/proc/meminfo:MemTotal:  16 kB', '/proc/meminfo', 'MemTotal:  16 kB'],
  ['/proc/swaps:', '/proc/swaps', ''],
  ['/proc/pressure/memory:some avg10=0.00 total=1', '/proc/pressure/memory', 'some avg10=0.00 total=1'],
  // A directory below /sys/fs/cgroup may be called anything, colons and blanks included.
  ['/sys/fs/cgroup/a:b/cri:x y/memory.stat:anon 5', '/sys/fs/cgroup/a:b/cri:x y/memory.stat', 'anon 5'],
  ['/sys/fs/cgroup/memory.stat:anon 5', '/sys/fs/cgroup/memory.stat', 'anon 5'],
  ['/sys/fs/cgroup/cpu/lxc/1/tasks:77', '/sys/fs/cgroup/cpu/lxc/1/tasks', '77'],
  [
    '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2dg.scope/memory.max:max',
    '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2dg.scope/memory.max',
    'max',
  ],
  ['/sys/fs/cgroup/unheard:of', '/sys/fs/cgroup/unheard', 'of'],
  ['/sys/devices/pci0000:00/0000:00:1f.2/class:0x01', '/sys/devices/pci0000:00/0000:00:1f.2/class', '0x01'],
  ['/sys/dev/block/8:16/size:4', '/sys/dev/block/8:16/size', '4'],
])('%s', (line, path, rest) => {
  expect(splitPathLine(line)).toEqual({ path, rest });
});

test.each([
  'MemTotal: 16 kB',
  '',
  '/sys/kernel/config/cluster',
  '/dev/vda   partition 1048572 147988 -1: x',
  'grep: /proc/x: No such file or directory',
])('no path line: %s', (line) => {
  expect(splitPathLine(line)).toBeUndefined();
});

test('takes time linear in the line', () => {
  const long = `/${'a/8:1/'.repeat(10_000)}`;
  const began = performance.now();
  expect(splitPathLine(long) === undefined).toBe(true);
  expect(splitPathLine(`/sys/fs/cgroup/${'memory.x/'.repeat(7_000)}`) === undefined).toBe(true);
  expect(performance.now() - began).toBeLessThan(200);
});

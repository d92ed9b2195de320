import { describe, expect, test } from 'vitest';
import { mainline } from '#core/platforms/mainline/index.ts';
import { syntheticEvidence, syntheticGroup, withUnread } from './synthetic.ts';

const whole = {
  '/proc/meminfo': 'MemTotal: 10 kB\nSwapTotal: 10 kB',
  '/proc/vmstat': 'pswpin 0',
  '/proc/swaps': 'Filename Type Size Used Priority\n/dev/sda2 partition 9 1 -2',
  '/proc/pressure/memory': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0',
  '/proc/sys/vm/swappiness': '60',
  '/sys/module/zswap/parameters/enabled': 'Y',
  '/sys/kernel/debug/zswap/stored_pages': '0',
  '/sys/kernel/mm/ksm/run': '1',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids',
};
const said = (files: Readonly<Record<string, string>>, unread = {}) => {
  const { presence, because } = mainline.detect(withUnread(syntheticEvidence(files), unread));
  return { presence, words: because.join('\n') };
};
const without = (...paths: string[]) =>
  Object.fromEntries(Object.entries(whole).filter(([path]) => !paths.includes(path)));

test('everything there', () => {
  expect(mainline.detect(syntheticEvidence(whole))).toEqual({
    presence: 'full',
    because: ['zswap is on.', 'KSM merges equal pages.', 'No guests were found.'],
  });
});

test('nothing there', () => {
  expect(mainline.detect(syntheticEvidence({ '/etc/os-release': 'NAME=x' })).presence).toBe('none');
});

describe('what is missing makes it partial, with what to do', () => {
  test('counters that need root', () => {
    const { presence, words } = said(without('/sys/kernel/debug/zswap/stored_pages'), {
      '/sys/kernel/debug/zswap/stored_pages': 'refused',
    });
    expect(presence).toBe('partial');
    expect(words).toContain('Log in as root or allow the agent through sudo');
  });
  test('PSI off', () => {
    expect(said(without('/proc/pressure/memory'), { '/proc/pressure/memory': 'absent' })).toMatchObject({
      presence: 'partial',
    });
    expect(said(without('/proc/pressure/memory'), { '/proc/pressure/memory': 'absent' }).words).toContain('psi=1');
  });
  test('cgroup v1', () => {
    const v1 = { ...without('/sys/fs/cgroup/cgroup.controllers'), '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5' };
    expect(said(v1).words).toContain('systemd.unified_cgroup_hierarchy=1');
    expect(said(v1).presence).toBe('partial');
  });
  test('cgroup v2 without the memory controller', () => {
    expect(said({ ...whole, '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu' }).words).toContain(
      'without its memory controller',
    );
  });
});

describe('what is set unwisely is said, and takes nothing away', () => {
  test.each([
    ['zswap off', { '/sys/module/zswap/parameters/enabled': 'N' }, 'zswap is off'],
    ['no swap', { '/proc/swaps': 'Filename Type Size Used Priority' }, 'Add swap first'],
    ['swappiness 0', { '/proc/sys/vm/swappiness': '0' }, 'vm.swappiness is 0'],
    [
      'zswap before zram',
      { '/proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 9 1 100' },
      'compressed twice',
    ],
    [
      'a swap device gone',
      { '/proc/swaps': 'Filename Type Size Used Priority\n/dev/nvme0n1\\040(deleted) partition 9 1 100' },
      'is gone while in use',
    ],
    ['KSM off', { '/sys/kernel/mm/ksm/run': '0' }, 'KSM is off'],
    [
      'KSM stopped',
      { '/sys/kernel/mm/ksm/run': '0', '/sys/kernel/mm/ksm/pages_sharing': '9' },
      'keeps what it has merged',
    ],
  ])('%s', (_, files, words) => {
    expect(said({ ...whole, ...files }).words).toContain(words);
    expect(said({ ...whole, ...files }).presence).toBe('full');
  });
  test('no KSM, no zswap in the kernel', () => {
    const paths = ['/sys/kernel/mm/ksm/run', '/sys/module/zswap/parameters/enabled'] as const;
    const { words } = said(without(...paths), Object.fromEntries(paths.map((path) => [path, 'absent'])));
    expect(words).toContain('built without KSM');
    expect(words).toContain('built without zswap');
  });
  test('guests are counted', () => {
    expect(said({ ...whole, ...syntheticGroup('/sys/fs/cgroup/qemu.slice/101.scope') }).words).toContain(
      '1 in control groups',
    );
  });
});

test('sentences are calm', () => {
  for (const files of [whole, {}, without('/proc/meminfo')]) {
    for (const sentence of mainline.detect(syntheticEvidence(files)).because) {
      expect(sentence).toMatch(/^[A-Za-z/0-9][^!]*\.$/);
      expect(sentence).not.toMatch(/please|successfully/i);
    }
  }
});

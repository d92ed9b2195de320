/** The lines for a boot loader, run on files as distributions have them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { epochMs } from '#shared/units.ts';
import type { Evidence } from '#core/platforms/platform.ts';
import { bootLines } from '#core/platforms/planning/boot-lines.ts';

const of = (release: string): Evidence => ({
  files: new Map([['/etc/os-release', { path: '/etc/os-release', text: release, line: 1, at: epochMs(0) }]]),
  commands: new Map(),
  unread: new Map(),
  pageSize: 4096,
});
const debian = of('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"');

describe('Debian', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'grub-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What the file becomes; `update-grub` and `reboot` are left out. */
  const edited = (text: string, lines: readonly string[]): string => {
    const file = join(folder, 'grub');
    writeFileSync(file, text);
    for (const line of lines.filter((one) => one.startsWith('sed ')))
      execFileSync('/bin/sh', ['-c', line.replaceAll('/etc/default/grub', file)]);
    return readFileSync(file, 'utf8');
  };

  test.each(['GRUB_CMDLINE_LINUX=""\n', 'GRUB_CMDLINE_LINUX="quiet"\n', "GRUB_CMDLINE_LINUX='console=ttyS0 quiet'\n"])(
    'words go in and out again: %j',
    (before) => {
      const { lines, undoLines } = bootLines(debian, { add: ['zcache', 'ramster'] });
      const after = edited(before, lines);
      expect(after).toMatch(/=["']zcache ramster ?/);
      expect(edited(after, undoLines)).toBe(before);
    },
  );

  test('a word is taken out whole, wherever it stands', () => {
    const { lines } = bootLines(debian, { remove: ['nofrontswap'] });
    expect(edited('GRUB_CMDLINE_LINUX_DEFAULT="quiet nofrontswap"\n', lines)).toBe(
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet "\n',
    );
    expect(edited('GRUB_CMDLINE_LINUX="nofrontswapexclusivegets nofrontswap x"\n', lines)).toBe(
      'GRUB_CMDLINE_LINUX="nofrontswapexclusivegets x"\n',
    );
  });

  test('the boot loader is told, and the host rebooted', () => {
    expect(bootLines(debian, { add: ['x'] }).lines.slice(-2)).toEqual(['update-grub', 'reboot']);
  });
});

test('Oracle Linux and its kin have grubby', () => {
  const { lines, undoLines } = bootLines(of('ID="ol"\nID_LIKE="fedora"'), { add: ['tmem'], remove: ['notmem'] });
  expect(lines).toEqual(['grubby --update-kernel=ALL --args="tmem" --remove-args="notmem"', 'reboot']);
  expect(undoLines).toEqual(['grubby --update-kernel=ALL --args="notmem" --remove-args="tmem"', 'reboot']);
});

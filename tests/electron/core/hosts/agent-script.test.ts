/** The list in front of the agent: what is refused, how it is quoted, and the exact lines that start and install it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentCommand, composeAgent, installSteps, sudoersLines } from '#core/hosts/agent-script.ts';
import type { CommandKnob, FileKnob } from '#core/platforms/change.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';

const files = (...paths: string[]): FileSet => ({ kind: 'files', name: 'host', every: 'tick', files: paths });
const groups = (change: Partial<GroupSet> = {}): GroupSet => ({
  kind: 'groups',
  name: 'guests',
  every: 'tick',
  dirs: ['/sys/fs/cgroup/machine.slice/*.scope'],
  leaves: ['memory.current', 'memory.stat', 'memory.events'],
  keys: ['anon', 'file'],
  ...change,
});
const command = (change: Partial<FixedCommand> = {}): FixedCommand => ({
  name: 'list',
  every: 'minute',
  needs: 'virsh',
  shown: 'virsh list',
  script: 'virsh -r list',
  ...change,
});
const fileKnob = (change: Partial<FileKnob> = {}): FileKnob => ({
  kind: 'file',
  name: 'zswap.enabled',
  path: '/sys/module/zswap/parameters/enabled',
  value: { kind: 'choice', choices: ['Y', 'N'] },
  check: 'exact',
  shown: 'plain',
  ...change,
});
const guestKnob = fileKnob({
  name: 'guest.limit',
  path: '/sys/fs/cgroup/machine.slice/*.scope/memory.high',
  value: { kind: 'limit' },
  check: 'settles',
  shown: 'bracketed',
  lineEnd: false,
  alsoReads: ['unset'],
});
const commandKnob = (change: Partial<CommandKnob> = {}): CommandKnob => ({
  kind: 'command',
  name: 'xen.weight',
  value: { kind: 'parts', parts: 2, also: ['absent'] },
  check: 'none',
  instance: 'word',
  needs: 'xl',
  read: 'xl list "$1"',
  write: 'xl set -w "$2" "$1"',
  shownAs: 'xl set -w VALUE INSTANCE',
  seconds: 60,
  ...change,
});
const compose = (...sets: (FileSet | GroupSet)[]) => composeAgent('#!/bin/sh\n{\n  exit 0\n}\n', sets, []);

test('the same list gives the same text, one word a line, ready for an administrator to read', () => {
  const text = composeAgent(
    '#!/bin/sh\n{\n  exit 0\n}\n',
    [files('/proc/uptime', '/sys/block/zram*/mm_stat'), groups()],
    [command()],
    [fileKnob(), guestKnob, commandKnob()],
  );
  expect(text).toBe(`#!/bin/sh
# Agent of the Tmem Console with its list of files, commands and knobs: all that it can read, run and change.

# The $ in a command are for the shell that runs it; what a knob is, is read by functions.
# shellcheck disable=SC2016,SC2034,SC2317
{
list_sets='host guests'
list_commands='list'
list_read() {
  case $1 in
    host)
      set +f
      whole \\
        '/sys/block/zram'*'/mm_stat'
      ;;
    guests)
      set +f
      whole \\
        '/sys/fs/cgroup/machine.slice/'*'.scope/memory.current' \\
        '/sys/fs/cgroup/machine.slice/'*'.scope/memory.events' || return
      set +f
      table \\
        '^(anon|file)[[:space:]]' \\
        '/sys/fs/cgroup/machine.slice/'*'.scope/memory.stat'
      ;;
    *) return 3 ;;
  esac
}
list_run() {
  case $1 in
    list)
      command_needs='virsh'
      command_shown='virsh list'
      command_script='virsh -r list'
      ;;
    *) return 3 ;;
  esac
}
list_knobs='zswap.enabled guest.limit xen.weight'
list_knob() {
  case $1 in
    zswap.enabled)
      knob_kind=file knob_check=exact
      knob_value=choice knob_range='Y N' knob_also=''
      knob_shown=plain knob_format='%s\\n' knob_depth=6
      ;;
    guest.limit)
      knob_kind=file knob_check=settles
      knob_value=limit knob_range='' knob_also='unset'
      knob_shown=bracketed knob_format='%s' knob_depth=7
      ;;
    xen.weight)
      knob_kind=command knob_check=none
      knob_value=parts knob_range='2 absent' knob_also=''
      knob_needs='xl' knob_instance=word knob_seconds=60
      knob_read='xl list "$1"'
      knob_write='xl set -w "$2" "$1"'
      ;;
    *) return 3 ;;
  esac
}
list_places() {
  case $1 in
    zswap.enabled)
      case $instance in '/sys/module/zswap/parameters/enabled') ;; *) return 4 ;; esac
      places "$instance"
      ;;
    guest.limit)
      case $instance in '/sys/fs/cgroup/machine.slice/'*'.scope/memory.high') ;; *) return 4 ;; esac
      places "$instance"
      ;;
    *) return 3 ;;
  esac
}

{
  exit 0
}
}
`);
});

test('tables are kept whole when no keys are listed', () => {
  expect(compose(groups({ keys: [] }))).not.toContain('table');
});

test.each([
  'proc/meminfo',
  '/proc/../etc/shadow',
  '/proc/./meminfo',
  '/proc//meminfo',
  '/proc/',
  '/',
  '',
  '/sys/block/zram0/*',
  '/sys/block/zram0/mm_*',
  '/sys/**/x',
  '/sys/[ab]/x',
  '/sys/?/x',
  '/sys/$(id)/x',
  '/sys/`id`/x',
  "/sys/it's/x",
  '/sys/a;b/x',
  '/sys/a\nb/x',
  '/sys/a/b:c',
  '/sys/a/b\nc',
  '/sys/class/zram-control/hot_add',
  '/sys/class/*/hot_add',
  '/sys/class/zram-control/other',
])('a file set with %j is refused', (path) => {
  expect(() => compose(files(path))).toThrow(/agent list: .* not safe/);
});

test.each([
  [{ leaves: ['*'] }],
  [{ leaves: ['a/b', '../x', 'x*'] }],
  [{ dirs: ['sys'] }],
  [{ dirs: ['/sys/class/zram-control'] }],
  [{ keys: ['a|b'] }],
  [{ keys: ["a'"] }],
  [{ keys: [''] }],
  [{ name: 'Guests' }],
  [{ name: 'a b' }],
  [{ name: '*' }],
  [{ name: '' }],
])('a group set with %j is refused', (change) => {
  expect(() => compose(groups(change))).toThrow(/agent list: .* not safe/);
});

test.each([
  [{ needs: 'virsh;id' }],
  [{ needs: '' }],
  [{ shown: 'a\nb' }],
  [{ shown: '' }],
  [{ name: '$(id)' }],
  [{ script: 'cat /sys/class/zram-control/hot_add' }],
  [{ script: 'a\0b' }],
])('a command with %j is refused', (change) => {
  expect(() => composeAgent('', [], [command(change)])).toThrow(/agent list: .* not safe/);
});

test.each([
  fileKnob({ name: 'Zswap' }),
  fileKnob({ name: "zswap'" }),
  fileKnob({ path: '/sys/../etc/passwd' }),
  fileKnob({ path: '/sys/module/*' }),
  fileKnob({ path: '/sys/class/zram-control/hot_remove' }),
  fileKnob({ value: { kind: 'choice', choices: [] } }),
  fileKnob({ value: { kind: 'choice', choices: ['a b'] } }),
  fileKnob({ value: { kind: 'choice', choices: ['-n'] } }),
  fileKnob({ value: { kind: 'number', min: 5, max: 4 } }),
  fileKnob({ value: { kind: 'number', min: -1, max: 4 } }),
  fileKnob({ value: { kind: 'number', min: 0, max: 2 ** 60 } }),
  fileKnob({ alsoReads: ["it's"] }),
  commandKnob({ needs: 'xl;id' }),
  commandKnob({ read: 'cat /sys/class/zram-control/hot_add' }),
  commandKnob({ write: 'a\0b' }),
  commandKnob({ seconds: 0 }),
  commandKnob({ seconds: 100_000 }),
  commandKnob({ value: { kind: 'parts', parts: 0, also: [] } }),
])('a knob that is not safe is refused: %j', (knob) => {
  expect(() => composeAgent('', [], [], [knob])).toThrow(/agent list: .* not safe/);
});

test('two of the same name are refused', () => {
  expect(() => composeAgent('', [], [], [fileKnob(), fileKnob()])).toThrow('a second knob');
  expect(() => compose(files('/proc/meminfo'), files('/proc/vmstat'))).toThrow('a second set');
  expect(() => composeAgent('', [], [command(), command()])).toThrow('a second command');
});

test('a script of any text reaches the shell unchanged', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).filter((text) => !/\0|hot_add|zram-control/.test(text)),
      (script) => {
        const text = composeAgent(`list_run list\nprintf '%s.' "$command_script"`, [], [command({ script })]);
        expect(spawnSync('/bin/sh', ['-c', text], { encoding: 'utf8' }).stdout).toBe(`${script}.`);
      },
    ),
    { numRuns: 40 },
  );
});

test.each([
  ['push', false, 'exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C /bin/sh -s -- 0123456789abcdef'],
  ['push', true, 'exec sudo -n env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C /bin/sh -s -- 0123456789abcdef'],
  ['installed', false, 'exec /usr/local/sbin/tmem-agent 0123456789abcdef'],
  ['installed', true, 'exec sudo -n /usr/local/sbin/tmem-agent 0123456789abcdef'],
] as const)('%s, as root %s', (way, root, line) => {
  const nonce = '0123456789abcdef';
  expect(agentCommand({ nonce, way, root, grade: 'viewer' })).toBe(line);
  expect(agentCommand({ nonce, way, root, grade: 'operator' })).toBe(line.replace(nonce, `--operator ${nonce}`));
});

test.each(['', '0123', '0123456789abcdeg', '0123456789abcdef;id'])('the nonce %j is refused', (nonce) => {
  expect(() => agentCommand({ nonce, way: 'push', root: false, grade: 'viewer' })).toThrow('a nonce');
});

describe('sudoers', () => {
  test('the installed agent: one program, one argument of 16 hexadecimal digits', () => {
    const lines = sudoersLines({ user: 'watch', way: 'installed', grade: 'viewer' });
    expect(lines.at(-1)).toBe(`watch ALL=(root) NOPASSWD: /usr/local/sbin/tmem-agent ${'[0-9a-f]'.repeat(16)}`);
  });

  test('an operator has one line more, and the viewer’s besides', () => {
    for (const way of ['installed', 'push'] as const) {
      const viewer = sudoersLines({ user: 'watch', way, grade: 'viewer' });
      const operator = sudoersLines({ user: 'watch', way, grade: 'operator' });
      expect(operator.slice(0, viewer.length)).toEqual(viewer);
      expect(operator.slice(viewer.length)).toEqual([
        expect.stringMatching(/^# As operator: /),
        (viewer.at(-1) ?? '').replace(/ (\S+)$/, ' --operator $1'),
      ]);
    }
  });

  test('the pushed agent: says that it gives everything away', () => {
    expect(sudoersLines({ user: 'watch', way: 'push', grade: 'viewer' }).join('\n')).toMatch(
      /# .*root shell[^]*everything root can do/,
    );
  });

  test.each(['ALL', '%wheel', 'a b', 'a,b', '#0', 'x\ny', ''])('the user name %j is refused', (user) => {
    expect(() => sudoersLines({ user, way: 'installed', grade: 'operator' })).toThrow('a user name');
  });

  test.skipIf(!existsSync('/usr/sbin/visudo'))('visudo takes both', () => {
    for (const way of ['installed', 'push'] as const) {
      const input = `${sudoersLines({ user: 'watch', way, grade: 'operator' }).join('\n')}\n`;
      const checked = spawnSync('/usr/sbin/visudo', ['-cf', '-'], { input, encoding: 'utf8' });
      expect(checked.stderr + checked.stdout).toMatch(/parsed OK/);
      expect(checked.status).toBe(0);
    }
  });
});

test('the steps of an installation, run with sudo replaced by a recorder, write the checked lines', () => {
  const steps = installSteps('watch', 'operator');
  expect(steps[1]).toBe('sudo install -o root -g root -m 0755 tmem-agent /usr/local/sbin/tmem-agent');
  const script = [
    'set -e; dir=$(mktemp -d); trap "rm -r $dir" EXIT; cd "$dir"; echo : > tmem-agent',
    'sudo() { echo "+ $*"; [ "$1" != visudo ] || cat "$3"; }',
    ...steps,
    'ls',
  ].join('\n');
  const ran = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  expect(ran.stdout.split('\n')).toEqual([
    '+ install -o root -g root -m 0755 tmem-agent /usr/local/sbin/tmem-agent',
    '+ visudo -cf tmem-console.sudoers',
    ...sudoersLines({ user: 'watch', way: 'installed', grade: 'operator' }),
    '+ install -o root -g root -m 0440 tmem-console.sudoers /etc/sudoers.d/tmem-console',
    'tmem-agent',
    '',
  ]);
});

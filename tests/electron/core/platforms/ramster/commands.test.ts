/** The fixed commands under a real shell, on a directory tree that stands for the host's. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands } from '#core/platforms/ramster/commands.ts';
import { shellsHere } from '../../../../support/shells.ts';
import type { Shell } from '../../../../support/shells.ts';
import { syntheticLink } from './synthetic.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ramster-commands-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The script as it is, but for where /proc, /sys and dmesg are: busybox would run its own. */
function run(shell: Shell, name: string): string {
  const script = commands.find((command) => command.name === name)?.script ?? '';
  const here = script
    .replaceAll(/(?<![\w/])\/(proc|sys)\//g, `${root}/$1/`)
    .replace('dmesg 2>&1', `${root}/bin/dmesg 2>&1`);
  const [program, ...words] = shell.argv;
  return execFileSync(program, [...words, '-c', here], {
    encoding: 'utf8',
    // bash reads the user's start-up file when its input looks like a network connection.
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    ...(shell.argv0 === undefined ? {} : { argv0: shell.argv0 }),
  });
}

describe.each(shellsHere)('ramster-links under $name', (shell) => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const ssh = '   0: 0F02000A:0016 0202000A:C056 01 00000000:00000000 02:000AF3F1 00000000     0        0 12 2';

  test('only connections on a port of the cluster leave the host', () => {
    put('sys/kernel/config/cluster/c1/node/a/ipv4_port', '7777\n');
    put('sys/kernel/config/cluster/c1/node/b/ipv4_port', '0\n');
    put('proc/net/tcp', `${head}\n${ssh}\n${syntheticLink}\n`);
    expect(run(shell, 'ramster-links')).toBe(`${syntheticLink}\n`);
  });
  test('no cluster, no output', () => {
    put('proc/net/tcp', `${head}\n${ssh}\n`);
    expect(run(shell, 'ramster-links')).toBe('');
  });
  test('a port that is no number is not made into a pattern', () => {
    put('sys/kernel/config/cluster/c1/node/a/ipv4_port', '7777; echo bad\n');
    put('sys/kernel/config/cluster/c1/node/b/ipv4_port', '$(echo bad)\n');
    put('proc/net/tcp', `${head}\n${ssh}\n`);
    expect(run(shell, 'ramster-links')).toBe('');
  });
});

describe.each(shellsHere)('ramster-log under $name', (shell) => {
  function withLog(...lines: readonly string[]): void {
    put('bin/dmesg', `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`);
    chmodSync(join(root, 'bin/dmesg'), 0o755);
  }
  const said = '[ 1.5] ramster: cleancache enabled using kernel transcendent memory and compression buddies';
  const noise = '[ 5.0] ramster: Connection to node a (num 0) at 10.0.0.1:7777 shutdown, state 7';

  test('its lines, without the noise', () => {
    put('proc/cmdline', 'ro zcache ramster\n');
    withLog('[ 0.1] PCI: x', said, noise, '[ 9.0] usb 1-1: y');
    expect(run(shell, 'ramster-log')).toBe(`${said}\n`);
  });
  test('a host without any of it does not even run dmesg', () => {
    put('proc/cmdline', 'ro quiet\n');
    withLog(said);
    expect(run(shell, 'ramster-log')).toBe('');
  });
  test('a refusal is passed on', () => {
    put('proc/cmdline', 'ramster\n');
    const words = 'dmesg: read kernel buffer failed: Operation not permitted';
    withLog(words);
    expect(run(shell, 'ramster-log')).toBe(`${words}\n`);
  });
});

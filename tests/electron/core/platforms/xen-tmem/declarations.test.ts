/** What the platform declares: metrics, commands, files, knobs. The scripts are run under sh with a stand-in for xl. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeAgent } from '#core/hosts/agent-script.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';
import { clientKeys, globalKeys, poolKeys } from '#core/platforms/xen-tmem/catalogue/tmem.ts';
import { clientKeysOf, globalKeysOf, poolKeysOf } from '../../../../support/xen-render.ts';

const { catalogue, commands, sets, knobs = [] } = xenTmem;
const ids = catalogue.map(({ id }) => id);

describe('catalogue', () => {
  test('has each metric once, and none of another platform', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const other = new Set(mainline.catalogue.map(({ id }) => id));
    expect(ids.filter((id) => other.has(id))).toEqual([]);
  });

  test('knows every key of every version', () => {
    const names = (keys: readonly (readonly [string, ...unknown[]])[]): string[] => keys.map(([key]) => key).sort();
    const both = (of: (minor: number) => readonly string[]): string[] =>
      [...new Set([...of(0), ...of(4), ...of(12)])].sort();
    expect(names(globalKeys)).toEqual(both((minor) => globalKeysOf(minor, true)));
    expect(names(clientKeys)).toEqual(both((minor) => clientKeysOf(minor, true)));
    expect(names(poolKeys)).toEqual([...poolKeysOf(true)].sort());
  });

  test('ephemeral memory is capacity and never saved', () => {
    expect(catalogue.find(({ id }) => id === 'xen-tmem.capacity.ephemeral')?.signal).toBe('capacity.ephemeral');
  });
});

describe('agent', () => {
  test('accepts the list', () => {
    const agent = composeAgent('#!/bin/sh\n:\n', sets, commands);
    expect(agent).toContain('xen-tmem.guest');
    execFileSync('sh', ['-n'], { input: agent });
  });

  test('no command takes a domain or sets anything', () => {
    for (const { script } of commands) {
      expect(script).not.toMatch(/tmem-(?:set|freeze|thaw|shared-auth)|mem-(?:set|max)|destroy|dmesg -c|>[^&/]/);
    }
  });

  test('only what must move every ten seconds is asked so often', () => {
    const often = commands.filter(({ every, needs }) => every !== 'minute' && every !== 'connect' && needs === 'xl');
    expect(often.map(({ name }) => name)).toEqual(['xen-tmem-list', 'xen-list']);
  });
});

describe('scripts', () => {
  let bin = '';
  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'xen-bin-'));
    writeFileSync(
      join(bin, 'xl'),
      '#!/bin/sh\n[ "$1 $2" = "list -l" ] || { echo "xl $*"; exit 0; }\n' +
        'printf \'%s\\n\' "[" "    {" \'        "domid": 3,\' \'                "uuid": "u",\' \'                "max_memkb": 262144,\' \'                "vnc": { "passwd": "secret" },\' \'                "target_memkb": 92160,\'\n',
    );
    writeFileSync(join(bin, 'xm'), '#!/bin/sh\necho "xm $*"\n');
    for (const name of ['xl', 'xm']) chmodSync(join(bin, name), 0o755);
  });
  afterAll(() => rmSync(bin, { recursive: true }));

  const run = (name: string, path: string): string =>
    execFileSync('/bin/sh', ['-c', commands.find((command) => command.name === name)?.script ?? 'exit 9'], {
      env: { PATH: path },
      encoding: 'utf8',
    });

  test('xl is asked with its options first', () => {
    expect(run('xen-tmem-list', `${bin}:/usr/bin:/bin`)).toBe('xl tmem-list -l -a\n');
    expect(run('xen-list', `${bin}:/usr/bin:/bin`)).toBe('xl list -v\n');
  });

  test('configurations lose everything but four figures', () => {
    const text = run('xen-configs', `${bin}:/usr/bin:/bin`);
    expect(text).not.toContain('secret');
    expect(text.trim().split('\n')).toHaveLength(4);
  });

  test('xm is asked only where there is no xl', () => {
    expect(run('xen-xm-list', `${bin}:/usr/bin:/bin`)).toBe('');
    rmSync(join(bin, 'xl'));
    expect(run('xen-xm-list', `${bin}:/usr/bin:/bin`)).toBe('xm list\n');
  });

  test('tmem-freeable is not started where the hypervisor’s version is not known or too new', () => {
    expect(run('xen-freeable', '/usr/bin:/bin')).toBe('');
  });
});

describe('knobs', () => {
  test('each once, with what bites', () => {
    expect(new Set(knobs.map(({ id }) => id)).size).toBe(knobs.length);
    for (const { traps, help } of knobs) {
      expect(help.endsWith('.')).toBe(true);
      expect(traps.length).toBeGreaterThan(0);
      for (const trap of traps) expect(trap).toMatch(/[.]$/);
    }
  });

  test('what reads them back is in the catalogue', () => {
    for (const { readBy } of knobs) if (readBy !== undefined) expect(ids).toContain(readBy);
  });

  test('every command has its options before the domain', () => {
    for (const { target } of knobs.filter(({ target }) => target.startsWith('xl tmem-')))
      for (const command of target.split(', ')) expect(command).toMatch(/NAME$/);
  });

  test('1 authorises, on every version', () => {
    const auth = knobs.find(({ id }) => id === 'xen.tmem.shared-auth');
    expect(auth?.help).toContain('1 authorises, 0 takes it back, on every version');
  });

  test('all nine files of selfballoon/', () => {
    expect(knobs.filter(({ target }) => target.includes('/selfballoon/'))).toHaveLength(9);
  });
});

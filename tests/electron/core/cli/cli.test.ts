/** The command as a terminal sees it: its words, its output, its exit status. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command, runCommand } from '../../../support/console-process.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tmem-cli-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const capture = [
  '# taken 2026-11-24T05:00:00Z',
  '## memory',
  '/proc/meminfo:MemTotal:         273844 kB',
  '/proc/meminfo:Zswap:             54496 kB',
  '',
].join('\n');

describe('words', () => {
  it('--help lists the commands and options', async () => {
    const { status, stdout } = await runCommand(['--help']);
    expect(status).toBe(0);
    for (const word of [
      'inspect',
      'agent',
      'capture',
      '--headless',
      '--port',
      '--data-dir',
      '--host-file',
      '--version',
    ])
      expect(stdout).toContain(word);
  });

  it('--version tells the version', async () => {
    expect(await runCommand(['--version'])).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
  });

  it.each([
    [['--nonsense'], '--nonsense'],
    [['--port', 'many'], 'many'],
    [['--port', '70000'], '70000'],
    [['frobnicate'], 'frobnicate'],
    [['inspect'], 'at least one file'],
  ])('%j is refused with status 2 and a sentence', async (words, said) => {
    const { status, stdout, stderr } = await runCommand(words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
  });
});

describe('inspect', () => {
  it('tells metric, instance, value, unit and line', async () => {
    const file = join(folder, 'mailed.txt');
    writeFileSync(file, capture);
    const { status, stdout } = await runCommand(['inspect', file]);
    expect(status).toBe(0);
    const { captures } = JSON.parse(stdout) as { captures: { platforms: { platform: string; values: unknown[] }[] }[] };
    const mainline = captures[0]?.platforms.find(({ platform }) => platform === 'mainline');
    expect(mainline?.values).toContainEqual({
      metric: 'meminfo.MemTotal',
      instance: '',
      value: 273844 * 1024,
      unit: 'bytes',
      source: '/proc/meminfo',
      line: 3,
    });
    expect(mainline?.values).toContainEqual({
      metric: 'meminfo.Zswap',
      instance: '',
      value: 55803904,
      unit: 'bytes',
      source: '/proc/meminfo',
      line: 4,
    });
  });

  it('reads standard input', async () => {
    const { status, stdout } = await runCommand(['inspect', '-'], { input: capture });
    expect(status).toBe(0);
    expect(stdout).toContain('meminfo.MemTotal');
  });

  it('reads on past a file that is not there, and says so', async () => {
    const file = join(folder, 'mailed.txt');
    writeFileSync(file, capture);
    const { status, stdout, stderr } = await runCommand(['inspect', join(folder, 'none'), file]);
    expect(status).toBe(1);
    expect(stderr).toContain('cannot be read');
    expect(stdout).toContain('meminfo.MemTotal');
  });

  it('makes nothing of junk, without failing', async () => {
    const { status, stdout } = await runCommand(['inspect', '-'], { input: '\u0000\u001b[31m<script>\n'.repeat(100) });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ captures: [{ files: 0 }] });
  });
});

describe('standard output', () => {
  const shell = (line: string) =>
    new Promise<{ status: number | null; stderr: string }>((resolve) => {
      const child = spawn('bash', ['-o', 'pipefail', '-c', line], { stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)));
      child.on('close', (status) => resolve({ status, stderr }));
    });
  const program = `'${process.execPath}' '${command}'`;

  it('may be read only in part', async () => {
    const file = join(folder, 'mailed.txt');
    writeFileSync(file, capture);
    const many = `${file} `.repeat(40);
    expect(await shell(`${program} inspect ${many} | head -c 1`)).toEqual({ status: 0, stderr: '' });
  });

  it('on a full disk is a sentence', async () => {
    const { status, stderr } = await shell(`${program} agent >/dev/full`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tmem-console: Standard output cannot be written\.\n {2}.*ENOSPC/);
  });
});

describe('agent', () => {
  it('prints a script that names what it may read', async () => {
    const { status, stdout } = await runCommand(['agent']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(stdout).toContain('/proc/meminfo');
    // Only the knob that makes a device may touch the file whose reading makes one.
    expect(stdout.split('\n').filter((line) => line.includes('hot_add'))).toEqual([
      'made=$(cat "$control/hot_add") || exit 1',
    ]);
  });
});

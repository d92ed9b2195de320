/** The console as a process: its first line, its door, its directory, its end. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { webSocketPage } from '../../../support/channel-pair.ts';
import { doorOf, runCommand, startConsole } from '../../../support/console-process.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tmem-start-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const host = {
  name: 'host-07',
  address: '127.0.0.1',
  port: 1,
  user: 'root',
  login: { method: 'agent' },
  group: 'rack 2',
  tags: ['db'],
  jumps: [],
  agent: 'pushed',
  sudo: 'never',
  guestGroups: [],
  connect: false,
};

describe('--headless', () => {
  it('says where it is on the first line, opens for its token, ends on SIGTERM', async () => {
    const running = await startConsole({ words: ['--port', '0'] });
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
    const page = await running.page();
    expect(await page.call('hosts.list', {})).toEqual([]);
    await expect(webSocketPage(doorOf(running.url.replace(/token=.*/, 'token=wrong')))).rejects.toThrow('401');
    const { status, stderr, stdout } = await running.stop();
    expect({ status, stderr, lines: stdout.trim().split('\n').length }).toEqual({ status: 0, stderr: '', lines: 1 });
  });

  it('ends on SIGINT as well, and leaves its directory free for the next', async () => {
    const first = await startConsole({ dataDir: folder });
    expect((await first.stop('SIGINT')).status).toBe(0);
    const second = await startConsole({ dataDir: folder });
    expect((await second.stop()).status).toBe(0);
  });

  it('is refused a directory that another console uses, with a sentence', async () => {
    const first = await startConsole({ dataDir: folder });
    const { status, stdout, stderr } = await runCommand(['--headless', '--data-dir', folder]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(folder);
    expect(stderr).toContain(String(first.pid));
    await first.stop();
  });

  it('takes over the directory of a console that was killed', async () => {
    const first = await startConsole({ dataDir: folder });
    await first.stop('SIGKILL');
    const second = await startConsole({ dataDir: folder });
    expect((await second.stop()).status).toBe(0);
  });

  it('leaves nothing of the lab behind, though it hears the signal over and over', async () => {
    const running = await startConsole({ words: ['--lab'], env: { TMPDIR: folder } });
    expect(readdirSync(folder).filter((name) => name.startsWith('tmem-lab-')).length).toBe(1);
    const again = setInterval(() => process.kill(running.pid, 'SIGTERM'), 5);
    // A signal may still meet the process on its last step; what counts is that it came so far.
    await running.ended.finally(() => clearInterval(again));
    expect(readdirSync(folder)).toEqual([]);
    expect(readFileSync(join(running.dataDir, 'console.log'), 'utf8')).toMatch(/"msg":"console ended"\}\n$/);
    await running.stop();
  });

  it('ends when the lab has no such scenario, though a host is being connected to', async () => {
    // Takes connections and never says a word, as a host behind a firewall may.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const file = join(folder, 'hosts.json');
    const { port } = silent.address() as AddressInfo;
    writeFileSync(
      file,
      JSON.stringify({ hosts: [{ ...host, port, login: { method: 'keyboard-interactive' }, connect: true }] }),
    );
    const words = ['--headless', '--data-dir', join(folder, 'data'), '--host-file', file, '--lab=nowhere'];
    const { status, stderr } = await runCommand(words);
    expect(status).toBe(1);
    expect(stderr).toContain('nowhere');
    silent.close();
    // The host itself would be given up after twenty seconds.
  }, 10_000);

  it('says when its port is taken', async () => {
    const first = await startConsole();
    const port = new URL(first.url).port;
    const { status, stderr } = await runCommand(['--headless', '--data-dir', folder, '--port', port]);
    expect(status).toBe(1);
    expect(stderr).toContain(`Port ${port}`);
    await first.stop();
  });
});

describe('--host-file', () => {
  it('adds its hosts once', async () => {
    const file = join(folder, 'hosts.json');
    writeFileSync(file, JSON.stringify({ hosts: [host] }));
    for (let time = 0; time < 2; time++) {
      const running = await startConsole({ dataDir: join(folder, 'data'), words: ['--host-file', file] });
      const page = await running.page();
      expect((await page.call('hosts.list', {})).map(({ config }) => [config.name, config.group, config.tags])).toEqual(
        [['host-07', 'rack 2', ['db']]],
      );
      page.close();
      await running.stop();
    }
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['a wrong field', JSON.stringify({ hosts: [{ ...host, port: 'ssh' }] })],
    ['a secret', JSON.stringify({ hosts: [{ ...host, password: 'hunter2' }] })],
  ])('with %s is refused by a sentence, and frees the directory', async (_, text) => {
    const file = join(folder, 'hosts.json');
    writeFileSync(file, text);
    const dataDir = join(folder, 'data');
    const { status, stderr } = await runCommand(['--headless', '--data-dir', dataDir, '--host-file', file]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tmem-console: /);
    expect(stderr).not.toContain('hunter2');
    const next = await startConsole({ dataDir });
    await next.stop();
  });
});

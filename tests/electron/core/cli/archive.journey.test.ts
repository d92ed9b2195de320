/** `tmem-console export` and `import`: a console's directory, moved while it runs, and the console that goes on with it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand, startConsole } from '../../../support/console-process.ts';
import { draft, writeHistory } from '../../../support/history-sample.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmem-move-'));
  file = join(folder, 'console.tar.gz');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('moves a running console’s directory to another one, which goes on with it', async () => {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeHistory(from, Date.now());
  const running = await startConsole({ dataDir: from });
  const page = await running.page();
  await page.call('hosts.add', { draft: draft('kept', '192.0.2.9') });
  page.close();
  const made = await runCommand(['export', '--out', file, '--data-dir', from]);
  expect([made.status, made.stdout]).toEqual([0, `${file}\n`]);
  // The import goes nowhere near a directory that somebody holds.
  const held = await runCommand(['import', file, '--data-dir', from, '--replace']);
  expect(held.status).toBe(1);
  expect(held.stderr).toContain('Another console uses');
  await running.stop();

  const taken = await runCommand(['import', file, '--data-dir', to]);
  expect([taken.status, taken.stdout]).toEqual([0, `${to}\n`]);
  for (const name of ['hosts.json'])
    expect(readFileSync(join(to, name), 'utf8')).toBe(readFileSync(join(from, name), 'utf8'));
  expect(existsSync(join(to, 'console.log'))).toBe(false);
  const copy = new DatabaseSync(join(to, 'history.sqlite'), { readOnly: true });
  expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  copy.close();
  const again = await startConsole({ dataDir: to });
  const next = await again.page();
  expect((await next.call('hosts.list', {})).map(({ config }) => config.name)).toEqual(['kept']);
  expect((await next.call('history.entities', {})).map(({ host }) => host)).toContain('h2');
  next.close();
  await again.stop();
});

it('sets aside with --replace, refuses without', async () => {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeHistory(from, Date.now(), 30);
  writeHistory(to, Date.now(), 30);
  writeFileSync(join(to, 'settings.json'), 'mine');
  expect((await runCommand(['export', '--out', file, '--data-dir', from])).status).toBe(0);
  const refused = await runCommand(['import', file, '--data-dir', to]);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('--replace');
  const { status, stderr } = await runCommand(['import', file, '--data-dir', to, '--replace']);
  expect(status).toBe(0);
  const aside = readdirSync(to).find((name) => name.startsWith('replaced-')) ?? '';
  expect(stderr).toContain(`What was there is kept in ${join(to, aside)}.`);
  expect(readFileSync(join(to, aside, 'settings.json'), 'utf8')).toBe('mine');
});

it('says what is wrong: status 2 for words, 1 for files', async () => {
  expect((await runCommand(['export'])).status).toBe(2);
  expect((await runCommand(['import'])).status).toBe(2);
  const nothing = await runCommand(['export', '--out', file, '--data-dir', join(folder, 'nowhere')]);
  expect(nothing).toMatchObject({ status: 1, stdout: '' });
  writeFileSync(file, 'no archive');
  const broken = await runCommand(['import', file, '--data-dir', join(folder, 'to')]);
  expect(broken.status).toBe(1);
  expect(broken.stderr).toContain('is not what a console exported');
});

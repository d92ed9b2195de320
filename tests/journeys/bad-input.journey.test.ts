/**
 * What a person sees when things are not as they should be: a wrong password, a guest whose name is an attack, a
 * directory that cannot be written, a disk that is full. Each time a sentence that says what to do, and nothing lost.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { keygen, sshdObstacle, startSshd } from '../support/sshd.ts';
import type { Sshd } from '../support/sshd.ts';
import { makeUser, userObstacle } from '../support/sshd-user.ts';
import type { LocalUser } from '../support/sshd-user.ts';
import { until } from '../support/until.ts';

const obstacle = chromiumPath === undefined ? 'there is no Chromium' : (sshdObstacle ?? userObstacle);
const wide = { width: 1440, height: 900, theme: 'light' } as const;

describe.skipIf(obstacle !== undefined)(`bad input${obstacle === undefined ? '' : ` (not run: ${obstacle})`}`, () => {
  let home: string;
  let sshd: Sshd;
  let user: LocalUser;
  let browser: Browser;
  let running: RunningConsole | undefined;
  let page: Page;
  const started: ChildProcess[] = [];
  const mounted: string[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'tmem-bad-'));
    mkdirSync(join(home, '.ssh'), { mode: 0o700 });
    const key = keygen(join(home, 'id'), '-t', 'ed25519', '-N', '');
    user = makeUser();
    sshd = await startSshd({ authorized: [key], config: ['PasswordAuthentication yes'] });
    const [type = '', blob = ''] = (sshd.hostKeys['ssh-ed25519'] ?? '').split(' ');
    writeFileSync(join(home, '.ssh', 'known_hosts'), `[127.0.0.1]:${sshd.port} ${type} ${blob}\n`);
    browser = await launchBrowser();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPicture(page, task.name);
    await running?.stop();
    running = undefined;
  });
  afterAll(async () => {
    for (const child of started) child.kill();
    for (const path of mounted) spawnSync('umount', [path]);
    await browser?.close();
    await sshd?.stop();
    user?.remove();
    rmSync(home, { recursive: true, force: true });
  });

  const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const button = (name: string | RegExp) => page.getByRole('button', { name });

  async function open(dataDir: string, words: readonly string[] = []): Promise<void> {
    running = await startConsole({ dataDir, words, env: { HOME: home, SSH_AUTH_SOCK: '' } });
    ({ page } = await openPage(browser, running.url, wide));
  }

  function hostFile(name: string): string {
    const file = join(home, 'hosts.json');
    const login = { method: 'key', keyFile: join(home, 'id') };
    writeFileSync(
      file,
      JSON.stringify({ hosts: [{ name, address: '127.0.0.1', port: sshd.port, user: userInfo().username, login }] }),
    );
    return file;
  }

  /** A small file system of its own, or undefined where none may be mounted. */
  function mount(name: string, options: string): string | undefined {
    const path = join(home, name);
    mkdirSync(path);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status !== 0) return undefined;
    mounted.push(path);
    return path;
  }

  async function fillWizard(name: string, account: string): Promise<void> {
    await page.getByRole('link', { name: 'Add a host' }).first().click();
    await page.getByLabel('Address', { exact: true }).fill('127.0.0.1');
    await page.getByLabel('Port').fill(String(sshd.port));
    await page.getByLabel('User').fill(account);
    await page.getByLabel('Name').fill(name);
    await button('Check the key').click();
    await button('Choose the login').click();
  }

  it('a wrong password is tried once, said, and then waits for the person', async () => {
    await open(join(home, 'password'));
    await fillWizard('db-1', user.name);
    await page.getByLabel('Password', { exact: false }).first().check();
    await button('Test the login').click();
    await page.getByLabel(/^Password of/).fill('wrong-password');
    const before = sshd.log().split('Failed password').length;
    await button('Log in').click();
    await see(/refuse/i);
    // The server writes its log a moment after it has answered.
    await expect.poll(() => sshd.log().split('Failed password').length - before).toBe(1);
    await button(/Test the login/).click();
    await page.getByLabel(/^Password of/).fill(user.password);
    await button('Log in').click();
    await button('Save db-1').click();
    await page.getByRole('heading', { name: 'db-1' }).waitFor();
    await see(/readings need more rights|of [\d.]+\sGiB/);
    expect(await page.content()).not.toContain(user.password);
  });

  it('a guest whose name is an attack is shown as text', async () => {
    const attack = '<img src=x onerror="document.title=1">\u001b[31mred\u0007';
    const qemu = join(home, 'qemu-system-x86_64');
    copyFileSync('/bin/dash', qemu);
    started.push(
      spawn(qemu, ['-c', 'read line', '-name', attack, '-m', '512'], { stdio: ['pipe', 'ignore', 'ignore'] }),
    );
    await open(join(home, 'attack'), ['--host-file', hostFile('alpha')]);
    await page.getByRole('link', { name: 'Guests' }).first().click();
    await see('<img src=x onerror="document.title=1">');
    expect(await page.title()).not.toBe('1');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('\u001b');
  });

  it('a read-only directory is said, and the console works all the same', async ({ skip }) => {
    const path = mount('read-only', 'ro,size=1m');
    if (path === undefined) return skip('nothing may be mounted here');
    await open(path, ['--host-file', hostFile('alpha')]);
    await see(/may not write to/);
    await see('alpha');
    await see(/on 1 host/);
  });

  it('a full disk keeps what was there and says what to do', async ({ skip }) => {
    const path = mount('full', 'size=256k');
    if (path === undefined) return skip('nothing may be mounted here');
    await open(path, ['--host-file', hostFile('alpha')]);
    await see(/on 1 host/);
    spawnSync('dd', ['if=/dev/zero', `of=${join(path, 'filler')}`, 'bs=1k'], { stdio: 'ignore' });
    await fillWizard('beta', userInfo().username);
    await page.getByLabel('Key file').check();
    await page.getByLabel('Path of the private key').fill(join(home, 'id'));
    await button('Test the login').click();
    await button('Save beta').click();
    await see(/is full/);
    rmSync(join(path, 'filler'));
    await button('Save beta').click();
    await page.getByRole('heading', { name: 'beta' }).waitFor();
    const hosts = await (await running?.page())?.call('hosts.list', {});
    expect(hosts?.map(({ config }) => config.name).sort()).toEqual(['alpha', 'beta']);
    await until('beta to be live', async () =>
      ((await (await running?.page())?.call('hosts.list', {})) ?? []).every(({ state }) => state.kind === 'live'),
    );
  });
});

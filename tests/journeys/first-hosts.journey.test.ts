/**
 * From the first empty page to live charts of two hosts, as a person would, in a real browser against real SSH
 * servers; then what the same person sees when a host goes away and comes back with another key.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { keygen, sshdObstacle, startSshd } from '../support/sshd.ts';
import type { Sshd } from '../support/sshd.ts';

const obstacle = chromiumPath === undefined ? 'there is no Chromium' : sshdObstacle;
const passphrase = 'correct horse battery staple';

describe.skipIf(obstacle !== undefined)(
  `the first two hosts${obstacle === undefined ? '' : ` (not run: ${obstacle})`}`,
  () => {
    let home: string;
    let alpha: Sshd;
    let beta: Sshd;
    let running: RunningConsole;
    let browser: Browser;
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tmem-journey-'));
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      const plain = keygen(join(home, 'id_plain'), '-t', 'ed25519', '-N', '');
      const locked = keygen(join(home, 'id_locked'), '-t', 'ed25519', '-N', passphrase);
      alpha = await startSshd({ authorized: [plain] });
      beta = await startSshd({ authorized: [locked] });
      running = await startConsole({ dataDir: join(home, 'data'), env: { HOME: home, SSH_AUTH_SOCK: '' } });
      browser = await launchBrowser();
      ({ page, complaints } = await openPage(browser, running.url, { width: 1440, height: 900, theme: 'light' }));
    });

    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await keepPicture(page, task.name);
    });

    afterAll(async () => {
      await browser?.close();
      await running?.stop();
      await alpha?.stop();
      await beta?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    const button = (name: string | RegExp) => page.getByRole('button', { name });
    const see = (text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 20_000 });
    const fingerprintOf = (file: string): string => {
      const shown = readFileSync(file, 'utf8');
      return shown.split(' ')[1] ?? '';
    };

    async function fillAddress(sshd: Sshd, name: string): Promise<void> {
      await page.getByLabel('Address', { exact: true }).fill('127.0.0.1');
      await page.getByLabel('Port').fill(String(sshd.port));
      await page.getByLabel('User').fill(userInfo().username);
      await page.getByLabel('Name').fill(name);
      await button('Check the key').click();
      await see('is not known yet');
      await button(/^Trust this key/).click();
      await button('Choose the login').click();
    }

    async function chooseKey(file: string): Promise<void> {
      await page.getByLabel('Key file').check();
      await page.getByLabel('Path of the private key').fill(file);
      await button('Test the login').click();
    }

    it('begins with a page that says what to do, and without the token in its address', async () => {
      await page.getByRole('link', { name: 'Add a host' }).first().waitFor();
      expect(page.url()).not.toContain('token');
      expect(await page.evaluate(() => document.title)).toContain('Tmem Console');
    });

    it('adds a host: address, key, login, what was found, live', async () => {
      await page.getByRole('link', { name: 'Add a host' }).first().click();
      await fillAddress(alpha, 'alpha');
      await chooseKey(join(home, 'id_plain'));
      await see(/What was found/);
      await see(/Linux/);
      await button('Save alpha').click();
      await page.getByRole('heading', { name: 'alpha' }).waitFor();
      await see(/of [\d.]+\sGiB/);
      expect(readFileSync(join(home, 'data', 'known_hosts'), 'utf8')).toContain(
        fingerprintOf(join(alpha.dir, 'host-ed25519.pub')),
      );
    });

    it('asks for the passphrase of an encrypted key, once, and says so when it is wrong', async () => {
      await page.getByRole('link', { name: 'Fleet' }).first().click();
      await page.getByRole('link', { name: 'Add a host' }).first().click();
      await fillAddress(beta, 'beta');
      await chooseKey(join(home, 'id_locked'));
      await see('The key has a passphrase');
      await page.getByLabel(/^Passphrase of/).fill('wrong');
      await button('Log in').click();
      await see(/passphrase/i);
      await page
        .getByText(/does not open|wrong/i)
        .first()
        .waitFor();
      await button(/Test the login/).click();
      await page.getByLabel(/^Passphrase of/).fill(passphrase);
      await button('Log in').click();
      await button('Save beta').click();
      await page.getByRole('heading', { name: 'beta' }).waitFor();
      await see(/of [\d.]+\sGiB/);
    });

    it('never keeps a secret where the page or the disk could leak it', async () => {
      const kept = await page.evaluate(
        () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.documentElement.outerHTML,
      );
      expect(kept).not.toContain(passphrase);
      const files = readdirSync(join(home, 'data')).filter((name) => name.includes('.') || name === 'known_hosts');
      expect(files).toContain('hosts.json');
      for (const name of files) {
        expect(readFileSync(join(home, 'data', name), 'utf8')).not.toContain(passphrase);
      }
    });

    it('shows both hosts live in the fleet, with a chart that grows', async () => {
      await page.getByRole('link', { name: 'Fleet' }).first().click();
      await see('alpha');
      await see('beta');
      await see(/on 2 hosts/);
      expect(await page.getByText('Live', { exact: true }).count()).toBe(2);
      await page.getByRole('button', { name: 'Table' }).click();
      const newest = () => page.getByRole('table').first().getByRole('row').last().innerText();
      const before = await newest();
      await expect.poll(newest, { timeout: 30_000 }).not.toBe(before);
    });

    it('follows the keyboard: palette, pages, help', async () => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('beta');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'beta' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('s');
      await see('Data directory');
      await page.keyboard.press('g');
      await page.keyboard.press('g');
      await page.waitForURL(/#\/guests/);
      await page.keyboard.press('g');
      await page.keyboard.press('f');
      await page.waitForURL(/#\/$/);
    });

    it('keeps the last figures of a host that went away, says since when, and stops at another key', async () => {
      const port = beta.port;
      await beta.stop();
      await page.getByRole('link', { name: 'beta' }).first().click();
      await see(/127\.0\.0\.1/);
      await see(/Last heard/);
      await see(/Next attempt in/);
      await see(/Nothing listens at 127/);
      await see(/of [\d.]+\sGiB/);
      beta = await startSshd({ config: [`Port ${port}`], authorized: [] });
      await page
        .getByText(/shows another key than before/)
        .first()
        .waitFor({ timeout: 60_000 });
      expect(await page.getByRole('button', { name: /accept|trust/i }).count()).toBe(0);
    });

    it('survives a reload and the end of the console, with a sentence', async () => {
      await page.reload();
      await page
        .getByText(/shows another key than before/)
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
      await running.stop();
      await page
        .getByText(/console.*(stopped|does not answer|gone)/i)
        .first()
        .waitFor({ timeout: 20_000 });
    });
  },
);

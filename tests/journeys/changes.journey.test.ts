/**
 * A person changes hosts that have nothing set up yet (the lab's scenario of that name): each wizard from its way in to
 * the review, applied, watched, kept or undone; one of them by keyboard alone; bad input beside its field. Pictures are
 * kept in tests/.work/pictures/, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { until } from '../support/until.ts';
import { defaultSettings } from '#shared/model/settings.ts';

describe.skipIf(chromiumPath === undefined)(
  `changing hosts${chromiumPath === undefined ? ' (not run: there is no Chromium)' : ''}`,
  () => {
    let home: string;
    let running: RunningConsole;
    let browser: Browser;
    let page: Page;
    let complaints: string[];
    let base: string;

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tmem-changes-journey-'));
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      running = await startConsole({ dataDir: join(home, 'data'), env: { HOME: home }, words: ['--lab=greenfield'] });
      const core = await running.page();
      await core.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
      core.close();
      browser = await launchBrowser();
      ({ page, complaints } = await openPage(browser, running.url, { width: 1440, height: 900, theme: 'light' }));
      base = page.url().split('#')[0] ?? '';
      await until('all hosts to be live', async () => (await page.getByText('Live', { exact: true }).count()) === 8);
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await keepPicture(page, task.name);
    });
    afterAll(async () => {
      await browser?.close();
      await running?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    const see = (text: string | RegExp, timeout = 20_000) => page.getByText(text).first().waitFor({ timeout });
    const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 2 }).first().waitFor();
    const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
    const link = (name: string | RegExp) => page.getByRole('link', { name }).first();

    async function openHost(name: string): Promise<void> {
      await page.goto(`${base}#/`);
      await link(name).click();
      await page.getByRole('tablist').first().waitFor();
    }
    /** Over what was found and the settings to the review. */
    async function review(): Promise<void> {
      await button('Choose the settings').click();
      await heading('Settings');
      await button('Review the steps').click();
      await heading('Review');
    }
    async function applyAndWatch(): Promise<void> {
      await button(/^Apply to/).click();
      await see(/unless it is kept|undoes this in|takes it back in/i);
      await button(/^(Keep on|Undo now on)/).waitFor();
    }
    async function keepIt(): Promise<void> {
      await button(/^Keep on/).click({ timeout: 60_000 });
      await button('Take back…').waitFor();
    }
    async function undoIt(): Promise<void> {
      await button(/^Undo now on/).click();
      await see('Undone', 30_000);
    }

    it('compresses memory on a host, from its menu, and keeps it', async () => {
      await openHost('kvm-01');
      await button('Change…').click();
      await page
        .getByRole('menuitem', { name: /Compress memory/ })
        .first()
        .click();
      await heading('What was found');
      await review();
      await see('/sys/module/zswap/parameters/enabled');
      await keepPicture(page, 'change-compress-review');
      await applyAndWatch();
      await keepPicture(page, 'change-compress-watching');
      await keepIt();
      await openHost('kvm-01');
      await page.getByRole('tab', { name: 'Doctor' }).click();
      await see('zswap is on.');
    });

    it('marks the change on the charts of the host, and leads back to it', async () => {
      await openHost('kvm-01');
      const marker = page.getByRole('link', { name: /Compress swapped pages/ }).first();
      await marker.waitFor();
      await keepPicture(page, 'change-marker');
      await marker.click();
      await see('Take back…');
    });

    it('enables frontswap for a guest by keyboard alone, and undoes it', async () => {
      await page.goto(`${base}#/change/frontswap`);
      await heading('Targets');
      await page.keyboard.press('/');
      await page.keyboard.type('ticker-01');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await see('1 guest chosen');
      await page.keyboard.press('Control+Enter');
      await heading('What was found');
      await expect.poll(() => button('Choose the settings').isEnabled()).toBe(true);
      await page.keyboard.press('Control+Enter');
      await heading('Settings');
      for (let tabs = 0; tabs < 20; tabs++) {
        await page.keyboard.press('Tab');
        const on = await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.type);
        if (on === 'text') break;
      }
      await page.keyboard.press('Control+A');
      await page.keyboard.type('64');
      await page.keyboard.press('Control+Enter');
      await heading('Review');
      await see(/67108864/);
      await page.keyboard.press('Control+Enter');
      await button(/^Undo now on/).waitFor();
      for (let tabs = 0; tabs < 40; tabs++) {
        await page.keyboard.press('Tab');
        const on = await page.evaluate(() => document.activeElement?.textContent ?? '');
        if (/^\s*Undo now on/.test(on)) break;
      }
      await page.keyboard.press('Enter');
      await see('Undone', 30_000);
    });

    it('says beside the field what is wrong with a value, and writes nothing', async () => {
      await openHost('kvm-01');
      await page.getByRole('tab', { name: 'Knobs' }).click();
      await page
        .getByRole('row', { name: /^swappiness/ })
        .getByRole('link', { name: /change/i })
        .click();
      await heading('What was found');
      await button('Choose the settings').click();
      const field = page.getByRole('textbox').first();
      for (const bad of ['-1', '', '4G', '99999999999999999999', '60; reboot', '$(reboot)']) {
        await field.fill(bad);
        await button('Review the steps').click();
        await expect.poll(() => field.getAttribute('aria-invalid'), { timeout: 5000 }).toBe('true');
        const described = (await field.getAttribute('aria-describedby')) ?? '';
        const said = await page.locator(`[id="${described.split(' ')[0] ?? ''}"]`).innerText();
        expect(said.length, bad).toBeGreaterThan(10);
        expect(await page.getByRole('heading', { name: 'Settings', level: 2 }).count()).toBe(1);
      }
      await keepPicture(page, 'change-bad-input');
      await field.fill('80');
      await button('Review the steps').click();
      await heading('Review');
      await applyAndWatch();
      await undoIt();
    });

    it('builds a RAMster cluster from nothing', async () => {
      await page.goto(`${base}#/clusters`);
      await page
        .getByRole('link', { name: /Build a (RAMster )?cluster/ })
        .or(page.getByRole('button', { name: /Build a (RAMster )?cluster/ }))
        .first()
        .click();
      await heading('Targets');
      for (const name of ['ram-1', 'ram-2', 'ram-3'])
        await page
          .getByRole('row', { name: new RegExp(name) })
          .getByRole('checkbox')
          .click();
      await button(/^Look at/).click();
      await heading('What was found');
      await review();
      await keepPicture(page, 'change-cluster-review');
      await applyAndWatch();
      await keepIt();
      await page.goto(`${base}#/clusters`);
      await see(/ram-1/);
      await expect.poll(() => page.getByText('ram-3').count(), { timeout: 60_000 }).toBeGreaterThan(0);
      await keepPicture(page, 'change-cluster-built');
    });

    it('sets what a Xen guest may take of tmem, with the sentence about what weights do not do', async () => {
      await page.goto(`${base}#/guests`);
      await page.getByRole('textbox', { name: /Name, host or UUID/ }).fill('crm');
      await page.getByRole('link', { name: 'crm', exact: true }).click();
      await see('Where it can be helped');
      await page
        .getByRole('link', { name: /share/i })
        .or(page.getByRole('button', { name: /share/i }))
        .first()
        .click();
      await heading('What was found');
      await button('Choose the settings').click();
      await heading('Settings');
      await see(/does not give|do not give|gives no/i);
      await page.getByLabel('Weight').fill('30');
      await button('Review the steps').click();
      await heading('Review');
      await see(/xl tmem-set -w 30/);
      await applyAndWatch();
      await undoIt();
    });

    it('gives several guests a balloon policy, chosen in the table of guests', async () => {
      await page.goto(`${base}#/guests`);
      for (const name of [/shop-02|portal-02|intranet-02|api-02/])
        await page.getByRole('row', { name }).first().waitFor();
      const rows = page.getByRole('row', { name: /(shop|portal|intranet|api)-02\d\d/ });
      for (let at = 0; at < 3; at++) await rows.nth(at).getByRole('checkbox').click();
      await see(/3 selected/);
      await button(/Change…|Change 3 guests/).click();
      await page
        .getByRole('menuitem', { name: /Balloon policy/ })
        .first()
        .click();
      await heading('What was found');
      await button('Choose the settings').click();
      await heading('Settings');
      await page.getByRole('textbox').first().fill('1400');
      await button('Review the steps').click();
      await heading('Review');
      await keepPicture(page, 'change-balloon-review');
      await applyAndWatch();
      await keepPicture(page, 'change-waves');
      await undoIt();
    });

    it('says of cleancache where there is none, and why', async () => {
      await page.goto(`${base}#/change/cleancache`);
      await heading('Targets');
      await page.keyboard.press('/');
      await page.keyboard.type('legacy');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.keyboard.press('Control+Enter');
      await heading('What was found');
      await see(/driver|command line|tmem/i);
      await keepPicture(page, 'change-cleancache');
    });

    it('lists what was done, and the journal’s chain holds', async () => {
      await page.goto(`${base}#/changes`);
      await see(/undone/i);
      await keepPicture(page, 'changes');
      await page.getByRole('tab', { name: 'Journal' }).click();
      await see(/chain holds/i);
      await keepPicture(page, 'changes-journal');
      expect(complaints).toEqual([]);
    });
  },
);

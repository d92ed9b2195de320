/**
 * A person without a host: from the first empty page into the lab with one click, through its pages with figures that
 * move, to another scenario and back. Pictures of every page are kept in tests/.work/pictures/, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { defaultSettings } from '#shared/model/settings.ts';

describe.skipIf(chromiumPath === undefined)(
  `the lab${chromiumPath === undefined ? ' (not run: there is no Chromium)' : ''}`,
  () => {
    let home: string;
    let running: RunningConsole;
    let browser: Browser;
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tmem-lab-journey-'));
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      running = await startConsole({ dataDir: join(home, 'data'), env: { HOME: home } });
      const core = await running.page();
      await core.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
      core.close();
      browser = await launchBrowser();
      ({ page, complaints } = await openPage(browser, running.url, { width: 1440, height: 900, theme: 'light' }));
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await keepPicture(page, task.name);
    });
    afterAll(async () => {
      await browser?.close();
      await running?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
    const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
    const band = () => page.getByRole('region', { name: 'Lab', exact: true });

    async function speedUp(): Promise<void> {
      await band().getByText('×10').click();
      await page.getByRole('radio', { name: '10 times as fast' }).waitFor();
    }

    it('opens with one click, and says on the page and in the title that it is the lab', async () => {
      await button('Open the lab').click();
      await band().waitFor();
      await see('First five minutes');
      for (const host of ['kvm-01', 'xen-01', 'ram-1', 'ram-2', 'ram-3']) await see(host);
      await expect.poll(() => page.getByText('Live', { exact: true }).count()).toBe(5);
      expect(await page.title()).toContain('Lab');
    });

    it('lets its time pass faster, and shows what happened', async () => {
      await speedUp();
      await page
        .getByText(/starts its big job/)
        .first()
        .waitFor({ timeout: 40_000 });
      const clock = () => band().innerText();
      const before = await clock();
      await expect.poll(clock, { timeout: 10_000 }).not.toBe(before);
      await keepPicture(page, 'lab-fleet');
    });

    it('shows a host’s pools, and whose they are', async () => {
      await page.getByRole('link', { name: 'xen-01' }).first().click();
      await page.getByRole('tab', { name: 'Pools' }).click();
      await see(/cleancache|ephemeral/i);
      await page
        .getByRole('link', { name: /erp-xen-01/ })
        .first()
        .waitFor();
      expect(await page.getByRole('table').first().getByRole('row').count()).toBeGreaterThan(3);
      await keepPicture(page, 'lab-pools');
    });

    it('lists guests of Xen beside those of libvirt', async () => {
      await page.getByRole('link', { name: 'Guests' }).first().click();
      await see(/15\sguests on 2\shosts/);
      await see('erp-xen-01');
      await see(/orders-db/);
      await keepPicture(page, 'lab-guests');
    });

    it('draws who lends RAM to whom, with figures that move', async () => {
      await page.getByRole('link', { name: 'Cluster' }).first().click();
      const card = page.getByRole('region', { name: /^Nodes of/ });
      await card.waitFor();
      await see(/if ram-3 dies/);
      const before = await card.innerText();
      await expect.poll(() => card.innerText(), { timeout: 15_000 }).not.toBe(before);
      await keepPicture(page, 'lab-cluster');
    });

    it('puts hosts under Monday-morning pressure', async () => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('Monday');
      await page.keyboard.press('Enter');
      await see('Monday-morning pressure');
      await expect.poll(() => page.getByText('kvm-06').count()).toBeGreaterThan(0);
      expect(await page.getByText('xen-01').count()).toBe(0);
      await speedUp();
      await page.getByText('Everybody logs in.').first().waitFor({ timeout: 40_000 });
      await see(/memory is short on|waiting for memory on/);
      await page.getByRole('link', { name: 'kvm-01' }).first().click();
      await see(/Saves [\d.]+ of/);
      await keepPicture(page, 'lab-monday-host');
    });

    it('is left without a trace on the screen', async () => {
      await button('Leave the lab').click();
      await button('Open the lab').waitFor();
      expect(await page.getByText(/kvm-0\d/).count()).toBe(0);
      expect(await band().count()).toBe(0);
      expect(await page.title()).not.toContain('Lab');
      expect(complaints).toEqual([]);
    });
  },
);

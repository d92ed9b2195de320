/**
 * A person looks back in the lab: what was saved and how that was counted, and figures followed over time. Pictures of
 * every page are kept in tests/.work/pictures/, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import Papa from 'papaparse';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { keepBothLooks, rowsOf, savedFile, wordsBeside } from '../support/page-reading.ts';
import { until } from '../support/until.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatClock } from '../../renderer/format/duration.ts';
import { formatRate } from '#shared/format/rate.ts';
import { defaultSettings } from '#shared/model/settings.ts';

/** `3 705 938 240 bytes` as a number. */
const exactly = (words: string): number =>
  Number(/^−?[\d\s.]+/.exec(words)?.[0].replace('−', '-').replaceAll(/\s/g, ''));

describe.skipIf(chromiumPath === undefined)(
  `the lab over time${chromiumPath === undefined ? ' (not run: there is no Chromium)' : ''}`,
  () => {
    let home: string;
    let running: RunningConsole;
    let browser: Browser;
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tmem-over-time-'));
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      running = await startConsole({ dataDir: join(home, 'data'), env: { HOME: home }, words: ['--lab=tour'] });
      const core = await running.page();
      await core.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
      core.close();
      browser = await launchBrowser();
      ({ page, complaints } = await openPage(browser, running.url, { width: 1440, height: 900, theme: 'light' }));
      await until('all hosts to be live', async () => (await page.getByText('Live', { exact: true }).count()) === 5);
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
    const goTo = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
    const region = (name: string) => page.getByRole('region', { name, exact: true });
    const verdict = () => page.locator('.verdict');
    const dialog = () => page.getByRole('dialog');
    const figureIn = (card: string, row: RegExp, nth: number) =>
      region(card).getByRole('row', { name: row }).getByRole('button').nth(nth);

    /** The figure of an open dialog, and what its own formula makes of the terms that it shows. */
    async function figureShown(): Promise<{ shown: number; counted: number; terms: readonly string[] }> {
      const shown = exactly(await dialog().locator('.exact').innerText());
      const [formula = ''] = await dialog().locator('dl code').allInnerTexts();
      const rows = await rowsOf(dialog().getByRole('table'));
      const terms = Object.fromEntries(rows.map(([name = '', value = '']) => [name.split('\n')[0], exactly(value)]));
      const script = formula.replaceAll('−', '-').replaceAll('×', '*').replaceAll('÷', '/');
      const counted: unknown = runInNewContext(script, { ...terms, min: Math.min, max: Math.max });
      return { shown, counted: Number(counted), terms: Object.keys(terms) };
    }

    const charts = () => page.getByRole('figure');
    /** Marks a part of the first chart, told as shares of its width from the left edge of its axis. */
    async function dragOver(from: number, to: number): Promise<void> {
      const box = await charts().first().locator('canvas').boundingBox();
      if (box === null) throw new Error('the chart has no canvas');
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width * from, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to, y, { steps: 5 });
      await page.mouse.up();
      await page.mouse.move(0, 0);
    }
    /** What was asked for last is drawn. */
    const settled = () => page.locator('.columns[aria-busy="false"]').waitFor();
    /** All that the charts show: their words, and their lines as the tables they turn into. */
    async function shownIn(of: Page): Promise<unknown> {
      const all = await of.getByRole('figure').all();
      const words = await Promise.all(all.map((one) => one.innerText()));
      for (const one of all) await one.getByRole('button', { name: 'Table' }).click();
      const rows = await Promise.all(all.map((one) => rowsOf(one.getByRole('table'))));
      for (const one of all) await one.getByRole('button', { name: 'Table' }).click();
      return { words, rows };
    }

    it('says what was saved and what it cost, in one sentence', async () => {
      await goTo('Savings');
      await see(/^Saved [\d.]+ of [\d.]+\sGiB on average over .*of time waited on the worst host/);
      await see(/of cache gained besides/);
      await keepBothLooks(page, 'over-time-savings');
    });

    it('opens a figure by keyboard to the formula that makes it', async () => {
      for (const [nth, name] of ['pages_sharing', 'ksm_zero_pages', 'general_profit'].entries()) {
        const figure = figureIn('Saved by mechanism', /^KSM/, nth);
        await figure.focus();
        await page.keyboard.press('Enter');
        const { shown, counted, terms } = await figureShown();
        expect(terms).toContain(name);
        expect(shown).toBeGreaterThan(1e8);
        // Means are shown to three decimals, and some are multiplied by the size of a page.
        expect(Math.abs(counted - shown)).toBeLessThan(16);
        if (nth === 1) await keepBothLooks(page, 'over-time-figure');
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
        await expect.poll(() => figure.evaluate((element) => element === document.activeElement)).toBe(true);
      }
    });

    it('adds up what is saved without what is gained as cache, down to the hosts', async () => {
      await figureIn('Saved by mechanism', /^All mechanisms/, 2).click();
      const sum = exactly(await dialog().locator('.exact').innerText());
      const parts = (await rowsOf(dialog().getByRole('table'))).map(([name = '', value = '']) => ({
        name,
        value: exactly(value),
      }));
      expect(parts.map(({ name }) => name)).toEqual(['zswap', 'KSM', 'Balloon', 'zcache', 'tmem, persistent']);
      await see(/of cache gained besides/);
      expect(Math.abs(parts.reduce((all, { value }) => all + value, 0) - sum)).toBeLessThan(1);
      await dialog()
        .getByRole('button', { name: /zcache/ })
        .press('Enter');
      await dialog()
        .getByRole('button', { name: /zcache.* on ram-1/ })
        .press('Enter');
      const { shown, counted } = await figureShown();
      expect(shown).toBeGreaterThan(1e6);
      expect(Math.abs(counted - shown)).toBeLessThan(64);
      await dialog()
        .getByRole('button', { name: /^Back to zcache/ })
        .click();
      await dialog()
        .getByRole('button', { name: /^Back to/ })
        .click();
      expect(exactly(await dialog().locator('.exact').innerText())).toBe(sum);
      await page.keyboard.press('Escape');
    });

    it('closes one layer at a time', async () => {
      await button(/^Hosts: All hosts/).click();
      await dialog().getByRole('radio', { name: /^Only/ }).check();
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      await region('Hosts').waitFor();
      expect(page.url()).toContain('#/savings');
    });

    it('tells money once a price is set, beside its assumption', async () => {
      await page.getByRole('link', { name: 'Set the price of RAM' }).click();
      const price = page.getByLabel('A GiB of RAM costs, per month');
      await price.fill('8 euros');
      expect(await wordsBeside(price)).toMatch(/plain number/);
      expect(await button('Keep this price').isDisabled()).toBe(true);
      await price.fill('8.50');
      await button('Keep this price').click();
      await see(/at this price/);
      await keepBothLooks(page, 'over-time-settings');
      await goTo('Savings');
      const card = region('In money');
      await card.getByText(/8\.5/).waitFor();
      const saved = exactly(await figureIn('Saved by mechanism', /^All mechanisms/, 2).innerText());
      const perMonth = () => card.locator('dd').nth(1).innerText();
      expect(Math.abs(exactly(await perMonth()) / 8.5 - saved)).toBeLessThan(0.02);
      // Both move on while the recording is young.
      await expect
        .poll(async () => (await verdict().innerText()).includes(`worth ${await perMonth()} per month`))
        .toBe(true);
      await card.scrollIntoViewIfNeeded();
      await keepBothLooks(page, 'over-time-money');
    });

    it('follows two figures of a host back over time', async () => {
      await goTo('History');
      await see('Nothing is chosen yet');
      await region('Whose figures')
        .getByRole('button', { name: /^kvm-01/ })
        .click();
      const figures = region('Figures of kvm-01');
      await figures.getByLabel('Memory available').check();
      await figures.getByLabel('Pages scanned').first().check();
      await button('5\u00a0min').click();
      await see(/^2 figures of kvm-01, the last 5\smin, a reading every 1\ss/);
      expect(await charts().count()).toBe(2);
      const twin = charts().first().getByRole('button', { name: 'Table' });
      await twin.click();
      await until('readings to look back at', async () => (await rowsOf(page.getByRole('table'))).length > 30);
      await twin.click();
      await keepBothLooks(page, 'over-time-history');
    });

    it('looks closer by dragging, and saves what is shown', async () => {
      await dragOver(0.94, 0.98);
      await button(/^Whole span/).waitFor();
      await see(/a reading every 1\ss/);
      expect(page.url()).toContain('zoom=');
      await settled();
      const file = await savedFile(page, () => button('Save CSV').click());
      expect(file.name).toMatch(/^history-kvm-01-\d{4}-\d\d-\d\d\.csv$/);
      const { data, meta } = Papa.parse<Record<string, string>>(String(file.bytes), {
        header: true,
        skipEmptyLines: true,
      });
      const lines = (meta.fields ?? []).slice(1);
      expect(lines).toEqual(['kvm-01: Memory available (bytes)', 'kvm-01: Pages scanned (pages per second)']);
      expect(data.length).toBeGreaterThan(8);
      const says = [formatBytes, formatRate];
      for (const [index, line] of lines.entries()) {
        await charts().nth(index).getByRole('button', { name: 'Table' }).click();
        const shown = await rowsOf(charts().nth(index).getByRole('table'));
        expect(shown).toEqual(
          data
            .filter((row) => row[line] !== '')
            .toReversed()
            .map((row) => [formatClock(Date.parse(row['time'] ?? ''), Date.now()), says[index]?.(Number(row[line]))]),
        );
      }
      await keepBothLooks(page, 'over-time-twins');
      for (const index of [0, 1]) await charts().nth(index).getByRole('button', { name: 'Table' }).click();
    });

    it('compares with the span before, and shows the same to whoever opens its address', async () => {
      await button(/^Compare with/).click();
      await page.getByRole('menuitemradio', { name: 'one span before' }).click();
      await see(/^Dashed: the same one span before, from/);
      await charts().first().getByText('Memory available, one span before', { exact: true }).waitFor();
      await settled();
      await keepBothLooks(page, 'over-time-compared');
      const bookmark = new URL(running.url);
      bookmark.hash = new URL(page.url()).hash;
      const colleague = await openPage(browser, bookmark.href, { width: 1440, height: 900, theme: 'light' });
      await colleague.page.getByText(/^Dashed: the same one span before/).waitFor();
      expect(await shownIn(colleague.page)).toEqual(await shownIn(page));
      expect(colleague.complaints).toEqual([]);
      await colleague.page.context().close();
    });

    it('says by its field what is wrong with a span', async () => {
      const [from, to] = [page.getByLabel('From', { exact: true }), page.getByLabel('To', { exact: true })];
      await from.fill('2026-01-02T10:00:00');
      await to.fill('2026-01-01T10:00:00');
      await button('Show this span').click();
      expect(await wordsBeside(to)).toBe('The end has to be after the beginning.');
      expect(await wordsBeside(from)).toBe('');
      await keepBothLooks(page, 'over-time-bad-span');
      await to.fill('2026-01-03T10:00:00');
      await button('Show this span').click();
      await see('Nothing of what is chosen was recorded in this span.');
      await keepBothLooks(page, 'over-time-silent-span');
      await button('Go to the last figures').click();
      await see(/^2 figures of kvm-01, .*\(24\sh\), in means of 2\smin/);
      await charts()
        .first()
        .getByText(/Memory available [\d.]+\sGiB/)
        .waitFor();
      expect(complaints).toEqual([]);
    });
  },
);

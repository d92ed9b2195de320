/**
 * A person makes a report of the lab: in every format, followed while it is made, taken away file by file, removed, and
 * another one cancelled. Pictures of every page are kept in tests/.work/pictures/, to be looked at.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { keepBothLooks, savedFile } from '../support/page-reading.ts';
import { until } from '../support/until.ts';
import type { ReportDocument } from '#shared/model/report.ts';
import { defaultSettings } from '#shared/model/settings.ts';

const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;

describe.skipIf(chromiumPath === undefined)(
  `reports of the lab${chromiumPath === undefined ? ' (not run: there is no Chromium)' : ''}`,
  () => {
    let home: string;
    let running: RunningConsole;
    let browser: Browser;
    let page: Page;
    let complaints: string[];
    const files = new Map<string, Buffer>();

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tmem-reports-journey-'));
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      running = await startConsole({ dataDir: join(home, 'data'), env: { HOME: home }, words: ['--lab=tour'] });
      const core = await running.page();
      await core.call('settings.set', {
        settings: { ...defaultSettings, intervalSeconds: 1, money: { pricePerGiBMonth: 4, currency: 'EUR' } },
      });
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
    const formats = () => page.getByRole('group', { name: 'Formats' });
    const preview = () => page.getByRole('region', { name: 'Preview' });
    const report = () => page.getByRole('row', { name: /^Savings report/ }).first();
    const document = () => JSON.parse(String(files.get('json'))) as ReportDocument;

    it('says what a report will answer before it is made, and what is missing', async () => {
      await page.getByRole('link', { name: 'Savings', exact: true }).first().click();
      await page.getByRole('link', { name: 'Make a report of this' }).click();
      await preview().getByText('What did we save?').waitFor();
      await preview()
        .getByText(/5 hosts did without [\d.]+\sGiB of RAM/)
        .waitFor();
      for (const format of ['PDF', 'XLSX']) await formats().getByLabel(format).uncheck();
      await button('Make the report').click();
      await see('Choose at least one format.');
      for (const format of ['PDF', 'HTML', 'XLSX', 'CSV', 'JSON']) await formats().getByLabel(format).check();
      await keepBothLooks(page, 'over-time-new-report');
    });

    it('makes it in every format, with its progress', async () => {
      await button('Make the report').click();
      await report().getByRole('progressbar').waitFor();
      await report()
        .getByText(/Being made/)
        .waitFor();
      await keepPicture(page, 'over-time-report-making');
      await report().getByText('Made', { exact: true }).waitFor();
      await report().getByText('Lab', { exact: true }).waitFor();
      await keepBothLooks(page, 'over-time-report');
    });

    it('gives its files away', async () => {
      for (const format of ['pdf', 'html', 'xlsx', 'json']) {
        const saved = await savedFile(page, () =>
          report()
            .getByTitle(new RegExp(`^Download .*\\.${format}$`))
            .click(),
        );
        expect(saved.name).toMatch(new RegExp(`^savings-\\d{4}-\\d\\d-\\d\\d\\.${format}$`));
        files.set(format, saved.bytes);
      }
      const menu = report().getByRole('button', { name: /^CSV/ });
      await menu.click();
      const tables = (await page.getByRole('menuitem').allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
      await keepPicture(page, 'over-time-report-tables');
      await page.keyboard.press('Escape');
      for (const [index, table] of tables.entries()) {
        await menu.click();
        const saved = await savedFile(page, () => page.getByRole('menuitem').nth(index).click());
        expect(saved.name).toMatch(new RegExp(`^savings-\\d{4}-\\d\\d-\\d\\d-${table}\\.csv$`));
        files.set(`csv ${table}`, saved.bytes);
      }
      expect(files.get('xlsx')?.subarray(0, 2).toString()).toBe('PK');
      expect(String(files.get('html'))).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
      expect([...files.keys()]).toEqual(expect.arrayContaining(['csv hosts', 'csv mechanisms', 'csv key-figures']));
    });

    it('tells the same in JSON as in CSV', () => {
      const { blocks, method, lab } = document();
      expect(lab).toBe(true);
      let compared = 0;
      for (const block of [...blocks, ...method]) {
        if (block.kind !== 'table') continue;
        const { id, columns, rows } = block.table;
        const { data } = Papa.parse<Record<string, string>>(String(files.get(`csv ${id}`)).replace('\ufeff', ''), {
          header: true,
          skipEmptyLines: true,
        });
        expect(data.length).toBe(rows.length);
        rows.forEach((row, at) =>
          row.forEach(({ value }, column) => {
            if (value === undefined) return;
            compared += 1;
            expect(Number(data[at]?.[columns[column]?.title ?? ''])).toBe(value);
          }),
        );
      }
      expect(compared).toBeGreaterThan(50);
    });

    it.skipIf(!canReadPdf)(
      `tells the same in the PDF, marked as of a lab${canReadPdf ? '' : ' (not run: there is no pdftotext)'}`,
      () => {
        expect(files.get('pdf')?.subarray(0, 4).toString()).toBe('%PDF');
        const read = spawnSync('pdftotext', ['-layout', '-', '-'], { input: files.get('pdf'), encoding: 'utf8' });
        const [first = '', ...others] = read.stdout.split('\f').filter((text) => text.trim() !== '');
        const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
        const said = document()
          .answers.flatMap(({ sentences }) => sentences)
          .join(' ');
        const figures = plain(said).match(/[\d.]+ ?(?:[KMG]iB|EUR|%|pages)/g) ?? [];
        expect(figures.length).toBeGreaterThan(10);
        // The words beside them are broken where the page ends a line.
        for (const figure of figures) expect(plain(first)).toContain(figure);
        for (const text of [first, ...others]) expect(text).toMatch(/\bLab\b/i);
      },
    );

    it('removes it after saying what goes', async () => {
      await button(/^Remove Savings report/).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/^Its \d+ files \([\d.]+\s[KM]iB\) are deleted from the console\./).waitFor();
      await keepBothLooks(page, 'over-time-report-remove');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await report().count()).toBe(1);
      await button(/^Remove Savings report/).click();
      await dialog.getByRole('button', { name: 'Remove the report' }).click();
      await see('No reports yet');
    });

    it('cancels one that is being made', async () => {
      await page.getByRole('link', { name: 'Make a report', exact: true }).click();
      await button('Make the report').click();
      await report().getByRole('button', { name: 'Cancel the report' }).click();
      await report().getByText('Cancelled', { exact: true }).waitFor();
      expect(
        await report()
          .getByTitle(/^Download/)
          .count(),
      ).toBe(0);
      await keepPicture(page, 'over-time-report-cancelled');
      expect(complaints).toEqual([]);
    });
  },
);

/**
 * A real host behind a real SSH server, and what the console still knows of it after it was killed, and after the host
 * went away: on its pages, in a report from a shell, and in reports that are made again and again. Pictures are kept in
 * tests/.work/pictures/, to be looked at.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import Papa from 'papaparse';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, keepPicture, launchBrowser, openPage } from '../support/browser.ts';
import { runCommand, startConsole } from '../support/console-process.ts';
import type { RunningConsole } from '../support/console-process.ts';
import { keepBothLooks, rowsOf, savedFile, wordsBeside } from '../support/page-reading.ts';
import { keygen, sshdObstacle, startSshd } from '../support/sshd.ts';
import type { Sshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatClock } from '../../renderer/format/duration.ts';
import type { ReportDocument } from '#shared/model/report.ts';
import { defaultSettings } from '#shared/model/settings.ts';

const obstacle = chromiumPath === undefined ? 'there is no Chromium' : sshdObstacle;

interface Reading {
  readonly at: string;
  readonly value: string;
}

describe.skipIf(obstacle !== undefined)(
  `a host over time${obstacle === undefined ? '' : ` (not run: ${obstacle})`}`,
  () => {
    let home: string;
    let sshd: Sshd;
    let running: RunningConsole;
    let browser: Browser;
    let page: Page;
    let complaints: string[];
    let before: readonly Reading[];

    const start = () => startConsole({ dataDir: join(home, 'data'), env: { HOME: home, SSH_AUTH_SOCK: '' } });
    const look = async (): Promise<void> => {
      ({ page, complaints } = await openPage(browser, running.url, { width: 1440, height: 900, theme: 'light' }));
    };
    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tmem-host-over-time-'));
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      sshd = await startSshd({ authorized: [keygen(join(home, 'id_plain'), '-t', 'ed25519', '-N', '')] });
      running = await start();
      const core = await running.page();
      await core.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
      core.close();
      browser = await launchBrowser();
      await look();
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await keepPicture(page, task.name);
    });
    afterAll(async () => {
      await browser?.close();
      await running?.stop();
      await sshd?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
    const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
    const link = (name: string | RegExp) => page.getByRole('link', { name }).first();
    const twin = () => page.getByRole('figure').first();
    async function openHost(): Promise<void> {
      await link('Fleet').click();
      await link('alpha').click();
      await page.getByRole('heading', { name: 'alpha' }).waitFor();
    }
    /** The readings of the last five minutes, as the History page saves them. */
    async function readings(): Promise<readonly Reading[]> {
      const { bytes } = await savedFile(page, () => button('Save CSV').click());
      const rows = Papa.parse<string[]>(String(bytes), { skipEmptyLines: true }).data;
      expect(rows[0]).toEqual(['time', 'alpha: Memory available (bytes)']);
      return rows.slice(1).map(([at = '', value = '']) => ({ at, value }));
    }

    it('is watched for a while, and followed in the history', async () => {
      await link('Add a host').click();
      await page.getByLabel('Address', { exact: true }).fill('127.0.0.1');
      await page.getByLabel('Port').fill(String(sshd.port));
      await page.getByLabel('User').fill(userInfo().username);
      await page.getByLabel('Name').fill('alpha');
      await button('Check the key').click();
      await button(/^Trust this key/).click();
      await button('Choose the login').click();
      await page.getByLabel('Key file').check();
      await page.getByLabel('Path of the private key').fill(join(home, 'id_plain'));
      await button('Test the login').click();
      await button('Save alpha').click();
      await page.getByRole('heading', { name: 'alpha' }).waitFor();
      await link('History').click();
      await page
        .getByRole('region', { name: 'Whose figures' })
        .getByRole('button', { name: /^alpha/ })
        .click();
      await page.getByRole('region', { name: 'Figures of alpha' }).getByLabel('Memory available').check();
      await button('5\u00a0min').click();
      await twin().getByRole('button', { name: 'Table' }).click();
      await until('a dozen readings', async () => (await rowsOf(twin().getByRole('table'))).length >= 12);
      before = await readings();
      expect(before.length).toBeGreaterThanOrEqual(12);
    });

    it('loses nothing of it when the console is killed', async () => {
      const view = new URL(page.url()).hash;
      await page.context().close();
      await running.stop('SIGKILL');
      // Two and a half intervals without a reading are a gap; a console that is back sooner leaves none.
      const lastRead = Date.parse(before.at(-1)?.at ?? '');
      await until('a silence long enough to be one', () => Date.now() - lastRead > 5000);
      running = await start();
      await look();
      await openHost();
      await twin().getByRole('button', { name: 'Table' }).click();
      const clocks = before.map(({ at }) => formatClock(Date.parse(at), Date.now()));
      await until('figures from before on the page of the host', async () => {
        const shown = (await rowsOf(twin().getByRole('table'))).map(([clock]) => clock);
        return clocks.slice(0, -1).every((clock) => shown.includes(clock));
      });
      await keepBothLooks(page, 'over-time-host-killed');

      await page.goto(`${page.url().split('#')[0] ?? ''}${view}`);
      await twin().getByRole('button', { name: 'Table' }).click();
      await until(
        'readings after the silence',
        async () => (await rowsOf(twin().getByRole('table'))).length >= before.length + 6,
      );
      await twin().getByRole('button', { name: 'Table' }).click();
      const after = await readings();
      const times = after.map(({ at }) => at);
      expect([...new Set(times)].sort()).toEqual(times);
      // All that was acknowledged, but for the last one at most.
      expect(after).toEqual(expect.arrayContaining(before.slice(0, -1)));
      const silence = after.findIndex(({ value }) => value === '');
      expect(after.filter(({ value }) => value === '')).toHaveLength(1);
      expect(silence).toBeGreaterThanOrEqual(before.length - 1);
      expect(Date.parse(times[silence + 1] ?? '') - Date.parse(times[silence - 1] ?? '')).toBeGreaterThan(2000);
      await keepBothLooks(page, 'over-time-killed');
    });

    it('makes a report of it from a shell while the console runs', async () => {
      const out = join(home, 'reports');
      const words = ['report', 'savings', '--last', '1h', '--format', 'json,csv', '--out', out];
      const ended = await runCommand([...words, '--data-dir', running.dataDir], { env: { HOME: home } });
      expect(ended).toMatchObject({ status: 0 });
      const files = ended.stdout.trim().split('\n');
      expect(files.map((path) => basename(path)).sort()).toEqual(readdirSync(out).sort());
      const fileOf = (end: string): string => readFileSync(files.find((path) => path.endsWith(end)) ?? '', 'utf8');
      const { subject, lab, blocks } = JSON.parse(fileOf('.json')) as ReportDocument;
      expect([subject, lab]).toEqual(['alpha', false]);
      const [table] = blocks.flatMap((block) =>
        block.kind === 'table' && block.table.id === 'hosts' ? [block.table] : [],
      );
      const csv = Papa.parse<Record<string, string>>(fileOf('-hosts.csv').replace('\ufeff', ''), { header: true })
        .data[0];
      const told = Object.fromEntries(
        (table?.columns ?? []).map(({ title }, index) => [title, table?.rows[0]?.[index]]),
      );
      for (const [title, cell] of Object.entries(told))
        if (cell?.value !== undefined) expect(Number(csv?.[title])).toBe(cell.value);
      const ram = Number(/^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
      expect(told['Host']?.text).toBe('alpha');
      expect(told['RAM']?.value).toBe(ram);

      await link('Savings').click();
      await page
        .getByRole('region', { name: 'Hosts', exact: true })
        .getByRole('row', { name: /alpha/ })
        .getByText(formatBytes(ram))
        .waitFor();
    });

    it('keeps what is known of it when it is gone', async () => {
      await sshd.stop();
      await openHost();
      await see(/Last heard/);
      await twin().getByRole('link', { name: 'Open in History' }).click();
      await see(/figures of alpha, the last 15\smin, a reading every 1\ss/);
      await page.getByRole('region', { name: 'Figures of alpha' }).getByLabel('Memory available').check();
      const memory = page.getByRole('figure').filter({ hasText: 'Memory available' });
      await memory.getByRole('button', { name: 'Table' }).click();
      const clocks = (await rowsOf(memory.getByRole('table'))).map(([clock]) => clock);
      expect(clocks).toEqual(
        expect.arrayContaining(before.slice(0, -1).map(({ at }) => formatClock(Date.parse(at), Date.now()))),
      );
      await keepBothLooks(page, 'over-time-gone');
    });

    it('has a report made again and again, once the folder for it is there', async () => {
      const folder = join(home, 'meeting');
      await link('Reports').click();
      await page.getByRole('tab', { name: /^Schedules/ }).click();
      await button('Add a schedule').click();
      const dialog = page.getByRole('dialog');
      const field = dialog.getByLabel('Folder for a copy');
      await dialog.getByLabel('Name').fill('');
      await field.fill('reports');
      await dialog.getByRole('button', { name: 'Keep the schedule' }).click();
      expect(await wordsBeside(dialog.getByLabel('Name'))).toMatch(/^A name is needed/);
      expect(await wordsBeside(field)).toMatch(/^The whole path is needed/);
      await dialog.getByLabel('Name').fill('Monday meeting');
      await field.fill(folder);
      await dialog.getByRole('button', { name: 'Keep the schedule' }).click();
      await expect
        .poll(() => wordsBeside(field))
        .toBe(`There is no folder ${folder}. Make it first, or choose another.`);
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      await keepBothLooks(page, 'over-time-schedule-wrong');
      mkdirSync(folder);
      await dialog.getByRole('button', { name: 'Keep the schedule' }).click();
      await dialog.waitFor({ state: 'detached' });
      const row = page.getByRole('row', { name: /Monday meeting/ });
      await row.getByText('Every Monday at 06:00').waitFor();
      await row.getByText(folder).waitFor();
      const next = new Date(/\d{4}-\d\d-\d\d \d\d:\d\d/.exec(await row.innerText())?.[0] ?? '');
      expect([next.getDay(), next.getHours(), next.getMinutes()]).toEqual([1, 6, 0]);
      expect(next.getTime() - Date.now()).toBeGreaterThan(0);
      expect(next.getTime() - Date.now()).toBeLessThan(8 * 86_400_000);
      await see(/Monday meeting is due at/);
      await keepBothLooks(page, 'over-time-schedule');
      expect(complaints).toEqual([]);
    });
  },
);

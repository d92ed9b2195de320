/** What a person reads off a page and takes away from it: the rows of a table, a file that is saved, pictures of both looks. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { keepPicture } from './browser.ts';

/** The texts of all cells of the body, row by row. */
export const rowsOf = (table: Locator): Promise<string[][]> =>
  table.evaluate((element) =>
    [...element.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => (cell as HTMLElement).innerText.trim()),
    ),
  );

/** The file that comes of what is done. */
export async function savedFile(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** The page as it is, and the same on a small dark screen. */
export async function keepBothLooks(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  await keepPicture(page, `${name}-light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1024, height: 700 });
  await chartsFit(page);
  await keepPicture(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  if (before !== null) await page.setViewportSize(before);
  await chartsFit(page);
}

/** Charts are drawn anew a moment after the window has another size. */
async function chartsFit(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('figure [data-box]')].every(
      (box) => box.clientWidth === 0 || box.querySelector('canvas')?.clientWidth === box.clientWidth,
    ),
  );
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** What stands by a field: its hint, or what is wrong with it. */
export const wordsBeside = (field: Locator): Promise<string> =>
  field.evaluate((element) => {
    const id = element.getAttribute('aria-describedby');
    return (id === null ? undefined : document.getElementById(id)?.textContent)?.trim() ?? '';
  });

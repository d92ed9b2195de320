/**
 * Draws build/icon.png from build/icon.svg: `node scripts/icon.ts`. Run by hand after the drawing was changed; the
 * packages and the window take the PNG. Needs a Chromium, named by CHROMIUM or installed as the system's.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const build = fileURLToPath(new URL('../build/', import.meta.url));
const side = 1024;

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const svg = await readFile(`${build}icon.svg`, 'utf8');
  await page.setContent(`<style>html,body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  await writeFile(`${build}icon.png`, await page.screenshot({ omitBackground: true }));
} finally {
  await browser.close();
}
process.stdout.write(`build/icon.png: ${side} × ${side}\n`);

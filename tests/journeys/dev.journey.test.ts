/** `npm run dev`: the pages as they are edited, with the real core behind the same door. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chromiumPath, launchBrowser, openPage } from '../support/browser.ts';
import { until } from '../support/until.ts';

const script = fileURLToPath(new URL('../../scripts/dev.ts', import.meta.url));

it.skipIf(chromiumPath === undefined)('shows the first page, connected to the core', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tmem-dev-'));
  const child = spawn(process.execPath, [script, '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
  const browser = await launchBrowser();
  try {
    await until('its address', () => /console ready: \S+\n/.test(said));
    const url = /console ready: (\S+)/.exec(said)?.[1] ?? '';
    const { page } = await openPage(browser, url, { width: 1024, height: 700, theme: 'light' });
    // Offered only once the core has told that there are no hosts, and which scenarios there are.
    const lab = page.getByRole('button', { name: 'Open the lab' }).first();
    await lab.waitFor();
    expect(await lab.isEnabled()).toBe(true);
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** A report through a real Chromium: pages, page numbers, properties, and the figures as text. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findChromium } from '#core/reports/writers/chromium.ts';
import { writeReport } from '#core/reports/writers/write.ts';
import { guestsTable, sampleReport } from '../../../../support/report-sample.ts';

it('prints on A4 with numbers, heads that repeat, and the lab on every page', async ({ skip }) => {
  if ((await findChromium()) === undefined) return skip();
  const { files, notes } = await writeReport(sampleReport({ lab: true }), 'pdf', {
    signal: new AbortController().signal,
  });
  expect(notes.join(' ')).toMatch(/laid out by .*chrom/i);
  const folder = mkdtempSync(join(tmpdir(), 'tmem-pdf-'));
  try {
    const file = join(folder, 'x.pdf');
    writeFileSync(file, files[0]?.bytes ?? '');
    const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
    expect(info).toMatch(/Title: +Savings: 20 hosts, among them <script>/);
    expect(info).toMatch(/Page size: .*A4/);
    const pages = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
    pages.forEach((page, index) => {
      expect(page).toContain(`${index + 1} of ${pages.length}`);
      expect(page).toContain('Lab data: simulated');
    });
    expect(pages[0]).toContain('21.30 GiB');
    for (const page of pages.slice(3, -1)) expect(page).toMatch(/Guest +Host +Saved/);
    const all = pages.join('\n');
    for (const row of guestsTable().rows.slice(20)) expect(all.includes(row[0]?.text ?? '')).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

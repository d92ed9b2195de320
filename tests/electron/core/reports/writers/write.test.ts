/** Who writes a report's files, what is told about it, and that cancelling ends it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReportFormat } from '#shared/model/report.ts';
import { writeReport } from '#core/reports/writers/write.ts';
import { guestsTable, sampleReport } from '../../../../support/report-sample.ts';

const signal = new AbortController().signal;
const none = (): Promise<undefined> => Promise.resolve(undefined);
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const small = sampleReport({ blocks: sampleReport().blocks.slice(0, 4) });

/** Undefined where poppler is not installed. */
function pdfText(bytes: Uint8Array | undefined, tool = 'pdftotext'): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tmem-pdf-'));
  const file = join(folder, 'x.pdf');
  writeFileSync(file, bytes ?? '');
  try {
    return execFileSync(tool, tool === 'pdfinfo' ? [file] : ['-layout', file, '-'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('writing', () => {
  it.each<[ReportFormat, string[], RegExp]>([
    ['html', ['savings.html'], /^<!doctype html>/],
    ['json', ['savings.json'], /^\{/],
    ['csv', ['savings-key-figures.csv', 'savings-mechanisms.csv', 'savings-chart-savings.csv'], /^Figure/],
    ['xlsx', ['savings.xlsx'], /^PK/],
  ])('%s', async (format, names, begin) => {
    const { files, notes } = await writeReport(small, format, { signal });
    expect(files.map(({ name }) => name)).toEqual(names);
    expect(text(files[0]?.bytes)).toMatch(begin);
    expect(notes).toEqual([]);
  });

  it('a PDF by the printer that is handed in, from the HTML', async () => {
    let given = '';
    const { files, notes } = await writeReport(small, 'pdf', {
      signal,
      find: () => Promise.reject(new Error('nobody looks for a browser')),
      pdf: async (html) => {
        given = html;
        return new TextEncoder().encode('%PDF-handed');
      },
    });
    expect(given.startsWith('<!doctype html>')).toBe(true);
    expect(text(files[0]?.bytes)).toBe('%PDF-handed');
    expect(notes).toEqual(["The PDF was laid out by the console's own window."]);
  });

  it('a PDF by the next one when one fails, and says so', async () => {
    const browser = fileURLToPath(new URL('./fake-browser.mjs', import.meta.url));
    const { files, notes } = await writeReport(small, 'pdf', {
      signal,
      find: () => Promise.resolve(browser),
      pdf: () => Promise.reject(new Error('the window is gone')),
    });
    expect(text(files[0]?.bytes)).toMatch(/^%PDF-1\.4 of \d+$/);
    expect(notes[0]).toBe("The console's own window could not print the PDF: the window is gone.");
    expect(notes[1]).toContain(`laid out by ${browser}`);
    expect(notes[1]?.includes('as root')).toBe(process.getuid?.() === 0);
  });

  it('a PDF without any browser, with the figures in it', async () => {
    const { files, notes } = await writeReport(small, 'pdf', { signal, find: none });
    expect(notes).toEqual(['No browser engine was found: the PDF was laid out by the console itself.']);
    expect(text(files[0]?.bytes.subarray(0, 5))).toBe('%PDF-');
    const shown = pdfText(files[0]?.bytes);
    if (shown === undefined) return;
    for (const words of [
      '21.30 GiB',
      'What did it cost?',
      '<script>alert(1)</script>',
      'Zswapped − Zswap',
      'Some tasks wait',
      'Method and definitions',
      '1 of ',
    ])
      expect(shown).toContain(words);
    expect(pdfText(files[0]?.bytes, 'pdfinfo')).toMatch(/Title: +Savings: 20 hosts.*\n(.*\n)*Page size: .*A4/);
  });

  it('a long table without any browser: its head on each page, its rows whole, the lab on every page', async () => {
    const document = sampleReport({ lab: true, blocks: [{ kind: 'table', table: guestsTable(150) }] });
    const { files, notes } = await writeReport(document, 'pdf', { signal, find: none });
    expect(notes.at(-1)).toContain('outside Latin');
    const pages = pdfText(files[0]?.bytes)?.split('\f').slice(0, -1);
    if (pages === undefined) return;
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages.slice(1, -1)) {
      expect(page).toMatch(/Guest +Host +Saved/);
      expect(page).toContain('Lab data: simulated');
    }
    const rows = guestsTable(150).rows.slice(20);
    for (const row of rows) expect(pages.some((page) => page.includes(row[0]?.text ?? ''))).toBe(true);
  });

  it('ends when it is cancelled, before and while it writes', async () => {
    await expect(writeReport(small, 'html', { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow(
      'early',
    );
    const cancel = new AbortController();
    const writing = writeReport(sampleReport({ blocks: [{ kind: 'table', table: guestsTable(20_000) }] }), 'pdf', {
      signal: cancel.signal,
      find: none,
    });
    const outcome = expect(writing).rejects.toThrow('late');
    setTimeout(() => cancel.abort(new Error('late')), 300);
    const began = performance.now();
    await outcome;
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('does not fall back to another printer when it was cancelled', async () => {
    const cancel = new AbortController();
    const pdf = (): Promise<Uint8Array> => {
      cancel.abort(new Error('not wanted'));
      return Promise.reject(new Error('closed'));
    };
    await expect(writeReport(small, 'pdf', { signal: cancel.signal, pdf, find: none })).rejects.toThrow('not wanted');
  });
});

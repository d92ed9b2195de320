/** HTML, CSV, XLSX and JSON of one report: each safe to open, and all telling the same figures to the last unit. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportCell, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { reportCsv } from '#core/reports/writers/csv.ts';
import { reportHtml } from '#core/reports/writers/html.ts';
import { reportJson } from '#core/reports/writers/json.ts';
import { reportXlsx } from '#core/reports/writers/xlsx.ts';
import { bytes, guestsTable, hostile, sampleChart, sampleReport } from '../../../../support/report-sample.ts';
import { unzip, workbook } from '../../../../support/zip.ts';

const csvOf = (document: ReportDocument, name: string): string[][] => {
  const text = reportCsv(document).find((file) => file.name === name)?.text ?? '';
  return Papa.parse<string[]>(text.replace('\ufeff', ''), { skipEmptyLines: true }).data;
};
const table = (id: string, rows: ReportCell[][], titles = ['A', 'B']): ReportTable => ({
  id,
  title: id,
  columns: titles.map((title) => ({ title, align: 'left' })),
  rows,
});
const withTables = (...tables: ReportTable[]): ReportDocument =>
  sampleReport({ blocks: tables.map((one) => ({ kind: 'table', table: one })) });

describe('HTML', () => {
  const html = reportHtml(sampleReport());

  it('needs nothing from outside and allows nothing to run', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`);
    const tags = html.match(/<[^>]*>/g) ?? [];
    expect(
      tags.filter((tag) => /^<(script|link|img|iframe|object|embed|base|form)|\s(style|src|href|on\w+)\s*=/i.test(tag)),
    ).toEqual([]);
    expect(style.includes('@import')).toBe(false);
    expect(html.match(/url\([^)]*\)/g)?.filter((one) => !one.startsWith('url(#')) ?? []).toEqual([]);
  });

  it('writes every name as text', () => {
    expect(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;')).toBe(true);
    expect(html.includes('\u202e')).toBe(false);
    expect(html.includes('\u0007')).toBe(false);
    expect(html.includes('漢字の名前')).toBe(true);
    const title = reportHtml(sampleReport({ title: `</style></title>"\\${hostile.script}` }));
    expect(/<script|<\/style><\/title>/.test(title)).toBe(false);
    expect(title.match(/<\/style>/g)?.length).toBe(1);
  });

  it('keeps a sentence from left to right around a name that is not', () => {
    const answers = [{ question: 'What?', sentences: ['خادم-٠١ (86 %, 2 of 3): a <b>'] }];
    const page = reportHtml(sampleReport({ answers }));
    expect(page).toContain('<p><bdi>خادم-٠١</bdi> (86 %, 2 of 3): a &lt;b&gt;</p>');
  });

  it('cannot be broken out of by any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const hidden = reportHtml(
          sampleReport({
            title: text,
            subject: text,
            madeBy: text,
            blocks: [],
            method: [{ kind: 'text', sentences: [text] }],
          }),
        );
        const plain = reportHtml(
          sampleReport({
            title: 'x',
            subject: 'x',
            madeBy: 'x',
            blocks: [],
            method: [{ kind: 'text', sentences: ['x'] }],
          }),
        );
        // But for the marks of direction, which are of the console's own making and hold nothing.
        const tags = (page: string): string[] =>
          page
            .replace(/<\/?bdi>/g, '')
            .match(/<[^>]*>/g)
            ?.map((tag) => tag.split(/[\s>]/)[0] ?? '') ?? [];
        expect(tags(hidden)).toEqual(tags(plain));
      }),
    );
  });

  it('has the full value beside each figure, aligned right, under a head that repeats', () => {
    expect(html.includes('<data value="-1234567" data-unit="bytes">')).toBe(true);
    expect(/<td class="n"><data value="4096"/.test(html)).toBe(true);
    expect(html.includes('<thead>')).toBe(true);
    expect(html.includes('thead{display:table-header-group}')).toBe(true);
    expect(html.includes('tr{break-inside:avoid}')).toBe(true);
  });

  it('marks what comes from the lab on every page, and only that', () => {
    expect(html.includes('simulated')).toBe(false);
    const lab = reportHtml(sampleReport({ lab: true }));
    expect(lab.includes('<p class="lab">Lab data: simulated</p>')).toBe(true);
    expect(/\.watermark\{position:fixed/.test(lab)).toBe(true);
    expect(lab.includes('<div class="watermark" aria-hidden="true"><span>Lab data: simulated</span></div>')).toBe(true);
  });
});

describe('CSV', () => {
  it('has a mark at its front, CRLF, one file for each table and chart', () => {
    const files = reportCsv(sampleReport());
    expect(files.map(({ name }) => name)).toEqual([
      'savings-key-figures.csv',
      'savings-mechanisms.csv',
      'savings-guests.csv',
      'savings-none.csv',
      'savings-chart-savings.csv',
    ]);
    for (const { text } of files) {
      expect(text.startsWith('\ufeff')).toBe(true);
      expect(text.endsWith('\r\n')).toBe(true);
    }
  });

  it('defuses what a spreadsheet would run, and leaves numbers numbers', () => {
    const [header, ...rows] = csvOf(sampleReport(), 'savings-guests.csv');
    expect(header?.slice(0, 4)).toEqual(['Guest', 'Host', 'Saved', 'Saved, unit']);
    const names = rows.map(([name]) => name);
    for (const name of [hostile.formula, hostile.plus, hostile.at, hostile.minus, hostile.spaced]) {
      expect(names).toContain(`'${name}`);
      expect(names).not.toContain(name);
    }
    expect(rows[1]?.slice(6, 8)).toEqual(['-115798372', 'bytes']);
    expect(rows[0]?.slice(4, 6)).toEqual(['', '']);
    expect(rows[8]?.[0]).toBe(hostile.quote);
  });

  it('defuses any text behind blanks and marks that do not show', () => {
    const lead = fc.constantFrom('', ' ', '\t', '\r\n', '\u200b', '\ufeff', '\u00a0', '\u202e');
    const sign = fc.constantFrom('=', '+', '-', '@', '＝', '＋', '－', '＠');
    fc.assert(
      fc.property(lead, sign, fc.string(), (before, first, rest) => {
        // What stands behind a semicolon has a test of its own.
        const name = `${before}${first}${rest.replaceAll(';', '')}`;
        const rows = csvOf(withTables(table('t', [[{ text: name }, { text: 'x' }]])), 'savings-t.csv');
        expect(rows[1]?.[0]).toBe(`'${name}`);
      }),
    );
  });

  it('defuses what becomes a cell of its own where lists are separated by semicolons', () => {
    const cells = [{ text: 'db;=cmd|x!A0' }, { text: 'web; @SUM(A1)' }, { text: 'a; b;c' }];
    const rows = csvOf(
      withTables(
        table(
          't',
          cells.map((cell) => [cell, cell]),
        ),
      ),
      'savings-t.csv',
    );
    expect(rows.slice(1).map(([first]) => first)).toEqual(["db;'=cmd|x!A0", "web;' @SUM(A1)", 'a; b;c']);
  });

  it('of the lab says so in each row of each file', () => {
    for (const { name } of reportCsv(sampleReport({ lab: true }))) {
      const [header, ...rows] = csvOf(sampleReport({ lab: true }), name);
      expect(header?.at(-1)).toBe('Origin');
      expect(new Set(rows.map((row) => row.at(-1)))).toEqual(new Set(rows.length === 0 ? [] : ['Lab data: simulated']));
    }
    expect(csvOf(sampleReport(), 'savings-guests.csv')[0]?.at(-1)).not.toBe('Origin');
  });

  it('tells times as ISO 8601 and leaves gaps empty', () => {
    const chart = sampleChart(20);
    const rows = csvOf(sampleReport({ blocks: [{ kind: 'chart', chart }] }), 'savings-chart-savings.csv');
    expect(rows[1]?.[0]).toBe(new Date(chart.from).toISOString());
    expect(Number(rows[1]?.[1])).toBe(chart.lines[0]?.values[0]);
    expect(rows[13]?.slice(1)).toEqual(Array.from({ length: 18 }, () => ''));
  });
});

describe('XLSX', () => {
  let file: Uint8Array;
  beforeAll(async () => {
    file = await reportXlsx(sampleReport({ lab: true }));
  });

  it('has the answers, a sheet for each table, and the method', () => {
    const book = workbook(file);
    expect([...book.keys()]).toEqual([
      'Summary',
      'Key figures',
      'By mechanism',
      'Guests',
      'Changes',
      'Chart Savings over harm',
      'Method',
    ]);
    const summary = book.get('Summary') ?? [];
    expect(summary[1]).toEqual(['Origin', 'Lab data: simulated']);
    expect(summary.flat()).toContain('On average 21.3 GiB of 128 GiB were not needed.');
    expect(book.get('Method')?.flat()).toContain('Stocks are means over the time that is known.');
  });

  it('holds numbers as numbers under a title with their unit, and texts as texts', () => {
    const [header, first, second] = workbook(file).get('Guests') ?? [];
    expect(header).toEqual([
      'Guest',
      'Host',
      'Saved',
      'Saved, bytes',
      'Overhead',
      'Overhead, bytes',
      'Net',
      'Net, bytes',
      'Waiting',
      'Waiting, percent',
      'Swap-ins, pages',
      'Origin',
    ]);
    expect(first?.[0]).toBe(hostile.formula);
    expect(second?.slice(6, 8)).toEqual(['−0.11\u00a0GiB', -115798372]);
    expect(first?.[5]).toBeUndefined();
  });

  it('has no formula, a head that stays, and the unit beside where it differs', () => {
    const sheets = [...unzip(file)].filter(([name]) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name));
    expect(sheets.length).toBe(7);
    for (const [, xml] of sheets) expect(/<f[\s>]/.test(xml)).toBe(false);
    expect(/<pane [^>]*ySplit="1"[^>]*state="frozen"/.test(sheets[3]?.[1] ?? '')).toBe(true);
    expect(workbook(file).get('By mechanism')?.[0]).toEqual([
      'Mechanism',
      'Net',
      'Net, value',
      'Net, unit',
      'Formula',
      'Origin',
    ]);
  });

  it('gives every sheet a name of its own that a workbook allows', async () => {
    const titles = [
      '',
      "'",
      'History',
      'history',
      'a/b\\c?d*e[f]:g',
      'x'.repeat(80),
      'x'.repeat(90),
      'X'.repeat(80),
      '😀'.repeat(40),
      'Summary',
      '\u0000',
    ];
    const book = workbook(
      await reportXlsx(
        withTables(...titles.map((title, i) => ({ ...table(`t${i}`, [[{ text: 'a' }, { text: 'b' }]]), title }))),
      ),
    );
    const names = [...book.keys()];
    expect(names.length).toBe(titles.length + 2);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    for (const name of names) {
      expect(name).toMatch(/^[^[\]:*?/\\]{1,31}$/);
      expect(name).not.toMatch(/^'|'$|^history$/i);
      expect(name).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('takes any text, however long or strange', async () => {
    const texts = [...Object.values(hostile), 'x'.repeat(40_000), '\ud800', '&<>"', '_x0041_'];
    const rows =
      workbook(
        await reportXlsx(
          withTables(
            table(
              't',
              texts.map((text) => [{ text }, { text: 'b' }]),
            ),
          ),
        ),
      ).get('t') ?? [];
    expect(rows.length).toBe(texts.length + 1);
    expect(rows[texts.indexOf('&<>"') + 1]?.[0]).toBe('&<>"');
    expect(String(rows[texts.indexOf('x'.repeat(40_000)) + 1]?.[0]).length).toBe(32_767);
  });
});

describe('all formats', () => {
  it('tell the same figures to the last unit', async () => {
    const figure = fc.oneof(
      fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(figure, { minLength: 1, maxLength: 8 }), async (values) => {
        const document = withTables(
          table(
            't',
            values.map((value) => [{ text: 'name' }, bytes(value)]),
          ),
        );
        // A negative zero is a zero to everybody.
        const wanted = values.map((value) => value || 0);
        const json = JSON.parse(reportJson(document)) as ReportDocument;
        const [block] = json.blocks;
        expect(block?.kind === 'table' ? block.table.rows.map((row) => row[1]?.value) : []).toEqual(wanted);
        expect(
          csvOf(document, 'savings-t.csv')
            .slice(1)
            .map((row) => Number(row[1]) || 0),
        ).toEqual(wanted);
        const rows = workbook(await reportXlsx(document)).get('t') ?? [];
        expect(rows.slice(1).map((row) => Number(row.at(-1)) || 0)).toEqual(wanted);
        const html = [...reportHtml(document).matchAll(/<data value="([^"]*)" data-unit="bytes">/g)].map(
          ([, value]) => Number(value) || 0,
        );
        expect(html).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  });

  it('hold the sample: 500 guests, summed', async () => {
    const document = sampleReport();
    const net = guestsTable().rows.reduce((sum, row) => sum + (row[4]?.value ?? 0), 0);
    const csv = csvOf(document, 'savings-guests.csv').slice(1);
    expect(csv.length).toBe(500);
    expect(csv.reduce((sum, row) => sum + Number(row[6]), 0)).toBe(net);
    const sheet = (workbook(await reportXlsx(document)).get('Guests') ?? []).slice(1, 501);
    expect(sheet.reduce((sum, row) => sum + Number(row[7]), 0)).toBe(net);
    expect(JSON.parse(reportJson(document))).toMatchObject({
      schema: 'tmem-console.report',
      schemaVersion: 1,
      kind: 'savings',
    });
  });
});

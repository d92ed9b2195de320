/**
 * A report as a workbook: a sheet with the answers, one for each table, one for the method. A column of figures is
 * followed by one with the full values as numbers, whose title says the unit. Texts are typed as text, so that a name
 * that looks like a formula stays a name.
 */
import { absent } from '#shared/format/absent.ts';
import writeExcelFile from 'write-excel-file/node';
import type { CellObject, Row, SheetData } from 'write-excel-file/node';
import type { ReportBlock, ReportDocument } from '#shared/model/report.ts';
import { spanWords } from './chart-time.ts';
import { labWords, madeWords } from './html.ts';
import { printable } from './plain-text.ts';
import { isFigure, sheetsOf, type Sheet, type SheetCell, type SheetColumn } from './tables.ts';

interface Page {
  readonly data: SheetData;
  readonly sheet: string;
  readonly columns: { width: number }[];
  readonly stickyRowsCount?: number;
}

export async function reportXlsx(document: ReportDocument): Promise<Uint8Array> {
  const free = sheetNames();
  const pages: Page[] = [
    { data: summary(document), sheet: free('Summary'), columns: [{ width: 28 }, { width: 110 }] },
    ...sheetsOf(document).map((sheet) => tablePage(sheet, free(sheet.title))),
    { data: method(document), sheet: free('Method'), columns: [{ width: 120 }] },
  ];
  return writeExcelFile(pages, { fontFamily: 'Calibri', fontSize: 11 }).toBuffer();
}

/** A cell of a workbook holds so many characters; what is longer makes the file unreadable. */
const longestText = 32_767;

const text = (value: string, more: Partial<CellObject> = {}): CellObject => {
  const shown = printable(value);
  return { value: shown.length > longestText ? `${shown.slice(0, longestText - 1)}…` : shown, type: String, ...more };
};
const bold = (value: string, more: Partial<CellObject> = {}): CellObject =>
  text(value, { fontWeight: 'bold', ...more });
const paragraph = (value: string): CellObject => text(value, { wrap: true, alignVertical: 'top' });

function summary(document: ReportDocument): SheetData {
  const facts: readonly (readonly [string, string])[] = [
    ...(document.lab ? [['Origin', labWords] as const] : []),
    ['Subject', document.subject],
    ['Span', spanWords(document.from, document.to)],
    ['Made', madeWords(document)],
  ];
  return [
    [bold(document.title, { fontSize: 16 })],
    ...facts.map(([name, value]) => [bold(name), paragraph(value)]),
    ...document.answers.flatMap(({ question, sentences }): Row[] => [
      [],
      ...sentences.map((words, index) => [
        index === 0 ? bold(question, { wrap: true, alignVertical: 'top' }) : null,
        paragraph(words),
      ]),
    ]),
  ];
}

function method({ blocks, method: method_ }: ReportDocument): SheetData {
  const told = (of: readonly ReportBlock[], kinds: readonly ReportBlock['kind'][]): Row[] =>
    of.flatMap((block): Row[] => {
      if (!kinds.includes(block.kind)) return [];
      if (block.kind === 'heading') return [[], [bold(block.text)]];
      return block.kind === 'text' ? block.sentences.map((words) => [paragraph(words)]) : [];
    });
  // Headings of the body belong to tables and charts that have sheets of their own; its sentences are kept here.
  return [...told(method_, ['heading', 'text']), ...told(blocks, ['text'])];
}

/** Columns of a sheet: as it is read, the number, and the unit where it is not the same all the way down. */
type Part = 'text' | 'number' | 'unit';

function partsOf({ numeric, unit }: SheetColumn, index: number, { rows }: Sheet): readonly Part[] {
  if (!numeric) return ['text'];
  const cells = rows.map((row) => row[index] ?? { text: absent });
  // Where the text says no more than the number, the number is enough.
  const same = cells.every((cell) => isFigure(cell) && (cell.text === '' || cell.text === String(cell.value)));
  const gapsOnly = cells.every((cell) => (isFigure(cell) ? cell.text === '' : 'text' in cell && cell.text === absent));
  const mixed = unit === undefined && cells.some((cell) => isFigure(cell) && cell.unit !== '');
  return [...(same || gapsOnly ? [] : ['text' as const]), 'number', ...(mixed ? ['unit' as const] : [])];
}

function tablePage(sheet: Sheet, name: string): Page {
  const parts = sheet.columns.map((column, index) => partsOf(column, index, sheet));
  const columns = sheet.columns.flatMap((column, index) =>
    (parts[index] ?? []).map((part) => ({
      title:
        part === 'unit'
          ? `${column.title}, unit`
          : part === 'number'
            ? numberTitle(column, parts[index])
            : column.title,
      width: 12,
    })),
  );
  const rows = sheet.rows.map((row) =>
    sheet.columns.flatMap((_, index) =>
      (parts[index] ?? []).map((part) => cellFor(row[index] ?? { text: absent }, part, parts[index])),
    ),
  );
  const width = (index: number, title: string): number =>
    Math.min(48, Math.max(10, title.length + 2, ...rows.slice(0, 200).map((row) => shownLength(row[index]) + 2)));
  return {
    data: [
      columns.map(({ title }) => bold(title, { wrap: true, alignVertical: 'bottom', backgroundColor: '#eeeeeb' })),
      ...rows,
      ...(sheet.note === undefined ? [] : [[], [text(sheet.note)]]),
    ],
    sheet: name,
    columns: columns.map(({ title }, index) => ({ width: width(index, title) })),
    stickyRowsCount: 1,
  };
}

function numberTitle({ title, unit }: SheetColumn, parts: readonly Part[] = []): string {
  if (unit !== undefined) return `${title}, ${unit}`;
  return parts.includes('text') ? `${title}, value` : title;
}

const shownLength = (cell: Row[number] | undefined): number =>
  typeof cell === 'object' && cell !== null && 'value' in cell ? Math.min(46, String(cell.value).length) : 0;

function cellFor(cell: SheetCell, part: Part, parts: readonly Part[] = []): CellObject | null {
  if ('at' in cell) return { value: wallClock(cell.at), type: Date, format: 'yyyy-mm-dd hh:mm:ss' };
  if (part === 'text') return text(cell.text, parts.includes('number') ? { align: 'right' } : { alignVertical: 'top' });
  if (!isFigure(cell)) return null;
  if (part === 'unit') return text(cell.unit);
  return { value: cell.value, type: Number, format: Number.isInteger(cell.value) ? '#,##0' : '#,##0.00####' };
}

/** A workbook has no time zones: what the clock on the wall said, as the report's charts do. */
function wallClock(at: number): Date {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000);
}

/** At most 31 characters, none that a formula would trip over, and each only once, whatever its case. */
function sheetNames(): (title: string) => string {
  const taken = new Set(['history']);
  return (title) => {
    const clean = printable(title)
      // The mark of a foreign character is none that a sheet's name may hold.
      .replace(/[[\]:*?/\\\ufffd]/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[\s']+|[\s']+$/g, '');
    for (let count = 1; ; count++) {
      const tail = count === 1 ? '' : ` (${count})`;
      const name = `${cut(clean === '' ? 'Table' : clean, longestName - tail.length)}${tail}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  };
}

const longestName = 31;

/** By whole characters, counted as a workbook counts them: in halves of surrogate pairs. */
function cut(text: string, most: number): string {
  let kept = '';
  for (const char of text) {
    if (kept.length + char.length > most) break;
    kept += char;
  }
  return kept.replace(/[\s']+$/, '');
}

/**
 * A report as CSV: one file for each table, for the key figures and for the points of each chart. UTF-8 with a mark at
 * its front and CRLF, as spreadsheets expect; full values with their unit in a column beside; times as ISO 8601. Text
 * that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers, negative ones too.
 */
import { absent } from '#shared/format/absent.ts';
import Papa from 'papaparse';
import type { ReportDocument } from '#shared/model/report.ts';
import { formula, withoutInnerFormulas } from './csv-text.ts';
import { isFigure, sheetsOf, type Sheet, type SheetCell } from './tables.ts';

export function reportCsv(document: ReportDocument): readonly { readonly name: string; readonly text: string }[] {
  return sheetsOf(document).map((sheet) => ({ name: `${document.kind}-${sheet.id}.csv`, text: sheetCsv(sheet) }));
}

function sheetCsv({ columns, rows }: Sheet): string {
  const header = columns.flatMap(({ title, numeric }) => (numeric ? [title, `${title}, unit`] : [title]));
  const data = rows.map((row) =>
    columns.flatMap(({ numeric }, index) => {
      const cell = row[index] ?? { text: absent };
      return numeric ? [valueOf(cell), isFigure(cell) ? cell.unit : ''] : [valueOf(cell)];
    }),
  );
  return `\ufeff${Papa.unparse({ fields: header, data }, { newline: '\r\n', escapeFormulae: formula })}\r\n`;
}

function valueOf(cell: SheetCell): string | number {
  if ('at' in cell) return new Date(cell.at).toISOString();
  if (isFigure(cell)) return cell.value;
  return cell.text === absent ? '' : withoutInnerFormulas(cell.text);
}

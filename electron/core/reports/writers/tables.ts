/**
 * What a report holds in rows: its key figures, its tables, and the points of its charts, each as a table. Where any
 * cell of a column has a value, the column's full values and their unit stand in columns of their own. Called by the
 * writers of XLSX and CSV, so that both tell the same.
 */
import { absent } from '#shared/format/absent.ts';
import type { ReportBlock, ReportCell, ReportChart, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { labWords } from './html.ts';
import { fileWord } from './plain-text.ts';

export interface Sheet {
  /** A file-name-safe word, unique in the report. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly SheetCell[])[];
  readonly note?: string | undefined;
}

export interface SheetColumn {
  readonly title: string;
  readonly numeric: boolean;
  /** Of a numeric column, where all its values have the same. */
  readonly unit?: string;
}

export type SheetCell = { readonly text: string } | { readonly at: number } | Figure;
interface Figure {
  readonly text: string;
  readonly value: number;
  readonly unit: string;
}

export const isFigure = (cell: SheetCell): cell is Figure => 'value' in cell;

export function sheetsOf(document: ReportDocument): readonly Sheet[] {
  const blocks = [...document.blocks, ...document.method];
  const found = [
    ...figures(blocks),
    ...blocks.flatMap((block) => (block.kind === 'table' ? [tableSheet(block.table)] : [])),
    ...blocks.flatMap((block) => (block.kind === 'chart' ? [chartSheet(block.chart)] : [])),
  ];
  const taken = new Set<string>();
  return found.map((sheet) => {
    let id = sheet.id;
    for (let count = 2; taken.has(id); count++) id = `${sheet.id}-${count}`;
    taken.add(id);
    return { ...(document.lab ? marked(sheet) : sheet), id };
  });
}

/** A table goes its own way, and a row of it too: each says where it comes from. */
const marked = (sheet: Sheet): Sheet => ({
  ...sheet,
  columns: [...sheet.columns, { title: 'Origin', numeric: false }],
  rows: sheet.rows.map((row) => [...row, { text: labWords }]),
});

function figures(blocks: readonly ReportBlock[]): Sheet[] {
  const all = blocks.flatMap((block) => (block.kind === 'figures' ? block.figures : []));
  if (all.length === 0) return [];
  const columns = [{ title: 'Figure' }, { title: 'Value' }, { title: 'Note' }];
  const rows = all.map(({ label, cell, note = '' }) => [{ text: label }, cell, { text: note }]);
  return [sheetOf('key-figures', 'Key figures', columns, rows)];
}

const tableSheet = ({ id, title, columns, rows, note }: ReportTable): Sheet => ({
  ...sheetOf(fileWord(id), title, columns, rows),
  note,
});

function sheetOf(
  id: string,
  title: string,
  columns: readonly { readonly title: string }[],
  rows: readonly (readonly ReportCell[])[],
): Sheet {
  const units = columns.map((_, index) => {
    const values = rows.flatMap((row) => (row[index]?.value === undefined ? [] : [row[index].unit ?? '']));
    return new Set(values);
  });
  return {
    id,
    title,
    columns: columns.map((column, index) => {
      const [unit, ...more] = units[index] ?? [];
      return { title: column.title, numeric: unit !== undefined, ...(more.length > 0 || !unit ? {} : { unit }) };
    }),
    rows: rows.map((row) =>
      columns.map((_, index): SheetCell => {
        const { text, value, unit = '' }: ReportCell = row[index] ?? { text: absent };
        return value === undefined || !Number.isFinite(value) ? { text } : { text, value, unit };
      }),
    ),
  };
}

const unitWords = { bytes: 'bytes', percent: 'percent', rate: 'per second', count: '' } as const;

/** Every moment at which one of the lines has a point; where a line has none, nothing stands. */
function chartSheet({ id, title, lines, panes, resolution }: ReportChart): Sheet {
  const moments = [...new Set(lines.flatMap(({ at }) => at))].sort((a, b) => a - b);
  const columns = lines.map((line): { title: string; unit: string; known: Map<number, number> } => {
    const known = new Map<number, number>();
    line.at.forEach((at, index) => {
      const value = line.values[index];
      if (value !== null && value !== undefined) known.set(at, value);
    });
    return { title: line.title, unit: unitWords[panes.find((pane) => pane.id === line.pane)?.unit ?? 'count'], known };
  });
  return {
    id: `chart-${fileWord(id)}`,
    title: `Chart: ${title}`,
    columns: [
      { title: 'Time', numeric: false },
      ...columns.map((column) => ({
        title: column.title,
        numeric: true,
        ...(column.unit === '' ? {} : { unit: column.unit }),
      })),
    ],
    rows: moments.map((at) => [
      { at },
      ...columns.map(({ known, unit }): SheetCell => {
        const value = known.get(at);
        return value === undefined ? { text: absent } : { text: '', value, unit };
      }),
    ]),
    note: `Points are ${resolution}.`,
  };
}

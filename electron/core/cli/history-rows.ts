/** Rows of the history as CSV and as Parquet. Called by export-history.ts. */
import type { FileHandle } from 'node:fs/promises';
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { ExportRow } from '../history/read-history.ts';
import { csvText } from '../reports/writers/csv-text.ts';

export interface RowSink {
  begin(): Promise<void>;
  rows(rows: readonly ExportRow[]): Promise<void>;
  end(): Promise<void>;
}
export type RowWriter = (file: FileHandle) => RowSink;

const titles = ['time', 'host', 'host_id', 'guest', 'guest_id', 'metric', 'instance', 'kind', 'value', 'low', 'high'];

const csvRow = (row: ExportRow): string =>
  [
    new Date(row.at).toISOString(),
    ...[row.hostName, row.host, row.guestName, row.guest, row.metric, row.instance, row.kind].map(csvText),
    row.value,
    row.low ?? '',
    row.high ?? '',
  ].join(',');

export const csvRows: RowWriter = (file) => ({
  begin: () => file.writeFile(`\ufeff${titles.join(',')}\r\n`),
  rows: (rows) => file.writeFile(rows.map((row) => `${csvRow(row)}\r\n`).join('')),
  end: () => Promise.resolve(),
});

/** Rows that are compressed together. */
const groupRows = 100_000;

export const parquetRows: RowWriter = (file) => {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columns([]) }),
    createdBy: 'tmem-console',
  });
  let waiting: ExportRow[] = [];
  const flush = async (): Promise<void> => {
    // A copy: the buffer is used again while the disk may still be busy.
    await file.writeFile(bytes.getBytes().slice());
    bytes.index = 0;
  };
  const group = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await writer.write({ columnData: columns(waiting), rowGroupSize: groupRows });
    waiting = [];
    await flush();
  };
  return {
    begin: () => Promise.resolve(),
    rows: async (rows) => {
      for (const row of rows) waiting.push(row);
      if (waiting.length >= groupRows) await group();
    },
    end: async () => {
      await group();
      await writer.finish();
      await flush();
    },
  };
};

function columns(rows: readonly ExportRow[]) {
  const text = (name: string, of: (row: ExportRow) => string) => ({
    name,
    type: 'STRING' as const,
    nullable: false,
    data: rows.map(of),
  });
  const number = (name: string, nullable: boolean, of: (row: ExportRow) => number | null) => ({
    name,
    type: 'DOUBLE' as const,
    nullable,
    data: rows.map(of),
  });
  return [
    { name: 'time', type: 'TIMESTAMP' as const, nullable: false, data: rows.map(({ at }) => new Date(at)) },
    text('host', ({ hostName }) => hostName),
    text('host_id', ({ host }) => host),
    text('guest', ({ guestName }) => guestName),
    text('guest_id', ({ guest }) => guest),
    text('metric', ({ metric }) => metric),
    text('instance', ({ instance }) => instance),
    text('kind', ({ kind }) => kind),
    number('value', false, ({ value }) => value),
    number('low', true, ({ low }) => low ?? null),
    number('high', true, ({ high }) => high ?? null),
  ];
}

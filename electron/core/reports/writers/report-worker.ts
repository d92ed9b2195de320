/**
 * The thread that writes reports, so that a table of thousands of rows does not hold up the console. Started by
 * write.ts for one document and one format; ends with its answer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ReportBlock, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { reportCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { reportJson } from './json.ts';
import type { ToWriter, WriterJob, WrittenFile } from './written-file.ts';

const encoder = new TextEncoder();
const textFile = (name: string, type: string, text: string): WrittenFile => ({
  name,
  type,
  bytes: encoder.encode(text),
});

async function written(document: ReportDocument, form: WriterJob['form']): Promise<readonly WrittenFile[]> {
  const { kind } = document;
  switch (form) {
    case 'html':
      return [textFile(`${kind}.html`, 'text/html; charset=utf-8', reportHtml(document))];
    case 'json':
      return [textFile(`${kind}.json`, 'application/json', reportJson(document))];
    case 'csv':
      return reportCsv(document).map(({ name, text }) => textFile(name, 'text/csv; charset=utf-8', text));
    case 'xlsx': {
      const { reportXlsx } = await import('./xlsx.ts');
      const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
      return [{ name: `${kind}.xlsx`, type, bytes: await reportXlsx(document) }];
    }
    case 'plain-pdf': {
      const { reportPdf } = await import('./pdf-pages.ts');
      return [{ name: `${kind}.pdf`, type: 'application/pdf', bytes: await reportPdf(document) }];
    }
  }
}

/** With the rows that were sent behind it. */
async function whole(document: ReportDocument): Promise<ReportDocument> {
  const rows = new Map<number, ReportTable['rows'][number][]>();
  await new Promise<void>((resolve) => {
    parentPort?.on('message', (told: ToWriter) => {
      if (told === 'end') return resolve();
      const own = rows.get(told.place) ?? [];
      for (const row of told.rows) own.push(row);
      rows.set(told.place, own);
    });
  });
  const filled = (blocks: readonly ReportBlock[], first: number): ReportBlock[] =>
    blocks.map((block, index) =>
      block.kind === 'table' ? { ...block, table: { ...block.table, rows: rows.get(first + index) ?? [] } } : block,
    );
  return { ...document, blocks: filled(document.blocks, 0), method: filled(document.method, document.blocks.length) };
}

const { document, form } = workerData as WriterJob;
parentPort?.postMessage(await written(await whole(document), form));
parentPort?.close();

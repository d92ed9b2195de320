/**
 * The thread that writes reports, so that a table of thousands of rows does not hold up the console. Started by
 * write.ts for one document and one format; ends with its answer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ReportDocument } from '#shared/model/report.ts';
import { reportCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { reportJson } from './json.ts';
import type { WriterJob, WrittenFile } from './written-file.ts';

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

const { document, form } = workerData as WriterJob;
parentPort?.postMessage(await written(document, form));

/** Writes a document in a thread of its own; cancelling ends the thread. Called by write.ts and pdf.ts. */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ReportBlock, ReportDocument } from '#shared/model/report.ts';
import { problem, ProblemError } from '#shared/problem.ts';
import type { ToWriter, WriterJob, WrittenFile } from './written-file.ts';

/** Beside this file, in the language this file is in: sources run as they are, a build has both as `.js`. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './report-worker.ts' : './report-worker.js',
  import.meta.url,
);

/** Rejects with the signal's reason when it is cancelled. */
export function writtenOffThread(job: WriterJob, signal: AbortSignal): Promise<readonly WrittenFile[]> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const { document, form } = job;
    const bare: WriterJob = {
      form,
      document: { ...document, blocks: bareOf(document.blocks), method: bareOf(document.method) },
    };
    const worker = new Worker(workerUrl, { workerData: bare });
    void sendRows(worker, document, signal);
    const cancelled = (): void => {
      reject(reasonOf(signal));
      void worker.terminate();
    };
    signal.addEventListener('abort', cancelled, { once: true });
    worker.once('message', (files: readonly WrittenFile[]) => resolve(files));
    worker.once('error', reject);
    worker.once('exit', () => {
      signal.removeEventListener('abort', cancelled);
      reject(new ProblemError(problem('internal', 'The report could not be written: its writer ended early.')));
    });
  });
}

const bareOf = (blocks: readonly ReportBlock[]): ReportBlock[] =>
  blocks.map((block) => (block.kind === 'table' ? { ...block, table: { ...block.table, rows: [] } } : block));

const rowsAtOnce = 500;

async function sendRows(worker: Worker, { blocks, method }: ReportDocument, signal: AbortSignal): Promise<void> {
  const send = (told: ToWriter): void => worker.postMessage(told);
  for (const [place, block] of [...blocks, ...method].entries()) {
    if (block.kind !== 'table') continue;
    const { rows } = block.table;
    for (let first = 0; first < rows.length && !signal.aborted; first += rowsAtOnce) {
      send({ place, rows: rows.slice(first, first + rowsAtOnce) });
      await setImmediate();
    }
  }
  send('end');
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));

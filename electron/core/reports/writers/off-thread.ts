/** Writes a document in a thread of its own; cancelling ends the thread. Called by write.ts and pdf.ts. */
import { Worker } from 'node:worker_threads';
import { problem, ProblemError } from '#shared/problem.ts';
import type { WriterJob, WrittenFile } from './written-file.ts';

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
    const worker = new Worker(workerUrl, { workerData: job });
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

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));

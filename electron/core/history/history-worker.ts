/**
 * Runs in worker threads, started by history.ts: the store in one, so that its work never holds up the console's own
 * thread, and questions in another, so that they never hold up the store.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Desk } from './desk.ts';
import type { FromWorker, Request, WorkerOptions } from './messages.ts';
import { ReadingDesk } from './reading-desk.ts';

const port = parentPort;
if (port === null) throw new Error('history-worker runs in a thread of its own');

const options = workerData as WorkerOptions;
const say = (message: FromWorker): void => port.postMessage(message);
const writing = options.role === 'writes' ? new Desk({ ...options, say }) : undefined;
const desk = writing ?? new ReadingDesk(options.file ?? '');

let last: Promise<unknown> = Promise.resolve();
let now = 0;
let working = false;

/** What is due is done between requests, a piece at a time. */
function workOn(): void {
  working = writing?.work(now) ?? false;
  if (working) setImmediate(workOn);
}

port.on('message', ({ id, request }: { id: number; request: Request }) => {
  last = last.then(async () => {
    const answered = desk.answer(request).then((answer) => say({ id, ...answer }));
    // A copy takes its time, page by page; what is recorded meanwhile goes into it.
    if (request.what === 'snapshot') return;
    await answered;
    if (request.what === 'close') return port.close();
    now = request.now;
    if (!working) {
      working = true;
      setImmediate(workOn);
    }
  });
});

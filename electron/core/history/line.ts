/**
 * The line to the worker: numbers requests, hands each its answer, and starts a new worker when one ended that should
 * not have. Used by history.ts.
 */
import { Worker } from 'node:worker_threads';
import type { Log } from '#core/ports.ts';
import type { Answer, FromWorker, Request, WorkerOptions } from './messages.ts';

/** Beside this file, in the language this file is in: sources run as they are, a build has both as `.js`. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './history-worker.ts' : './history-worker.js',
  import.meta.url,
);

export interface LineOptions {
  readonly log: Log;
  /** For a worker that starts now. */
  worker(): WorkerOptions;
  onProgress(part: number): void;
  /** The worker ended: the next one knows nothing of what it was told. */
  onGone(): void;
}

export class Line {
  readonly #options: LineOptions;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #worker: Worker | undefined;
  #next = 1;
  #held = false;
  #ended = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Always answers; `gone` when the worker ended before it could. */
  ask(request: Request): Promise<Answer> {
    const id = this.#next++;
    if (this.#ended) return Promise.resolve({ id, state: 'gone' });
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage({ id, request });
    });
  }

  /** From now on the process stays until the worker has answered. */
  hold(): void {
    this.#held = true;
    this.#worker?.ref();
  }

  /** Ends it at once, whatever it is at. Whoever waits, and whoever asks from now on, is answered `gone`. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker?.terminate();
  }

  /** Ends it when it has answered all that was asked. The next request starts another. */
  async close(): Promise<void> {
    if (this.#worker === undefined) return;
    const worker = this.#worker;
    await this.ask({ what: 'close' });
    await worker.terminate();
  }

  #start(): Worker {
    const { log, onGone } = this.#options;
    const worker = new Worker(workerUrl, { workerData: this.#options.worker() });
    // Doors keep the console alive, its history does not.
    if (!this.#held) worker.unref();
    worker.on('message', (message: FromWorker) => this.#heard(message));
    worker.on('error', (error) => log.bug('history worker', error));
    worker.on('exit', () => {
      this.#worker = undefined;
      onGone();
      for (const [id, resolve] of this.#waiting) resolve({ id, state: 'gone' });
      this.#waiting.clear();
    });
    return worker;
  }

  #heard(message: FromWorker): void {
    if ('progress' in message) return this.#options.onProgress(message.progress);
    if ('warn' in message) return this.#options.log.warn(message.warn, message.facts);
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }
}

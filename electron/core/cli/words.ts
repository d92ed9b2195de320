/** What commands share: reading their words, the data directory, progress on the terminal, and being told to stop. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { problemOf } from '#shared/problem.ts';
import { defaultDataDir } from '../files/default-data-dir.ts';
import { UsageError } from './command.ts';

/** As parseArgs, with its refusals as a person reads them. */
export function parsed<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message.split('. ')[0] ?? ''}.` : String(error));
  }
}

export const dataDirOf = (words: string | undefined): string =>
  resolve(words ?? defaultDataDir(process.env, process.platform, homedir()));

export const tell = (sentence: string): void => {
  process.stderr.write(`tmem-console: ${sentence}\n`);
};

const oftenMs = 200;
const seldomMs = 5000;

/** One line that is written over on a terminal; a line now and then where the output is kept. */
export function progressLine(): { tell(words: string): void; end(): void } {
  const { isTTY, columns } = process.stderr;
  let last = -Infinity;
  let shown = false;
  return {
    tell: (words) => {
      const now = performance.now();
      if (now - last < (isTTY ? oftenMs : seldomMs)) return;
      // What takes less than the first wait is not worth a line of its own.
      if (!isTTY && last === -Infinity) {
        last = now;
        return;
      }
      last = now;
      shown = isTTY;
      process.stderr.write(isTTY ? `\r\u001b[K${words.slice(0, (columns || 80) - 1)}` : `${words}\n`);
    },
    end: () => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}

/** What a shell takes for "ended by the interrupt key". */
const interrupted = 130;

/** Runs until it is done or told to stop; then what was begun is taken back, and the status says so. */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const cancel = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (): void => cancel.abort(new Error('interrupted'));
  for (const signal of signals) process.on(signal, stop);
  try {
    return await run(cancel.signal);
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    tell(problemOf(error)?.sentence ?? 'Cancelled. Nothing was kept.');
    return interrupted;
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
  }
}

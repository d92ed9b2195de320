/**
 * The console's own log: JSON lines in the data directory, or on standard error where that cannot be written. Never
 * larger than two files of `largest`: hosts that come and go for months must not fill the disk.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import pino from 'pino';
import type { Log } from './ports.ts';

/** Bytes. A file that has grown so large becomes FILE.1, in place of the one before it. */
const largest = 5 * 1024 * 1024;
const stderr = 2;

/** @param file absolute path, or undefined for standard error */
export function fileLog(file: string | undefined): Log & { close(): void } {
  const lines = (file === undefined ? undefined : fileLines(file)) ?? stderrLines;
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, lines);
  return {
    info: (words, facts) => logger.info(facts ?? {}, words),
    warn: (words, facts) => logger.warn(facts ?? {}, words),
    bug: (words, error) => logger.error({ err: error }, words),
    close: () => lines.close(),
  };
}

interface Lines {
  write(line: string): void;
  close(): void;
}

const stderrLines: Lines = {
  write: (line) => unlessItFails(() => writeSync(stderr, line)),
  close: () => undefined,
};

/** Undefined when the file cannot be opened. */
function fileLines(file: string): Lines | undefined {
  let open = opened(file, 'a');
  if (open === undefined) return undefined;
  return {
    write: (line) => {
      if (open !== undefined && open.size >= largest) {
        closeSync(open.fd);
        const kept = unlessItFails(() => (renameSync(file, `${file}.1`), true)) ?? false;
        open = opened(file, kept ? 'a' : 'w');
      }
      if (open === undefined) return;
      const { fd } = open;
      open.size += unlessItFails(() => writeSync(fd, line)) ?? 0;
    },
    close: () => {
      if (open !== undefined) closeSync(open.fd);
      open = undefined;
    },
  };
}

/** @param flags `a` goes on with what is there, `w` begins anew */
function opened(file: string, flags: 'a' | 'w'): { readonly fd: number; size: number } | undefined {
  return unlessItFails(() => {
    const fd = openSync(file, flags, 0o600);
    return { fd, size: fstatSync(fd).size };
  });
}

/** A full disk must not take the console down: a line that cannot be written is lost. */
function unlessItFails<Result>(attempt: () => Result): Result | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

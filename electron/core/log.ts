/** The console's own log: JSON lines in the data directory, or on standard error where that cannot be written. */
import pino from 'pino';
import type { Log } from './ports.ts';

/** @param file absolute path, or undefined for standard error */
export function fileLog(file: string | undefined): Log & { close(): void } {
  const destination = pino.destination(
    file === undefined ? { dest: 2, sync: true } : { dest: file, sync: true, append: true, mode: 0o600 },
  );
  // A full disk must not take the console down: a line that cannot be written is lost.
  destination.on('error', () => undefined);
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    info: (words, facts) => logger.info(facts ?? {}, words),
    warn: (words, facts) => logger.warn(facts ?? {}, words),
    bug: (words, error) => logger.error({ err: error }, words),
    close: () => destination.end(),
  };
}

/**
 * A copy of the history as it is at one moment, also while a console writes to it: a transaction that only reads keeps
 * the moment, SQLite copies page by page. Called by the export where the history's own thread is not at hand.
 */
import { backup, DatabaseSync } from 'node:sqlite';
import { fail } from '#shared/problem.ts';
import { stopWhenAborted, type ArchiveOptions } from './archive-files.ts';

/** Pages of 4 KiB between two looks at whether it is still wanted. */
const pagesAtOnce = 2048;

/** Rejects: file-unreadable, cancelled; with the system's error where it cannot be written. */
export async function snapshotHistory(file: string, copy: string, options: ArchiveOptions): Promise<void> {
  const { signal, onProgress } = options;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
    database.exec('BEGIN');
    // The transaction begins with the first look.
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    await backup(database, copy, {
      rate: pagesAtOnce,
      progress: ({ totalPages, remainingPages }) => {
        stopWhenAborted(signal);
        onProgress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages, 'copying the history');
      },
    });
    stopWhenAborted(signal);
  } catch (error) {
    stopWhenAborted(signal);
    const words = error instanceof Error ? error.message : String(error);
    if (/disk is full|disk I\/O/i.test(words))
      fail('disk-full', `The history could not be copied to ${copy}: the disk is full. Free some space there.`, words);
    fail(
      'file-unreadable',
      `The history ${file} could not be copied. Start the console on it once: it says what is wrong with it.`,
      words,
    );
  } finally {
    database?.close();
  }
}

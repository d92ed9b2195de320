/**
 * A history read by another process than the one that writes it: the command line's reports and exports. Opens the
 * file for reading only, creates and changes nothing, and sees what a running console has committed.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { HistoryStatus } from '#shared/model/history.ts';
import { fail } from '#shared/problem.ts';
import type { HistoryPort } from '#core/ports.ts';
import type { ExportQuery, ExportRow } from './export-rows.ts';
import { newerSentence, sqliteCode } from './faults.ts';
import { Queries } from './queries.ts';
import { NewerHistory, OlderHistory, prepareToRead } from './schema.ts';

export type { ExportQuery, ExportRow };

export interface HistoryReader extends Omit<HistoryPort, 'record' | 'mark'> {
  /** Waits for each batch to be taken before the next is read. */
  rows(query: ExportQuery, onBatch: (rows: readonly ExportRow[]) => void | Promise<void>): Promise<void>;
  close(): void;
}

/** Throws a ProblemError when there is no history, or one that cannot be read. */
export function readHistory(file: string): HistoryReader {
  const reader = new Reader(file);
  const answer = <Result>(work: (queries: Queries) => Result): Promise<Result> =>
    new Promise((resolve) => resolve(reader.read(work)));
  return {
    status: () => reader.status(),
    entities: () => answer((queries) => queries.entities()),
    columns: (...args) => answer((queries) => queries.columns(...args)),
    series: (...args) => answer((queries) => queries.series(...args)),
    fleet: (...args) => answer((queries) => queries.fleet(...args)),
    totals: (query) => answer((queries) => queries.totals(query)),
    events: (...args) => answer((queries) => queries.events(...args)),
    rows: (query, onBatch) => reader.stream((queries) => queries.rows(query), onBatch),
    close: () => reader.close(),
  };
}

class Reader {
  readonly #file: string;
  #db: DatabaseSync;
  #queries: Queries;
  /** No console was writing when it was opened: SQLite then makes no files beside it, and watches for no changes. */
  #alone = false;

  constructor(file: string) {
    this.#file = file;
    [this.#db, this.#queries] = this.#open();
  }

  read<Result>(work: (queries: Queries) => Result): Result {
    return this.#orProblem(() => {
      this.#renew();
      const result = this.#atOneMoment(() => work(this.#queries));
      // A console that began meanwhile may have changed pages under this answer: it is read again.
      return this.#renew() ? this.#atOneMoment(() => work(this.#queries)) : result;
    });
  }

  async stream<Row>(
    work: (queries: Queries) => Iterable<readonly Row[]>,
    take: (rows: readonly Row[]) => void | Promise<void>,
  ): Promise<void> {
    this.#orProblem(() => this.#renew());
    this.#db.exec('BEGIN');
    try {
      const batches = work(this.#queries)[Symbol.iterator]();
      for (;;) {
        const { done, value } = this.#orProblem(() => batches.next());
        if (done === true) return;
        await take(value);
      }
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  status(): HistoryStatus {
    const usage = this.read((queries) => queries.usage());
    return { state: 'recording', file: this.#file, budgetBytes: 0, ...usage };
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** One view of the file for all that one answer reads, while a console goes on writing. */
  #atOneMoment<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN');
    try {
      return work();
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  #renew(): boolean {
    if (!this.#alone || !this.#isWritten()) return false;
    this.#db.close();
    [this.#db, this.#queries] = this.#open();
    return true;
  }

  #isWritten(): boolean {
    return existsSync(`${this.#file}-wal`);
  }

  #open(): [DatabaseSync, Queries] {
    const file = this.#file;
    if (!existsSync(file))
      fail('not-found', `There is no history yet: ${file} is not there. Start the console and let it watch hosts.`);
    return this.#orProblem(() => {
      this.#alone = !this.#isWritten();
      const url = pathToFileURL(file);
      url.search = this.#alone ? '?mode=ro&immutable=1' : '?mode=ro';
      const db = new DatabaseSync(url, { readOnly: true });
      try {
        prepareToRead(db);
      } catch (error) {
        db.close();
        throw error;
      }
      return [db, new Queries(db)];
    });
  }

  #orProblem<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const file = this.#file;
      if (error instanceof NewerHistory) return fail('file-unreadable', newerSentence(file));
      if (error instanceof OlderHistory)
        return fail(
          'file-unreadable',
          `${file} is of an earlier version. Start the console once: it brings it up to date.`,
        );
      const code = sqliteCode(error);
      if (code === 11 || code === 26)
        return fail(
          'file-corrupt',
          `${file} is damaged. Start the console: it sets it aside and begins a new one.`,
          String(error),
        );
      if (code !== undefined)
        return fail('file-unreadable', `${file} could not be read. Look at its rights and its disk.`, String(error));
      throw error;
    }
  }
}

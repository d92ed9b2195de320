/**
 * The second worker's side: answers questions on a connection of its own, so that a report over a year does not hold
 * up recording. Sees all that was committed before it was asked.
 */
import { DatabaseSync } from 'node:sqlite';
import { ask } from './ask.ts';
import { faultOf } from './faults.ts';
import type { Answer, Request } from './messages.ts';
import { Queries } from './queries.ts';
import { prepareToRead } from './schema.ts';

export class ReadingDesk {
  readonly #file: string;
  #open: { readonly db: DatabaseSync; readonly queries: Queries } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async answer(request: Request): Promise<Omit<Answer, 'id'>> {
    if (request.what !== 'ask') {
      this.#close();
      return { state: 'gone' };
    }
    try {
      const { db, queries } = (this.#open ??= this.#opened());
      db.exec('BEGIN');
      try {
        return { state: 'open', value: ask(queries, request.question, request.args) };
      } finally {
        db.exec('COMMIT');
      }
    } catch (error) {
      this.#close();
      const { kind } = faultOf(error, this.#file);
      // What becomes of a damaged file is for whoever writes to it to say; one that cannot be opened has no answers.
      if (kind === 'damaged') return { state: 'gone' };
      return kind === 'bug' ? { state: 'open', bug: error } : { state: 'passing' };
    }
  }

  #opened(): { db: DatabaseSync; queries: Queries } {
    const db = new DatabaseSync(this.#file, { readOnly: true });
    try {
      prepareToRead(db);
    } catch (error) {
      db.close();
      throw error;
    }
    return { db, queries: new Queries(db) };
  }

  #close(): void {
    this.#open?.db.close();
    this.#open = undefined;
  }
}

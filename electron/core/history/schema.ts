/**
 * The history's file: its tables, how it is opened, and how a file of an earlier version is brought up to date.
 * Called by the store and, for reading only, by read-history.ts.
 */
import type { DatabaseSync } from 'node:sqlite';

/** Takes a file from the version before to `to`, in one transaction. */
export interface Migration {
  readonly to: number;
  /** `progress` takes the part of this migration that is done, 0 to 1. */
  run(db: DatabaseSync, progress: (part: number) => void): void;
}

/** In the order of their versions. None yet: the first version is the only one there was. */
export const migrations: readonly Migration[] = [];
const firstVersion = 1;

export const versionOf = (steps: readonly Migration[]): number => steps.at(-1)?.to ?? firstVersion;

/** Written by a later version of this program: not to be touched. */
export class NewerHistory extends Error {
  readonly version: number;

  constructor(version: number) {
    super(`schema version ${version}`);
    this.version = version;
  }
}

/** Can be brought up to date by whoever may write to it. */
export class OlderHistory extends Error {}

/**
 * host   a host, under its key
 * piece  what has readings: a host (''), its signals (part 1), a guest
 * col, shape, layout   columns, lists of columns, and which pieces with which shapes a host's journal rows hold
 * j      the journal: one row for each tick of a host that is not yet packed
 * raw    chunks of readings; minute, hour: steps, a row for each hour and each day
 * due    hours of a host that were not rolled since something was recorded in them
 * tier   of each tier (0 raw, 1 minute, 2 hour) its bytes, its ends, and before when something was removed
 */
const tables = `
  CREATE TABLE host (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
  CREATE TABLE piece (
    id INTEGER PRIMARY KEY, host INTEGER NOT NULL, guest TEXT NOT NULL, part INTEGER NOT NULL,
    name TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, UNIQUE (host, guest, part));
  CREATE TABLE col (
    id INTEGER PRIMARY KEY, metric TEXT NOT NULL, instance TEXT NOT NULL, counter INTEGER NOT NULL,
    UNIQUE (metric, instance, counter));
  CREATE TABLE shape (id INTEGER PRIMARY KEY, columns BLOB NOT NULL UNIQUE);
  CREATE TABLE layout (id INTEGER PRIMARY KEY, host INTEGER NOT NULL, pieces BLOB NOT NULL);
  CREATE TABLE j (
    seq INTEGER PRIMARY KEY, host INTEGER NOT NULL, at INTEGER NOT NULL, layout INTEGER NOT NULL,
    signals BLOB NOT NULL, rest BLOB NOT NULL);
  CREATE INDEX j_host ON j (host, seq, at, layout);
  CREATE TABLE raw (
    id INTEGER PRIMARY KEY, piece INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL,
    shape INTEGER NOT NULL, chunk BLOB NOT NULL);
  CREATE INDEX raw_piece ON raw (piece, t1, t0, shape);
  CREATE TABLE minute (
    id INTEGER PRIMARY KEY, piece INTEGER NOT NULL, t0 INTEGER NOT NULL, shape INTEGER NOT NULL,
    steps BLOB NOT NULL, UNIQUE (piece, t0));
  CREATE TABLE hour (
    id INTEGER PRIMARY KEY, piece INTEGER NOT NULL, t0 INTEGER NOT NULL, shape INTEGER NOT NULL,
    steps BLOB NOT NULL, UNIQUE (piece, t0));
  CREATE TABLE due (host INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (host, hour)) WITHOUT ROWID;
  CREATE TABLE tier (
    tier INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, first_at INTEGER, last_at INTEGER, lost_before INTEGER NOT NULL);
  INSERT INTO tier VALUES (0, 0, NULL, NULL, 0), (1, 0, NULL, NULL, 0), (2, 0, NULL, NULL, 0);
  CREATE TABLE event (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, host TEXT NOT NULL, plan TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (at, kind, host, plan));
`;

export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, a full disk for one.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

const number = (db: DatabaseSync, pragma: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);

/** Makes the tables in a new file, brings those of an older one up to date. Throws NewerHistory. */
export function prepareToWrite(db: DatabaseSync, steps: readonly Migration[], progress: (part: number) => void): void {
  checkVersion(db, steps);
  db.exec('PRAGMA busy_timeout = 5000');
  // Takes effect in a file without tables only.
  db.exec('PRAGMA auto_vacuum = incremental');
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216');
  db.exec('PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY');
  const found = number(db, 'user_version');
  if (found === 0) {
    transaction(db, () => {
      db.exec(tables);
      db.exec(`PRAGMA user_version = ${firstVersion}`);
    });
  }
  const ahead = steps.filter(({ to }) => to > Math.max(found, firstVersion));
  ahead.forEach((step, index) => {
    progress(index / ahead.length);
    transaction(db, () => {
      step.run(db, (part) => progress((index + part) / ahead.length));
      db.exec(`PRAGMA user_version = ${step.to}`);
    });
  });
}

/** Throws NewerHistory, OlderHistory. */
export function prepareToRead(db: DatabaseSync): void {
  if (checkVersion(db, migrations) < versionOf(migrations)) throw new OlderHistory();
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = 1');
}

function checkVersion(db: DatabaseSync, steps: readonly Migration[]): number {
  const version = number(db, 'user_version');
  if (version > versionOf(steps)) throw new NewerHistory(version);
  return version;
}

/** Bytes of the file, and those of them that are free. */
export function sizeOf(db: DatabaseSync): { readonly bytes: number; readonly free: number; readonly page: number } {
  const page = number(db, 'page_size');
  return { bytes: number(db, 'page_count') * page, free: number(db, 'freelist_count') * page, page };
}

/**
 * The history names hosts, guests and who changed what: for its owner's eyes only, as every file of the console. SQLite
 * makes its log and its index with the rights of the file they belong to. Called before a file is opened or copied to.
 */
import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

const others = 0o077;

/** Makes the file when there is none. What does not work here, SQLite says better when it opens the file. */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch {
    // It may still be read, or its folder is not there.
  }
  for (const part of ['', '-wal', '-shm']) takeFromOthers(file + part);
}

function takeFromOthers(path: string): void {
  try {
    const { mode } = statSync(path);
    if ((mode & others) !== 0) chmodSync(path, mode & 0o7777 & ~others);
  } catch {
    // Not there, or not ours.
  }
}

/**
 * What SQLite's refusals mean to the history, and to the person at the console. Used by the worker, which acts on it,
 * and by read-history.ts, which says it.
 */
import { existsSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { NewerHistory } from './schema.ts';
import { ClockBehind } from './set-back.ts';

const corrupt = 11;
const full = 13;
const notADatabase = 26;
const mayNotWrite: ReadonlySet<number> = new Set([3, 8, 14, 23]);
const busy: ReadonlySet<number> = new Set([5, 6]);

/** The primary result code of SQLite; undefined for anything else that was thrown. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export type Fault =
  /** The file is not a database, or not a whole one: it is set aside. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'newer'; readonly sentence: string }
  /** Passes by itself, or when somebody makes room. */
  | { readonly kind: 'passing'; readonly sentence: string }
  | { readonly kind: 'bug' };

export function faultOf(error: unknown, file: string): Fault {
  if (error instanceof NewerHistory) return { kind: 'newer', sentence: newerSentence(file) };
  if (error instanceof ClockBehind) return { kind: 'passing', sentence: behindSentence(error, file) };
  const code = sqliteCode(error);
  if (code === undefined) return { kind: 'bug' };
  if (code === corrupt || code === notADatabase) return { kind: 'damaged' };
  return { kind: 'passing', sentence: passingSentence(code, file) };
}

export const newerSentence = (file: string): string =>
  `${file} was written by a later version of this program. It is left as it is and nothing is recorded; use that version, or start the console with another --data-dir.`;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const behindSentence = ({ at, newest }: ClockBehind, file: string): string =>
  `History is not being recorded: this machine’s clock says ${dayOf(at)}, and there are readings up to ${dayOf(newest)} that would be replaced. Correct the clock and recording goes on by itself; if it is right now, move ${file} away and start the console anew.`;

function passingSentence(code: number, file: string): string {
  const [name, folder] = [basename(file), dirname(file)];
  if (code === full)
    return `History is not being recorded: the disk that holds ${folder} is full. Free some space there; recording goes on by itself.`;
  if (mayNotWrite.has(code))
    return `History is not being recorded: this account may not write ${name} in ${folder}. Correct the rights there; recording goes on by itself.`;
  if (busy.has(code))
    return `History is not being recorded: another program keeps ${file} locked. End that program; recording goes on by itself.`;
  return `History is not being recorded: ${name} could not be written to ${folder}. Look at that disk; recording goes on by itself.`;
}

export const bugSentence =
  'History is not being recorded because of an error in the console. Its log says more; recording is tried again by itself.';

export const overBudgetSentence = (mebibytes: number): string =>
  `History is not being recorded: it takes more than its budget of ${mebibytes} MiB with everything removed that can be. Raise the budget in Settings; recording goes on by itself.`;

/** Moves a damaged file out of the way, with what belongs to it; answers its new name. */
export function setAside(file: string, now: number): string {
  const date = new Date(now).toISOString().slice(0, 10);
  let aside = `${file}.damaged-${date}`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${file}.damaged-${date}-${count}`;
  renameSync(file, aside);
  for (const part of ['-wal', '-shm']) if (existsSync(file + part)) renameSync(file + part, aside + part);
  return aside;
}

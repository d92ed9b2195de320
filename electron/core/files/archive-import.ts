/**
 * Takes an exported data directory in. Everything is unpacked beside and checked against the list at its front before
 * anything is put in place; what was there is set aside whole. Refuses what is no plain file of the console. Called
 * through archive.ts.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, problem, problemOf, ProblemError } from '#shared/problem.ts';
import { stopWhenAborted, type ArchiveOptions } from './archive-files.ts';
import { unpack } from './archive-unpack.ts';
import { diskFull, readProblem, systemCode } from './file-problem.ts';
import { takeLock } from './lock.ts';
import { flushFolder } from './text-file.ts';

export interface ImportOptions extends ArchiveOptions {
  readonly file: string;
  readonly dataDir: string;
  /** What is there is set aside; without it a directory that holds anything is refused. */
  readonly replace: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Imported {
  readonly files: number;
  /** Where what was there lies now. */
  readonly aside?: string;
}

const lockFolder = 'lock';
const isOurs = (name: string): boolean => name === lockFolder || name.startsWith('replaced-');

/** Rejects: file-unreadable, file-corrupt, data-dir-in-use, conflict, file-unwritable, disk-full, cancelled. */
export async function importDataDir(options: ImportOptions): Promise<Imported> {
  const { file, dataDir, replace, signal, onProgress, now = Date.now } = options;
  await readable(file);
  try {
    const lock = await takeLock(dataDir);
    // In the directory itself: the same disk, and room for it is known before anything moves.
    const staging = join(dataDir, `.import-${randomUUID().slice(0, 13)}`);
    try {
      await removeStale(dataDir);
      const old = (await readdir(dataDir)).filter((name) => !isOurs(name));
      if (old.length > 0 && !replace)
        fail(
          'conflict',
          `${dataDir} holds a console's files already. Import with --replace to set them aside, or give another --data-dir.`,
        );
      await mkdir(staging, { mode: 0o700 });
      const files = await unpack(options, staging);
      stopWhenAborted(signal);
      onProgress?.(0.95, 'putting it in place');
      const aside = old.length === 0 ? undefined : join(dataDir, await freeName(dataDir, now()));
      await exchange(dataDir, staging, old, aside);
      onProgress?.(1, 'done');
      return { files, ...(aside === undefined ? {} : { aside }) };
    } finally {
      await rm(staging, { recursive: true, force: true });
      await lock.release();
    }
  } catch (error) {
    stopWhenAborted(signal);
    throw problemOf(error) === undefined ? unwritten(dataDir, error) : error;
  }
}

async function readable(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw systemCode(error) === 'ENOENT'
      ? new ProblemError(problem('file-unreadable', `There is no file ${file}.`))
      : readProblem(file, error);
  });
  if (!found.isFile()) fail('file-unreadable', `${file} is no file that a console exported.`);
}

/** What an import that was killed left behind: the lock is ours, so nobody is at it. */
async function removeStale(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir))
    if (/^\.import-[0-9a-f-]{13}$/.test(name)) await rm(join(dataDir, name), { recursive: true, force: true });
}

/** `replaced-2026-11-24T05-40-00`, with a number behind it when that is taken. */
async function freeName(dataDir: string, at: number): Promise<string> {
  const names = new Set(await readdir(dataDir));
  const stamp = `replaced-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}`;
  for (let count = 1; ; count++) {
    const name = count === 1 ? stamp : `${stamp}-${count}`;
    if (!names.has(name)) return name;
  }
}

/** Renames only, all on one disk; one that fails is followed by the way back. */
async function exchange(
  dataDir: string,
  staging: string,
  old: readonly string[],
  aside: string | undefined,
): Promise<void> {
  const moved: [from: string, to: string][] = [];
  const move = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    moved.push([from, to]);
  };
  try {
    if (aside !== undefined) await mkdir(aside, { mode: 0o700 });
    for (const name of old) await move(join(dataDir, name), join(aside ?? staging, name));
    for (const name of await readdir(staging)) await move(join(staging, name), join(dataDir, name));
    await flushFolder(dataDir);
  } catch (error) {
    for (const [from, to] of moved.toReversed()) await rename(to, from);
    if (aside !== undefined) await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

function unwritten(dataDir: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const words = error instanceof Error ? error.message : String(error);
  const sentence = diskFull.has(code)
    ? `The disk that holds ${dataDir} is full. Nothing was changed. Free some space there.`
    : `${dataDir} cannot be written to. Nothing was changed. Look at that folder and its rights.`;
  return new ProblemError(problem(diskFull.has(code) ? 'disk-full' : 'file-unwritable', sentence, words), {
    cause: error,
  });
}

/**
 * The directory that holds the console's own files: made private, locked for one console, opened file by file.
 * Called by core.ts at the start. Where it cannot be written to, the console still runs and forgets when it ends.
 */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fail, problem, ProblemError } from '#shared/problem.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { AppendFile, JsonFile, JsonFolder, TextFile } from '#core/ports.ts';
import { openAppendFile, sealedAppendFile } from './append-file.ts';
import { diskFull, mayNotWrite, systemCode } from './file-problem.ts';
import { jsonFile, type JsonFormat } from './json-file.ts';
import { memoryJsonFolder, openJsonFolder } from './json-folder.ts';
import { takeLock, type Lock } from './lock.ts';
import { makeFolder } from './make-folder.ts';
import { memoryTextFile, openTextFile } from './text-file.ts';

export interface DataDirOptions {
  readonly notify: (notice: Notice) => void;
  /** Milliseconds since 1970, for the names of files put aside. */
  readonly now?: () => number;
}

export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** False when what is saved lasts only until the console ends. */
  readonly persistent: boolean;
  text(name: string): Promise<TextFile>;
  json<T extends object>(name: string, format: JsonFormat<T>): Promise<JsonFile<T>>;
  folder<T extends object>(name: string, format: JsonFormat<T>): JsonFolder<T>;
  /** A file of lines; one that cannot be kept refuses to grow. */
  append(name: string): AppendFile;
  /** Lets another console have the directory. */
  close(): Promise<void>;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The lock, or why there cannot be one. */
async function prepare(path: string): Promise<Lock | { readonly refused: unknown }> {
  try {
    await makeFolder(path);
    return await takeLock(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (mayNotWrite.has(code) || diskFull.has(code)) return { refused: error };
    const sentence =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? `${path} cannot hold the console's files, because it or a part of it is a file and not a folder. Start the console with another --data-dir.`
        : `${path} cannot hold the console's files. Look at that folder, or start the console with another --data-dir.`;
    throw new ProblemError(problem('file-unwritable', sentence, wordsOf(error)), { cause: error });
  }
}

async function warnWhenOpen(path: string, notify: (notice: Notice) => void): Promise<void> {
  if (process.platform === 'win32') return;
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  notify({
    id: 'data-dir-open',
    level: 'warning',
    sentence: `Other accounts of this machine can get into ${path}, where the console keeps the names and addresses of your hosts. Close it with: chmod 700 '${path.replaceAll("'", `'\\''`)}'`,
    words: `mode ${mode.toString(8).padStart(3, '0')}`,
  });
}

function tellUnsaved(path: string, refused: unknown, notify: (notice: Notice) => void): void {
  const full = diskFull.has(systemCode(refused) ?? '');
  notify({
    id: 'data-dir-readonly',
    level: 'warning',
    sentence: full
      ? `The disk that holds ${path} is full. Hosts and settings changed now last only until the console ends. Free some space there and start the console again.`
      : `The console may not write to ${path}. Hosts and settings changed now last only until the console ends. Correct the rights of that folder, or start the console with another --data-dir.`,
    words: wordsOf(refused),
  });
}

/** Rejects: data-dir-in-use, naming the other console; file-unwritable when the path can never be a directory. */
export async function openDataDir(path: string, options: DataDirOptions): Promise<DataDir> {
  const { notify, now = Date.now } = options;
  const folder = resolve(path);
  const lock = await prepare(folder);
  const persistent = 'release' in lock;
  if (persistent) await warnWhenOpen(folder, notify);
  else tellUnsaved(folder, lock.refused, notify);

  const text = (name: string): Promise<TextFile> =>
    persistent ? openTextFile(join(folder, name)) : Promise.resolve(memoryTextFile(join(folder, name)));
  const sealed = (): never =>
    fail(
      'file-unwritable',
      `What is changed has to be written down in ${folder}, and the console may not write there. Nothing was changed. Correct the rights of that folder, or start the console with another --data-dir.`,
    );
  return {
    path: folder,
    persistent,
    text,
    json: async (name, format) => jsonFile(await text(name), format, { notify, persistent, now }),
    folder: (name, format) =>
      persistent ? openJsonFolder(join(folder, name), format, { notify, persistent, now }) : memoryJsonFolder(),
    append: (name) => (persistent ? openAppendFile(join(folder, name)) : sealedAppendFile(join(folder, name), sealed)),
    close: async () => {
      if (persistent) await lock.release();
    },
  };
}

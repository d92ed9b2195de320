/** The folder of a person that copies of scheduled reports go to: checked beforehand, and never written over. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat, unlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ReportSchedule } from '#shared/model/report.ts';
import { fail, problemOf } from '#shared/problem.ts';
import { systemCode, writeProblem } from './file-problems.ts';
import type { ReportsOptions } from './reports-options.ts';
import { writeBytes } from './store.ts';
import type { NamedBytes, WriteBytes } from './store.ts';

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Rejects: file-unwritable. */
export async function checkFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder))
    fail('file-unwritable', `${folder} is not a whole path. Write the folder from the root on, such as /srv/reports.`);
  const found = await stat(folder).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return fail('file-unwritable', `There is no folder ${folder}. Make it first, or choose another.`, wordsOf(error));
  });
  if (!found.isDirectory()) fail('file-unwritable', `${folder} is not a folder. Choose another.`);
  // Asking for rights is not enough: a full or a read-only disk grants them.
  const probe = join(folder, `.${randomUUID()}.tmp`);
  try {
    await (await open(probe, 'wx')).close();
    await unlink(probe);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    fail(
      'file-unwritable',
      `Nothing can be written to ${folder}. Correct its rights for this account, or choose another.`,
      wordsOf(error),
    );
  }
}

/**
 * All of them or none, each whole at once; what is there under a name keeps it, and the new one gets a number. Answers
 * the paths. Rejects with the system's error. The command line calls it as well.
 */
export async function copyOut(
  folder: string,
  files: readonly NamedBytes[],
  write: WriteBytes,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const placed: string[] = [];
  for (const { name, bytes } of files) {
    const temporary = join(folder, `.${name}.${randomUUID()}.tmp`);
    try {
      signal?.throwIfAborted();
      await write(temporary, bytes);
      const path = await takeName(folder, name);
      placed.push(path);
      await rename(temporary, path);
    } catch (error) {
      await takeBack([temporary, ...placed]);
      throw error;
    }
  }
  return placed;
}

/** A folder that is gone, or may not be written to any more, has nothing to take back. */
export async function takeBack(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true }).catch(() => undefined);
}

/** An empty file under the first free name, which the copy then replaces. */
async function takeName(folder: string, name: string): Promise<string> {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem}-${number}${ending}`);
    try {
      await (await open(path, 'wx')).close();
      return path;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

export interface Copied {
  /** Of the report. */
  readonly notes: readonly string[];
  readonly paths: readonly string[];
}

/** What became of the copy. One that fails is told to everybody: nobody waits for it. */
export async function copyFor(
  { folder, title }: Pick<ReportSchedule, 'folder' | 'title'>,
  files: readonly NamedBytes[],
  { write = writeBytes, notify }: Pick<ReportsOptions, 'write' | 'notify'>,
): Promise<Copied> {
  if (folder === '') return { notes: [], paths: [] };
  try {
    return { paths: await copyOut(folder, files, write), notes: [`Copied to ${folder}.`] };
  } catch (error) {
    const why = problemOf(writeProblem(folder, error));
    if (why === undefined) throw error;
    const sentence = `The report “${title}” was made, and its copy could not be written to ${folder}. Look at that folder; the report itself is among the reports.`;
    notify({ id: `report-copy:${folder}`, level: 'warning', sentence, words: why.words ?? why.sentence });
    return { notes: [sentence], paths: [] };
  }
}

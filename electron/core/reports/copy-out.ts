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

/** What is there under a name keeps it: the copy gets a number. Rejects: file-unwritable, disk-full. */
async function copyOut(folder: string, files: readonly NamedBytes[], write: WriteBytes): Promise<void> {
  for (const { name, bytes } of files) {
    const temporary = join(folder, `.${name}.${randomUUID()}.tmp`);
    try {
      await write(temporary, bytes);
      const path = await takeName(folder, name);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw writeProblem(folder, error);
    }
  }
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

/** What became of the copy, as notes of the report. One that fails is told to everybody: nobody waits for it. */
export async function copyFor(
  { folder, title }: Pick<ReportSchedule, 'folder' | 'title'>,
  files: readonly NamedBytes[],
  { write = writeBytes, notify }: Pick<ReportsOptions, 'write' | 'notify'>,
): Promise<readonly string[]> {
  if (folder === '') return [];
  try {
    await copyOut(folder, files, write);
    return [`Copied to ${folder}.`];
  } catch (error) {
    const why = problemOf(error);
    if (why === undefined) throw error;
    const sentence = `The report “${title}” was made, and its copy could not be written to ${folder}. Look at that folder; the report itself is among the reports.`;
    notify({ id: `report-copy:${folder}`, level: 'warning', sentence, words: why.words ?? why.sentence });
    return [sentence];
  }
}

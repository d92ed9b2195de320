/** Files that commands write for a person: what the system's refusals mean, and that a half-written one does not stay. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { problem, ProblemError } from '#shared/problem.ts';
import { diskFull, mayNotWrite, systemCode } from '../files/file-problem.ts';

export const takenName = (error: unknown): boolean => systemCode(error) === 'EEXIST';

export function outProblem(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const sentence = diskFull.has(code)
    ? `${path} could not be written: the disk is full. Free some space there, or write to another folder.`
    : mayNotWrite.has(code)
      ? `${path} could not be written: this account may not write there. Write to another folder.`
      : code === 'EEXIST'
        ? `${path} is there already. Give another name, or move it away.`
        : code === 'ENOTDIR'
          ? `${path} could not be written: a part of that path is a file and not a folder.`
          : `${path} could not be written. Look at that folder.`;
  const kind = diskFull.has(code) ? 'disk-full' : code === 'EEXIST' ? 'conflict' : 'file-unwritable';
  return new ProblemError(problem(kind, sentence, error instanceof Error ? error.message : undefined), {
    cause: error,
  });
}

/** A new file, whole or not at all. Rejects: conflict when it is there, file-unwritable, disk-full. */
export async function newFile(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    throw outProblem(path, error);
  }
  try {
    await fill(file);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw outProblem(path, error);
  } finally {
    await file.close();
  }
}

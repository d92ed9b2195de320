/**
 * What the file system's refusals mean to the person at the console. Called by everything in this room that reads or
 * writes; anything that is not an answer of the file system is a bug and is handed back as it came.
 */
import { basename, dirname } from 'node:path';
import { problem, ProblemError } from '#shared/problem.ts';

export const mayNotWrite: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);
export const diskFull: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** `ENOENT` and its kin, undefined for errors that did not come from the system. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Wraps a failed write of `path` as `disk-full` or `file-unwritable`. */
export function writeProblem(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const [name, folder] = [basename(path), dirname(path)];
  const kept = `The change was not saved, and the file keeps what it held before.`;
  const why = diskFull.has(code)
    ? `${name} could not be written: the disk that holds ${folder} is full. ${kept} Free some space there and repeat the change.`
    : mayNotWrite.has(code)
      ? `${name} could not be written: this account may not write to ${folder}. ${kept} Correct the rights of that folder, or start the console with another --data-dir.`
      : `${name} could not be written to ${folder}. ${kept} Look at that folder, then repeat the change.`;
  return new ProblemError(problem(diskFull.has(code) ? 'disk-full' : 'file-unwritable', why, words(error)), {
    cause: error,
  });
}

/** Wraps a failed read of `path` as `file-unreadable`. */
export function readProblem(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const why =
    code === 'EISDIR'
      ? `${path} is a folder where the console expects a file. Move the folder away.`
      : `${path} could not be read. Correct the rights of the file, then start the console again.`;
  return new ProblemError(problem('file-unreadable', why, words(error)), { cause: error });
}

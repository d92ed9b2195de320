/** What the file system’s refusals mean for a report: which step failed, where, and what to do. */
import { dirname } from 'node:path';
import { problem, ProblemError } from '#shared/problem.ts';

const full: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const forbidden: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** `ENOENT` and its kin; undefined for errors that did not come from the system. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Wraps a failed write below `folder`. Anything that is no answer of the file system is a bug and stays as it is. */
export function writeProblem(folder: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const nothingKept = 'Nothing of the report was kept.';
  const sentence = full.has(code)
    ? `The report could not be written: the disk that holds ${folder} is full. ${nothingKept} Free some space there, or remove old reports, and make it again.`
    : forbidden.has(code)
      ? `The report could not be written: this account may not write to ${folder}. ${nothingKept} Correct the rights of that folder and make it again.`
      : `The report could not be written to ${folder}. ${nothingKept} Look at that folder, and make it again.`;
  return new ProblemError(problem(full.has(code) ? 'disk-full' : 'file-unwritable', sentence, wordsOf(error)), {
    cause: error,
  });
}

export function readProblem(path: string, error: unknown): unknown {
  if (systemCode(error) === undefined) return error;
  const sentence = `${path} could not be read. Look at ${dirname(path)}; when the file is gone, remove the report and make it again.`;
  return new ProblemError(problem('file-unreadable', sentence, wordsOf(error)), { cause: error });
}

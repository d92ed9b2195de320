/**
 * Tells one run of a program from another that got the same process id later. Called by the lock of the data
 * directory; reads /proc on Linux and asks ps elsewhere, and never signals anything.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** When it started, in the system's own words; undefined where the system does not say. */
  readonly start?: string | undefined;
}

const linuxStart = async (pid: number): Promise<string | undefined> => {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  // The name stands in brackets and may hold anything, brackets too; starttime is field 22, state after it field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return started === undefined || state === 'Z' || state === 'X' ? undefined : `${boot.trim()}:${started}`;
};

const psStart = (pid: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } }, (error, stdout) =>
      resolve(error === null && stdout.trim() !== '' ? stdout.trim() : undefined),
    );
  });

/** Undefined when there is no such process, or (on Windows) when the system does not say. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  return process.platform === 'linux' ? linuxStart(pid).catch(() => undefined) : psStart(pid);
}

export const markOfThis = async (): Promise<ProcessMark> => ({
  pid: process.pid,
  host: hostname(),
  start: await startOf(process.pid),
});

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process answers EPERM: it is there all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether that very run is still there; `unknown` for another machine, and where only the number can be compared. */
export async function fateOf(mark: ProcessMark): Promise<'running' | 'gone' | 'unknown'> {
  if (mark.host !== hostname()) return 'unknown';
  if (!exists(mark.pid)) return 'gone';
  if (mark.start === undefined) return 'unknown';
  return (await startOf(mark.pid)) === mark.start ? 'running' : 'gone';
}

/** CPU time and memory of processes, as Linux tells them. Milliseconds and bytes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export interface ProcessCpu {
  readonly own: number;
  /** Of children that have ended and were waited for. */
  readonly children: number;
}

/**
 * The kernel keeps nanoseconds and prints hundredths of a second, so that a difference over many samples is exact
 * to 10 ms in all.
 */
export function processCpu(pid: number | 'self'): ProcessCpu {
  return cpuIn(`/proc/${pid}/stat`);
}

/** CPU of a process's first thread alone. */
export const threadCpu = (pid: number): number => cpuIn(`/proc/${pid}/task/${pid}/stat`).own;

function cpuIn(path: string): ProcessCpu {
  const stat = readFileSync(path, 'utf8');
  // The name, in parentheses, may hold spaces; the state comes right behind it and is field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (field: number): number => (Number(fields[field - 3]) / ticksPerSecond) * 1000;
  return { own: at(14) + at(15), children: at(16) + at(17) };
}

/** CPU this process has used, children left out. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What a process alone keeps in RAM: shared pages are counted in part. */
export function proportionalMemory(pid: number): number {
  const kib = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error('the kernel does not tell Pss');
  return Number(kib) * 1024;
}

/**
 * Runs the agent the way the console does: its text on the standard input of `/bin/sh -s -- NONCE`, then requests.
 * Used by the agent's tests and by the measurement of its CPU; knows every shell of this machine that may be `sh`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Shell {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  /** What the program finds as its own name; bash is a POSIX shell when called `sh`. */
  readonly argv0?: string;
}

const known: readonly Shell[] = [
  { name: 'dash', argv: ['/bin/dash'] },
  { name: 'bash', argv: ['/bin/bash'] },
  { name: 'bash as sh', argv: ['/bin/bash'], argv0: 'sh' },
  { name: 'busybox sh', argv: ['/bin/busybox', 'sh'] },
  { name: 'mksh', argv: ['/bin/mksh'] },
];

export const mandatoryShells: readonly string[] = ['dash', 'bash'];
export const shellsHere: readonly Shell[] = known.filter((shell) => existsSync(shell.argv[0]));

export const nonce = '0123456789abcdef';

export interface AgentStart {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Arguments in front of the nonce: `--operator`. */
  readonly args?: readonly string[];
  /** Words in front of the shell, such as `setpriv …` or `chroot DIR`. */
  readonly under?: readonly string[];
  /** Milliseconds for anything that is waited for. */
  readonly deadline?: number;
}

export interface AgentRun {
  readonly pid: number;
  /** Everything said so far, one character a byte. */
  said(): string;
  complaints(): string;
  send(bytes: string | Uint8Array): void;
  /** Resolves once what was said since the last `ask` began matches; rejects at the deadline. */
  until(pattern: RegExp): Promise<string>;
  /** Sends lines, one character a byte, and resolves with all that is said up to the last line's `=end`. */
  ask(requests: string): Promise<string[]>;
  endInput(): void;
  /** Nobody reads what it says any more. */
  endOutput(): void;
  /** Resolves with the exit status, or the signal's name, once the process is gone and its pipes are closed. */
  ended(): Promise<number | string>;
  /** Ends it by force if need be. */
  close(): Promise<void>;
}

/** Starts the agent's `script` in `shell`; not ready yet: see `readyAgent`. */
export function startAgent(shell: Shell, script: string, start: AgentStart = {}): AgentRun {
  const deadline = start.deadline ?? 10_000;
  const [program = '', ...words] = [...(start.under ?? []), ...shell.argv, '-s', '--', ...(start.args ?? []), nonce];
  const child = spawn(program, words, {
    ...(shell.argv0 !== undefined && start.under === undefined ? { argv0: shell.argv0 } : {}),
    ...(start.cwd === undefined ? {} : { cwd: start.cwd }),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...start.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const before: string[] = [];
  let fresh = '';
  let complaints = '';
  const waiting = new Set<() => void>();
  const look = () => waiting.forEach((check) => check());
  const gone = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      look();
      resolve(status ?? signal ?? 'unknown');
    });
  });
  gone.catch(() => undefined);
  child.stdout.on('data', (bytes: Buffer) => {
    fresh += bytes.toString('latin1');
    look();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    complaints += bytes.toString('latin1');
  });
  // A write after the agent has gone is part of some tests.
  child.stdin.on('error', () => undefined);
  child.stdin.write(script);

  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const stop = setTimeout(() => {
        waiting.delete(check);
        reject(new Error(`waited ${deadline} ms for ${pattern}; said ${JSON.stringify(fresh.slice(-2000))}`));
      }, deadline);
      const check = () => {
        if (!pattern.test(fresh)) return;
        clearTimeout(stop);
        waiting.delete(check);
        resolve(fresh);
      };
      waiting.add(check);
      check();
    });

  return {
    pid: child.pid ?? -1,
    said: () => before.join('') + fresh,
    complaints: () => complaints,
    send: (bytes) => void child.stdin.write(bytes),
    until,
    async ask(requests) {
      before.push(fresh);
      fresh = '';
      child.stdin.write(`${requests}\n`, 'latin1');
      const id = requests.slice(requests.lastIndexOf('\n') + 1).split(' ')[0] ?? '';
      const answer = await until(new RegExp(`(^|\\n)=end ${id} .*\\n$`));
      return answer.split('\n').slice(0, -1);
    },
    endInput: () => void child.stdin.end(),
    endOutput: () => void child.stdout.destroy(),
    ended: () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`still alive after ${deadline} ms`)), deadline);
      });
      return Promise.race([gone, late]).finally(() => clearTimeout(timer));
    },
    async close() {
      child.stdin.destroy();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await gone.catch(() => undefined);
    },
  };
}

/** Starts the agent and waits for its `=ready`. */
export async function readyAgent(shell: Shell, script: string, start: AgentStart = {}): Promise<AgentRun> {
  const agent = startAgent(shell, script, start);
  try {
    await agent.until(/^=ready .*\n/m);
  } catch (error) {
    await agent.close();
    throw error;
  }
  return agent;
}

/** The console as a person starts it: the real command, in a process and a data directory of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '#shared/contract/connect.ts';
import type { Console } from '#shared/contract/connect.ts';
import { webSocketPage } from './channel-pair.ts';

export const command = fileURLToPath(new URL('../../bin/tmem-console.mjs', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export function runCommand(
  words: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...words], { env: { ...process.env, ...options.env } });
  const ended = outputOf(child);
  child.stdin.end(options.input ?? '');
  return ended;
}

function outputOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

export interface RunningConsole {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Another page on the door. */
  page(): Promise<Console>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Starts `--headless` and waits for its first line; rejects with what it said when it ends before. */
export async function startConsole(
  options: { words?: readonly string[]; dataDir?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<RunningConsole> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tmem-console-'));
  const child = spawn(process.execPath, [command, '--headless', '--data-dir', dataDir, ...(options.words ?? [])], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = outputOf(child);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += String(chunk);
      const end = text.indexOf('\n');
      if (end < 0) return;
      const first = text.slice(0, end);
      const prefix = 'console ready: ';
      if (first.startsWith(prefix)) resolve(first.slice(prefix.length));
      else reject(new Error(`first line on stdout: ${first}`));
    });
    void ended.then(({ status, stderr }) =>
      reject(new Error(`the console ended with status ${String(status)}: ${stderr}`)),
    );
  });
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    ended,
    page: async () => connect(await webSocketPage(doorOf(url))),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const result = await ended;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return result;
    },
  };
}

/** `http://127.0.0.1:1/?token=x` to `ws://127.0.0.1:1/door?token=x` */
export function doorOf(url: string): string {
  const door = new URL(url);
  door.protocol = 'ws:';
  door.pathname = '/door';
  return door.href;
}

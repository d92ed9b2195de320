/** Runs the programs beside the tests with the Node that runs the tests, and reads their lines. */
import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: string[];
  /** The next line that begins so; rejects when the program ends or twenty seconds pass without it. */
  line(start: string): Promise<string>;
  say(word: string): void;
  kill(): Promise<void>;
}

export function startChild(name: string, args: readonly string[], options: SpawnOptionsWithoutStdio = {}): Child {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const process_ = spawn(process.execPath, [program, ...args], options);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let words = '';
  let ended = false;
  const wake = () => waiting.forEach((look) => look());
  process_.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const reader = createInterface(process_.stdout);
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  reader.on('close', () => {
    ended = true;
    wake();
  });
  return {
    pid: process_.pid ?? 0,
    process: process_,
    lines,
    line: (start) =>
      new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(deadline);
          waiting.delete(look);
          act();
        };
        const fault = () => new Error(`no line "${start}" from ${name}: ${lines.join(' | ')} ${words}`);
        const look = () => {
          const found = lines.find((line) => line.startsWith(start));
          if (found !== undefined) finish(() => resolve(found));
          else if (ended) finish(() => reject(fault()));
        };
        const deadline = setTimeout(() => finish(() => reject(fault())), 20_000);
        waiting.add(look);
        look();
      }),
    say: (word) => process_.stdin.write(`${word}\n`),
    kill: async () => {
      if (process_.exitCode !== null || process_.signalCode !== null) return;
      process_.kill('SIGKILL');
      await once(process_, 'exit');
    },
  };
}

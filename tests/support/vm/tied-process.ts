/**
 * A child process that cannot outlive this one, even when this one is killed without a chance to clean up: a shell
 * between the two ends it as soon as the pipe from us closes. Used by machine.ts for QEMU.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface TiedProcess {
  readonly running: () => boolean;
  /** What it wrote to its standard error, at most 4000 characters. */
  readonly words: () => string;
  /** Kills it and waits until it is gone. May be called twice. */
  readonly end: () => Promise<void>;
}

const script = `
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
(cat <&3 >/dev/null 2>&1; kill -9 "$program") &
watcher=$!
wait "$program"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"`;

export function spawnTied(program: string, args: readonly string[]): TiedProcess {
  const child = spawn('sh', ['-c', script, 'sh', program, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(0, 4000)));
  const ended = once(child, 'exit');
  return {
    running: () => child.exitCode === null && child.signalCode === null,
    words: () => words,
    end: async () => {
      child.stdin.destroy();
      await ended;
    },
  };
}

/** Runs one short command on a connection that is up; its output and its time are bounded. Used to check rights. */
import type { Client } from 'ssh2';
import { ProblemError, problem } from '#shared/problem.ts';
import type { Clock } from '#core/ports.ts';
import { printable } from './agent-reader.ts';
import { channelProblem } from './ssh-problems.ts';

export interface CommandEnd {
  readonly status: number | undefined;
  /** Standard output and error, together at most 16 KiB. */
  readonly output: string;
}

const mostOutput = 16 * 1024;

/** Rejects: channel-refused, timed-out. */
export function runCommand(
  client: Client,
  command: string,
  where: string,
  clock: Clock,
  ms = 10_000,
): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const onFailure = (error: Error) => {
      stopTimer();
      reject(new ProblemError(channelProblem(error, where), { cause: error }));
    };
    let abandon: () => void = () => undefined;
    const stopTimer = clock.after(ms, () => {
      abandon();
      reject(new ProblemError(problem('timed-out', `${where}: "${command}" did not end within ${ms / 1000} s.`)));
    });
    try {
      client.exec(command, (error, channel) => {
        if (error !== undefined) return onFailure(error);
        let output = '';
        let status: number | undefined;
        abandon = () => channel.close();
        const keep = (chunk: Buffer) => {
          if (output.length < mostOutput) output += chunk.toString('utf8', 0, mostOutput - output.length);
        };
        channel.on('data', keep);
        channel.stderr.on('data', keep);
        channel.on('error', () => undefined);
        channel.on('exit', (code: number | null) => (status = code ?? undefined));
        channel.on('close', () => {
          stopTimer();
          resolve({ status, output: printable(output) });
        });
        channel.end();
      });
    } catch (error) {
      onFailure(error as Error);
    }
  });
}

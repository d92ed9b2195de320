/** Asks a person on the terminal; what is typed stays hidden where the prompt says so. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { SecretPrompt } from '#shared/model/host.ts';

/** Undefined when there is no terminal, or the person ended the input. */
export function askOnTerminal(prompt: SecretPrompt): Promise<string | undefined> {
  if (!process.stdin.isTTY) return Promise.resolve(undefined);
  const shown = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (prompt.echo) process.stderr.write(chunk);
      done();
    },
  });
  process.stderr.write(`${prompt.text}: `);
  const reader = createInterface({ input: process.stdin, output: shown, terminal: true });
  return new Promise((resolve) => {
    reader.once('close', () => resolve(undefined));
    reader.once('line', (line) => {
      resolve(line);
      reader.close();
      process.stderr.write('\n');
    });
  });
}

/** `tmem-console inspect FILE…`: what each platform reads from a saved capture, as JSON, connecting to nothing. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail, problemOf } from '#shared/problem.ts';
import { platforms } from '../platforms/index.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { inspection } from './inspection.ts';

/** Larger than any capture of text files; keeps a disk image given by mistake out of memory. */
const largest = 256 * 1024 * 1024;

export const inspect: Command = {
  name: 'inspect',
  usage: 'tmem-console inspect FILE…',
  summary: 'what each platform reads from a saved capture, as JSON',
  options: [
    {
      words: 'FILE',
      summary: 'a recording of this product, or a dump as `grep -rs "" DIR…` prints it; - reads standard input',
    },
  ],
  run: async (words) => {
    const { positionals } = parse(words);
    if (positionals.length === 0) throw new UsageError('inspect wants at least one file.');
    let status = 0;
    const reports: unknown[] = [];
    for (const file of positionals) {
      try {
        reports.push({ file, ...inspection(await textOf(file), platforms) });
      } catch (error) {
        const known = problemOf(error);
        if (known === undefined) throw error;
        reports.push({ file, problem: known });
        process.stderr.write(`tmem-console: ${known.sentence}\n`);
        status = 1;
      }
    }
    await new Promise<void>((written) =>
      process.stdout.write(`${JSON.stringify({ captures: reports }, null, 2)}\n`, () => written()),
    );
    return status;
  },
};

function parse(words: readonly string[]): { positionals: string[] } {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: {} });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function textOf(file: string): Promise<string> {
  let content: Buffer;
  try {
    content = file === '-' ? await standardInput() : await readFile(file);
  } catch (error) {
    return fail('file-unreadable', `"${file}" cannot be read.`, error instanceof Error ? error.message : undefined);
  }
  if (content.length > largest)
    fail('file-unreadable', `"${file}" is larger than 256 MiB: that is no capture of text files.`);
  return content.toString('utf8');
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > largest) break;
  }
  return Buffer.concat(chunks);
}

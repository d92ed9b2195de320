/**
 * `tmem-console capture HOST`: one reading of everything the agent may read on a host, as a recording: to be mailed,
 * inspected, kept as a test. Goes the same way as the console: same host key policy, same logins, same agent.
 */
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { fail } from '#shared/problem.ts';
import { defaultDataDir } from '../files/default-data-dir.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';

export const capture: Command = {
  name: 'capture',
  usage: 'tmem-console capture HOST',
  summary: 'read a host once and write the recording',
  options: [
    { words: 'HOST', summary: 'a Host of ~/.ssh/config, or [USER@]ADDRESS[:PORT]' },
    { words: '--key FILE', summary: 'log in with this private key instead of ssh-agent' },
    { words: '--password', summary: 'log in with a password, asked for on the terminal' },
    { words: '--sudo', summary: 'run the agent through sudo -n where that is allowed' },
    { words: '--out FILE', summary: 'write here instead of standard output' },
    { words: '--data-dir DIR', summary: "the console's directory, for the host keys it knows" },
  ],
  run: async (words) => {
    const { out, ...asked } = readWords(words);
    // Only now the way to hosts is loaded: a help text should not wait for it.
    const { captureHost } = await import('./capture-host.ts');
    const recording = await captureHost(asked);
    if (out === undefined) process.stdout.write(recording);
    else await write(out, recording);
    return 0;
  },
};

export interface Words {
  readonly target: string;
  readonly key: string | undefined;
  readonly password: boolean;
  readonly sudo: boolean;
  readonly out: string | undefined;
  readonly dataDir: string;
}

async function write(file: string, recording: string): Promise<void> {
  try {
    await writeFile(file, recording, { mode: 0o600 });
  } catch (error) {
    fail('file-unwritable', `"${file}" cannot be written.`, error instanceof Error ? error.message : undefined);
  }
}

function readWords(words: readonly string[]): Words {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        password: { type: 'boolean', default: false },
        sudo: { type: 'boolean', default: false },
        out: { type: 'string' },
        'data-dir': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const [target, ...more] = parsed.positionals;
  if (target === undefined || more.length > 0) throw new UsageError('capture wants one host.');
  const { key, password, sudo, out } = parsed.values;
  const dataDir = parsed.values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
  return { target, key, password, sudo, out, dataDir };
}

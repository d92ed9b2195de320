/** The few options the desktop shell takes itself. What it does not know is Chromium's and left alone. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir } from '#core/files/default-data-dir.ts';

export interface ShellArguments {
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute; an inventory to add from. */
  readonly hostFile?: string;
  /** The scenario of the lab to begin in; '' when none was named. */
  readonly lab?: string;
}

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
}

/** @returns what to start with, or the sentence that says which option is wrong. */
export function shellArguments(argv: readonly string[], at: Surroundings): ShellArguments | { readonly wrong: string } {
  const { values } = parseArgs({
    // `--lab` may stand alone; without its `=` it would take the next word.
    args: argv.map((word) => (word === '--lab' ? '--lab=' : word)),
    options: { 'data-dir': { type: 'string' }, 'host-file': { type: 'string' }, lab: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  const { 'data-dir': dataDir, 'host-file': hostFile, lab } = values;
  if (dataDir !== undefined && !isPath(dataDir)) return { wrong: '--data-dir needs a folder: --data-dir DIR.' };
  if (hostFile !== undefined && !isPath(hostFile)) return { wrong: '--host-file needs a file: --host-file FILE.' };
  return {
    dataDir: dataDir === undefined ? defaultDataDir(at.env, at.platform, at.home) : resolve(at.cwd, dataDir),
    ...(hostFile === undefined ? {} : { hostFile: resolve(at.cwd, hostFile) }),
    ...(typeof lab === 'string' ? { lab } : {}),
  };
}

/** Another option in the place of the path means that the path was forgotten. */
const isPath = (value: string | boolean): value is string =>
  typeof value === 'string' && value !== '' && !value.startsWith('-');

/**
 * `tmem-console`: the console itself. Opens the desktop application where Electron's runtime is there or can be
 * fetched; otherwise, or with --headless, serves the same console to a browser on this machine.
 */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { scenarios } from '../lab/scenarios/index.ts';
import { defaultDataDir } from '../files/default-data-dir.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { findElectron, runElectron } from './electron-runtime.ts';
import { buildPages } from './pages.ts';

export const start: Command = {
  name: '',
  usage: 'tmem-console [options]',
  summary: 'open the console',
  options: [
    { words: '--headless', summary: 'serve the console to a browser and open no window' },
    { words: '--port N', summary: 'port on 127.0.0.1 in browser mode; 0, the default, takes any free one' },
    { words: '--data-dir DIR', summary: 'where inventory, settings and known host keys are kept' },
    { words: '--host-file FILE', summary: 'add the hosts of an inventory file (JSON)' },
    {
      words: '--lab[=SCENARIO]',
      summary: `begin in the lab, a cluster that lives in memory: ${scenarios.map(({ id }) => id).join(', ')}`,
    },
    { words: '--help', summary: 'this list' },
    { words: '--version', summary: 'the version' },
  ],
  run: async (words) => {
    const options = readOptions(words);
    if (!options.headless) {
      const electron = await findElectron();
      if (electron !== undefined) {
        await buildPages('all');
        return runElectron(electron, words);
      }
      process.stderr.write(
        "Electron's runtime is not here and could not be fetched: serving the same console to a browser instead.\n",
      );
    }
    await buildPages('pages');
    // Only now the core is loaded: a help text should not wait for it.
    return (await import('./browser-mode.ts')).serveBrowser(options);
  },
};

export interface Options {
  readonly headless: boolean;
  readonly port: number;
  readonly dataDir: string;
  readonly hostFile: string | undefined;
  readonly lab: string | undefined;
}

export function readOptions(words: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      // `--lab` may stand alone: the core takes the first scenario.
      args: words.map((word) => (word === '--lab' ? '--lab=' : word)),
      options: {
        headless: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        'data-dir': { type: 'string' },
        'host-file': { type: 'string' },
        lab: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') + '.' : String(error));
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port}".`);
  const dataDir = values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
  return {
    headless: values.headless,
    port,
    dataDir: resolve(dataDir),
    hostFile: values['host-file'] === undefined ? undefined : resolve(values['host-file']),
    lab: values.lab,
  };
}

/**
 * `tmem-console`: the console itself. Opens the desktop application where Electron's runtime is there or can be
 * fetched; otherwise, or with --headless, serves the same console to a browser on this machine.
 */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createCore } from '../core.ts';
import { defaultDataDir } from '../files/default-data-dir.ts';
import { openLoopbackDoor } from '../serve/loopback-door.ts';
import { openBrowser } from './browser.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { findElectron, runElectron } from './electron-runtime.ts';
import { buildPages } from './pages.ts';
import { agentBody, pages, version } from './program.ts';

export const start: Command = {
  name: '',
  usage: 'tmem-console [options]',
  summary: 'open the console',
  options: [
    { words: '--headless', summary: 'serve the console to a browser and open no window' },
    { words: '--port N', summary: 'port on 127.0.0.1 in browser mode; 0, the default, takes any free one' },
    { words: '--data-dir DIR', summary: 'where inventory, settings and known host keys are kept' },
    { words: '--host-file FILE', summary: 'add the hosts of an inventory file (JSON)' },
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
    return serveBrowser(options);
  },
};

interface Options {
  readonly headless: boolean;
  readonly port: number;
  readonly dataDir: string;
  readonly hostFile: string | undefined;
}

export function readOptions(words: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        headless: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        'data-dir': { type: 'string' },
        'host-file': { type: 'string' },
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
  };
}

async function serveBrowser({ headless, port, dataDir, hostFile }: Options): Promise<number> {
  const stopped = untilToldToStop();
  const core = await createCore({
    dataDir,
    ...(hostFile === undefined ? {} : { hostFile }),
    shell: 'browser',
    version,
    agentBody: agentBody(),
  });
  try {
    const door = await openLoopbackDoor({
      pages,
      port,
      token: randomBytes(24).toString('base64url'),
      onChannel: core.attach,
    });
    process.stdout.write(`console ready: ${door.url}\n`);
    if (!headless) openBrowser(door.url);
    await stopped;
    await door.close();
    return 0;
  } finally {
    await core.close();
  }
}

/** The first signal ends the console in order; a second one ends it at once. */
function untilToldToStop(): Promise<void> {
  return new Promise((done) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const stop = (): void => {
      for (const signal of signals) process.removeListener(signal, stop);
      done();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}

/** Browser mode: the core behind the loopback door, until a signal ends it. */
import { randomBytes } from 'node:crypto';
import { createCore } from '../core.ts';
import { openLoopbackDoor } from '../serve/loopback-door.ts';
import { openBrowser } from './browser.ts';
import { agentBody, pages, version } from './program.ts';
import type { Options } from './start.ts';

/** Milliseconds in which a further signal is taken for the first one, heard again. */
const echoMs = 500;

/** Resolves to the exit status. */
export async function serveBrowser({ headless, port, dataDir, hostFile, lab }: Options): Promise<number> {
  const stopped = untilToldToStop();
  const core = await createCore({
    dataDir,
    ...(hostFile === undefined ? {} : { hostFile }),
    ...(lab === undefined ? {} : { lab }),
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

/** The first signal ends the console in order; one that comes later, while it still ends, does so at once. */
function untilToldToStop(): Promise<void> {
  return new Promise((done) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const stop = (): void => {
      done();
      // A terminal tells the whole group, and whoever started us may pass it on: that is one wish, heard twice.
      const deaf = setTimeout(() => signals.forEach((signal) => process.removeListener(signal, stop)), echoMs);
      deaf.unref();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}

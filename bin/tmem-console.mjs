#!/usr/bin/env node
/**
 * The command `tmem-console`. Runs the sources of a checkout as they are, or the built program where there are none.
 * The sources need a Node that strips types; an older one hands over to the Node among the project's packages.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const sources = here('../electron/core/cli/main.ts');
const built = here('../out/cli.js');

if (!existsSync(sources)) {
  await import(built);
} else if (process.features.typescript) {
  await import(sources);
} else {
  const newer = here('../node_modules/node/bin/node');
  if (!existsSync(newer)) {
    process.stderr.write(
      `tmem-console needs Node 24 or newer; this is ${process.version}. Run "npm ci" once: it brings the right one.\n`,
    );
    process.exit(1);
  }
  // This one only waits, passes signals down and the exit status up.
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

/**
 * `npm run dev`: the console in a browser, with the pages built as they are edited. The core runs behind its real
 * door; Vite serves the pages and passes the door through. Options are those of the console (`--data-dir`, …).
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { createCore } from '#core/core.ts';
import { agentBody, pages, version } from '#core/cli/program.ts';
import { readOptions } from '#core/cli/start.ts';
import { openLoopbackDoor } from '#core/serve/loopback-door.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dataDir, hostFile } = readOptions(process.argv.slice(2));
const core = await createCore({
  dataDir,
  ...(hostFile === undefined ? {} : { hostFile }),
  shell: 'browser',
  version,
  agentBody: agentBody(),
});
const token = randomBytes(24).toString('base64url');
const door = await openLoopbackDoor({ pages, port: 0, token, onChannel: core.attach });

const vite = await createServer({
  configFile: join(root, 'vite.config.ts'),
  server: {
    host: '127.0.0.1',
    proxy: {
      // The door itself, not the folder of the same name in renderer/.
      '^/door(\\?|$)': {
        target: `http://127.0.0.1:${door.port}`,
        ws: true,
        changeOrigin: true,
        headers: { origin: `http://127.0.0.1:${door.port}` },
      },
    },
  },
});
await vite.listen();
console.log(`console ready: ${vite.resolvedUrls?.local[0] ?? ''}?token=${token}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void (async () => {
      await vite.close();
      await door.close();
      await core.close();
      process.exit(0);
    })();
  });
}

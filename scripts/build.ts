/**
 * Builds what runs: `node scripts/build.ts [pages|all] [--if-stale]`.
 *   out/renderer   the pages (Vite)
 *   out/main.js, out/preload.cjs, out/cli.js   the desktop shell and the command, with the core in them (esbuild)
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const pageSources = ['renderer', 'shared', 'vite.config.ts', 'package.json'];
const nodeSources = ['electron', 'shared', 'package.json'];

async function buildPages(): Promise<void> {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

async function buildNode(): Promise<void> {
  const { build } = await import('esbuild');
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  } as const;
  await Promise.all([
    build({
      ...common,
      // A worker is a file of its own: it is started by its address, beside whoever starts it.
      entryPoints: {
        main: 'electron/main.ts',
        cli: 'electron/core/cli/main.ts',
        'key-worker': 'electron/core/hosts/key-worker.ts',
        'history-worker': 'electron/core/history/history-worker.ts',
        'report-worker': 'electron/core/reports/writers/report-worker.ts',
      },
      outdir: 'out',
      format: 'esm',
      target: 'node24',
      external: ['electron'],
    }),
    // A sandboxed preload script is CommonJS and may require nothing but Electron's own modules.
    build({
      ...common,
      entryPoints: ['electron/preload.ts'],
      outfile: 'out/preload.cjs',
      format: 'cjs',
      target: 'node24',
      external: ['electron'],
    }),
  ]);
}

/** Number and newest change of all files: enough to notice an edit, an addition, a removal. */
function stampOf(places: readonly string[]): string {
  let newest = 0;
  let count = 0;
  const visit = (path: string): void => {
    const info = statSync(path);
    if (info.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else {
      count += 1;
      newest = Math.max(newest, info.mtimeMs);
    }
  };
  for (const place of places) visit(join(root, place));
  return `${count} ${newest}`;
}

function readStamp(name: string): string {
  try {
    return readFileSync(join(root, 'out', name), 'utf8');
  } catch {
    return '';
  }
}

async function buildIfStale(name: string, sources: readonly string[], build: () => Promise<void>): Promise<void> {
  const stamp = stampOf(sources);
  if (process.argv.includes('--if-stale') && readStamp(name) === stamp) return;
  mkdirSync(join(root, 'out'), { recursive: true });
  await build();
  writeFileSync(join(root, 'out', name), stamp);
}

const what = process.argv[2] ?? 'all';
await buildIfStale('.pages-built', pageSources, buildPages);
if (what !== 'pages') await buildIfStale('.node-built', nodeSources, buildNode);

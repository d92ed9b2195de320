/**
 * Packs the desktop console for the system it runs on and looks into what was packed: `node scripts/dist.ts`.
 * With `--dir` only the folder that an installer would hold; where Electron's runtime is not here, around a stub.
 * Ends with 1 when the package lacks something or holds what it must not.
 */
import { extractFile, listPackage, statFile } from '@electron/asar';
import { build, Platform } from 'electron-builder';
import type { AfterPackContext, Configuration } from 'electron-builder';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingsIn, foreignRequires, summaryOf } from './dist/contents.ts';
import { looseFuses } from './dist/fuses.ts';
import { makeStubRuntime } from './dist/stub-runtime.ts';

interface Manifest {
  readonly productName: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const onlyFolder = process.argv.includes('--dir');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

let stub: string | undefined;
let good = false;
try {
  const runtime = await runtimeFolder();
  const packed: AfterPackContext[] = [];
  await build({
    projectDir: root,
    publish: 'never',
    targets: Platform.current().createTarget(onlyFolder ? 'dir' : undefined),
    config: {
      ...(runtime === undefined ? {} : { electronDist: runtime }),
      ...(stub === undefined ? {} : { directories: { output: join('dist', 'stub') } }),
      afterPack: (context) => {
        packed.push(context);
        return Promise.resolve();
      },
    } satisfies Configuration,
  });
  const results = await Promise.all(packed.map(look));
  if (results.length === 0) say('Nothing was packed.');
  good = results.length > 0 && results.every(Boolean);
} finally {
  if (stub !== undefined) rmSync(stub, { recursive: true, force: true });
}
// Said outright: a package that electron-builder loads ends the process with 0 whatever process.exitCode holds.
process.exit(good ? 0 : 1);

/** The runtime to pack, or undefined to let electron-builder fetch it. */
async function runtimeFolder(): Promise<string | undefined> {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (named !== undefined) return named;
  const fetched = join(root, 'node_modules', 'electron', 'dist');
  if (existsSync(join(fetched, 'version'))) return fetched;
  if (!onlyFolder) return undefined;
  if (process.platform !== 'linux')
    throw new Error("Electron's runtime is not here, and its stub exists for Linux only.");
  stub = mkdtempSync(join(tmpdir(), 'tmem-electron-stub-'));
  say("Electron's runtime is not here: packing around a stub. The result can be looked into, but does not run.");
  await makeStubRuntime(stub, manifest.devDependencies['electron'] ?? '');
  return stub;
}

/** Prints what is in one packed folder. @returns whether it is as it should be. */
async function look(context: AfterPackContext): Promise<boolean> {
  const { appOutDir, electronPlatformName: platform, packager } = context;
  const product = packager.appInfo.productFilename;
  const mac = platform === 'darwin';
  const resources = mac ? join(appOutDir, `${product}.app`, 'Contents', 'Resources') : join(appOutDir, 'resources');
  const binary = mac
    ? `${product}.app`
    : platform === 'win32'
      ? `${product}.exe`
      : (packager.config.linux?.executableName ?? product);
  const archive = join(resources, 'app.asar');
  const files = filesIn(archive);
  const { missing, unwanted } = findingsIn(
    files.map(({ name }) => name),
    Object.keys(manifest.dependencies),
    Object.keys(manifest.devDependencies),
  );
  const loose = await looseFuses(join(appOutDir, binary));
  const foreign = missing.includes('out/preload.cjs')
    ? []
    : foreignRequires(extractFile(archive, join('out', 'preload.cjs')).toString('utf8'));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const main = (JSON.parse(extractFile(archive, 'package.json').toString('utf8')) as { main?: string }).main;

  say(
    `\n${archive}${stub === undefined ? '' : ' (around a stub runtime)'}: ${files.length} files, ${(total / 1024 / 1024).toFixed(1)} MiB`,
  );
  for (const line of summaryOf(files)) say(line);
  for (const name of missing) say(`MISSING   ${name}`);
  for (const name of unwanted) say(`UNWANTED  ${name}`);
  for (const name of loose) say(`UNSEALED  ${name}`);
  for (const name of foreign) say(`WRONG     out/preload.cjs asks for ${name}`);
  if (main !== 'out/main.js') say(`WRONG     package.json starts ${String(main)} instead of out/main.js`);
  const whole = missing.length + unwanted.length + loose.length + foreign.length === 0 && main === 'out/main.js';
  say(
    whole
      ? 'The package holds what it must and nothing else; its switches are sealed.'
      : 'The package is not as it should be.',
  );
  return whole;
}

function filesIn(archive: string): { readonly name: string; readonly size: number }[] {
  return listPackage(archive, { isPack: false }).flatMap((path) => {
    const name = path.split(sep).join('/').replace(/^\//, '');
    const entry = statFile(archive, name.split('/').join(sep));
    return 'size' in entry ? [{ name, size: entry.size }] : [];
  });
}

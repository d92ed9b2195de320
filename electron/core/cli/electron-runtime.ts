/** Finds Electron's runtime, fetches it once where it is missing, and runs the desktop application with it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.ts';

const packageFolder = join(root, 'node_modules', 'electron');
/** A download on a slow line; without a network it fails within seconds. */
const fetchDeadline = 180_000;

/** Absolute path of the executable, or undefined when it is not here and cannot be had. */
export async function findElectron(): Promise<string | undefined> {
  const there = installed();
  if (there !== undefined) return there;
  const installer = join(packageFolder, 'install.js');
  if (!existsSync(installer)) return undefined;
  process.stderr.write("Fetching Electron's runtime …\n");
  await new Promise<void>((done) => {
    const child = spawn(process.execPath, [installer], { stdio: 'ignore', timeout: fetchDeadline });
    child.on('error', () => done());
    child.on('exit', () => done());
  });
  return installed();
}

function installed(): string | undefined {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageFolder, 'dist');
  const name = join(packageFolder, 'path.txt');
  const executable = join(folder, existsSync(name) ? readFileSync(name, 'utf8').trim() : 'electron');
  return existsSync(executable) ? executable : undefined;
}

/** Runs until the application ends; resolves to its exit status. */
export function runElectron(executable: string, words: readonly string[]): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(executable, [root, ...words], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', failed);
    child.on('exit', (code) => done(code ?? 1));
  });
}

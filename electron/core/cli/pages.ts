/** In a checkout, builds what is missing or older than its sources. The packed application has it built in. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#shared/problem.ts';
import { root } from './program.ts';

/** @param what `pages` for browser mode, `all` with the desktop shell's own files */
export async function buildPages(what: 'pages' | 'all'): Promise<void> {
  const script = join(root, 'scripts', 'build.ts');
  if (!existsSync(script)) return;
  const output: Buffer[] = [];
  const status = await new Promise<number | null>((done, failed) => {
    const child = spawn(process.execPath, [script, what, '--if-stale'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', failed);
    child.on('exit', done);
  });
  if (status !== 0)
    fail(
      'internal',
      'The pages could not be built. "npm run build" shows why.',
      Buffer.concat(output).toString().slice(-1500),
    );
}

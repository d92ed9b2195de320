/** Machines must not stay behind when a test run is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { spawnTied } from '../support/vm/tied-process.ts';

const module = fileURLToPath(new URL('../support/vm/tied-process.ts', import.meta.url));

test('ends with a parent that is killed', async () => {
  const body = `
    import { spawnTied } from ${JSON.stringify(module)};
    const tied = spawnTied('sh', ['-c', 'echo $$ >&2; exec sleep 600']);
    const timer = setInterval(() => {
      if (tied.words().endsWith('\\n')) { process.stdout.write(tied.words()); clearInterval(timer); setInterval(() => {}, 1e6); }
    }, 5);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', body], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  expect(lives(pid)).toBe(true);
  parent.kill('SIGKILL');
  const deadline = Date.now() + 4000;
  while (lives(pid) && Date.now() < deadline) await sleep(10);
  expect(lives(pid)).toBe(false);
});

test('ends when told to, and twice does no harm', async () => {
  const tied = spawnTied('sleep', ['600']);
  expect(tied.running()).toBe(true);
  await tied.end();
  await tied.end();
  expect(tied.running()).toBe(false);
});

test('keeps the last words of a program that ends by itself', async () => {
  const tied = spawnTied('sh', ['-c', 'echo no such machine >&2; exit 1']);
  const deadline = Date.now() + 4000;
  while (tied.running() && Date.now() < deadline) await sleep(10);
  expect(tied.running()).toBe(false);
  expect(tied.words()).toBe('no such machine\n');
  await tied.end();
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

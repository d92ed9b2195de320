/** A real dropbear on loopback, the SSH server of small systems. Keys of the accounts are in their home directories. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, childrenOf, endProcess, freePort, until } from './sshd.ts';

const dropbearPath = '/usr/sbin/dropbear';

/** Why the tests with a real dropbear cannot run here; undefined when they can. */
export const dropbearObstacle = existsSync(dropbearPath) ? undefined : 'dropbear-bin is not installed';

export interface Dropbear {
  readonly port: number;
  /** `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  log(): string;
  children(): number[];
  stop(): Promise<void>;
}

/** @param flags further options of dropbear(8), such as `-j` to forbid forwarding */
export async function startDropbear(...flags: readonly string[]): Promise<Dropbear> {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-dropbear-'));
  const keyFile = join(dir, 'host');
  const made = spawnSync('dropbearkey', ['-t', 'ed25519', '-f', keyFile], { encoding: 'utf8' });
  const hostKey = /^ssh-ed25519 \S+/m.exec(made.stdout)?.[0];
  if (hostKey === undefined) throw new Error(`dropbearkey: ${made.stderr}`);
  const port = await freePort();
  let log = '';
  const child = spawn(
    dropbearPath,
    ['-F', '-E', '-p', `127.0.0.1:${port}`, '-r', keyFile, '-P', join(dir, 'pid'), ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const pid = child.pid ?? 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(`dropbear on port ${port}: ${log}`, () => answers(port));
  return {
    port,
    hostKey,
    log: () => log,
    children: () => childrenOf(pid),
    stop: async () => {
      const connections = childrenOf(pid);
      child.kill();
      await ended;
      for (const one of connections) endProcess(one);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

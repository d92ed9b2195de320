/**
 * A real OpenSSH server on loopback for one test file: own host keys, own configuration, own authorized_keys, in a
 * temporary folder. Started on a free port; stopped and removed by `stop`. Never touches the machine's own sshd.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const sshdPath = '/usr/sbin/sshd';

/** Why the tests with a real sshd cannot run here; undefined when they can. */
export const sshdObstacle = existsSync(sshdPath) ? undefined : 'openssh-server is not installed';

export interface Sshd {
  readonly port: number;
  readonly dir: string;
  /** Public host key lines by type: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: Readonly<Record<string, string>>;
  /** The parent process. */
  readonly pid: number;
  log(): string;
  /** Processes of connections. */
  children(): number[];
  stop(): Promise<void>;
}

export interface SshdOptions {
  /** Lines of sshd_config that come first, and so win. */
  readonly config?: readonly string[];
  /** Public keys that may log in as anybody. */
  readonly authorized?: readonly string[];
  readonly hostKeyTypes?: readonly ('ed25519' | 'rsa' | 'ecdsa')[];
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `condition` holds; throws after `ms`, naming what was waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });

export function keygen(path: string, ...args: readonly string[]): string {
  const made = spawnSync('ssh-keygen', ['-q', '-f', path, ...args], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}${made.stdout}`);
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-sshd-'));
  chmodSync(dir, 0o755);
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const hostKeys: Record<string, string> = {};
  const types = options.hostKeyTypes ?? ['ed25519'];
  for (const type of types) {
    const line = keygen(join(dir, `host-${type}`), '-t', type, '-N', '', '-C', '');
    hostKeys[line.split(' ')[0] ?? type] = line;
  }
  const authorized = join(dir, 'authorized_keys');
  writeFileSync(authorized, `${(options.authorized ?? []).join('\n')}\n`);
  const log = join(dir, 'log');
  const config = [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...types.map((type) => `HostKey ${join(dir, `host-${type}`)}`),
    `AuthorizedKeysFile ${authorized}`,
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'PidFile none',
    'PrintMotd no',
    'LogLevel VERBOSE',
    'UseDNS no',
    // Of this one sshd takes the last, not the first.
    ...(options.config?.some((line) => line.startsWith('MaxStartups')) === true ? [] : ['MaxStartups 200']),
  ];
  writeFileSync(join(dir, 'sshd_config'), `${config.join('\n')}\n`);
  const child = spawn(sshdPath, ['-D', '-f', join(dir, 'sshd_config'), '-E', log], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const readLog = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  await until(`sshd on port ${port}: ${readLog()}`, () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${readLog()}`);
    return /Server listening/.test(readLog());
  });
  return {
    port,
    dir,
    hostKeys,
    pid,
    log: readLog,
    children: () => childrenOf(pid),
    stop: async () => {
      const connections = childrenOf(pid).flatMap((one) => [one, ...childrenOf(one)]);
      child.kill();
      await ended;
      for (const one of connections) endProcess(one);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function endProcess(pid: number, signal: NodeJS.Signals = 'SIGTERM'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was gone already.
  }
}

export function childrenOf(pid: number): number[] {
  const listed = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return listed.stdout
    .split('\n')
    .map((line) => Number(line.trim()))
    .filter((one) => one > 0);
}

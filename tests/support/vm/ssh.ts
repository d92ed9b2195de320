/**
 * The tests' own way into a test host: the system's OpenSSH client, apart from the console's SSH code, so that what
 * the console shows can be compared with what the host says. One connection is kept and shared by all commands of
 * `root`, because in emulation a new login costs most of a second.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SshTarget {
  readonly port: number;
  readonly keyPath: string;
  readonly knownHostsPath: string;
  /** For the shared connection's socket: short, because a unix socket's path holds 107 bytes. */
  readonly runDir: string;
}

export interface RunOptions {
  /** `root` unless told; `viewer` is the unprivileged user. */
  readonly user?: 'root' | 'viewer';
  readonly input?: string;
  /** 60 s unless told. */
  readonly timeoutMs?: number;
}

export interface SshClient {
  /** Standard output. @throws with the command's own words when it fails or takes too long */
  run(command: string, options?: RunOptions): Promise<string>;
  /** A command of `root` that goes on; the caller reads its output and ends it. */
  start(command: string): ChildProcessWithoutNullStreams;
  /** The same over a connection of its own, which ends with the child: cutting it leaves the others alone. */
  startApart(command: string): ChildProcessWithoutNullStreams;
  close(): void;
}

const largestOutput = 8 * 1024 * 1024;

/** Waits for sshd to let root in. @throws when the deadline (epoch milliseconds) passes, or when `stillUp` says no */
export async function openSsh(target: SshTarget, deadline: number, stillUp: () => boolean): Promise<SshClient> {
  const control = join(target.runDir, 'ssh');
  const options = [
    ...['-F', 'none', '-T', '-p', String(target.port), '-i', target.keyPath],
    ...['BatchMode=yes', 'IdentitiesOnly=yes', 'IdentityAgent=none', 'StrictHostKeyChecking=yes', 'ConnectTimeout=20']
      .concat(['LogLevel=ERROR', 'GlobalKnownHostsFile=none', `UserKnownHostsFile=${target.knownHostsPath}`])
      .flatMap((option) => ['-o', option]),
  ];
  const shared = [...options, '-S', control, 'root@127.0.0.1'];

  const login = async (): Promise<ChildProcessWithoutNullStreams | string> => {
    const master = spawn('ssh', ['-M', '-N', ...shared]);
    let words = '';
    master.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const ended = once(master, 'exit');
    const running = (): boolean => master.exitCode === null && master.signalCode === null;
    // The client makes its control socket once it is logged in.
    while (running() && !existsSync(control)) {
      if (Date.now() > deadline) master.kill();
      await Promise.race([ended, sleep(50)]);
    }
    return running() ? master : words.trim();
  };

  let master = await login();
  while (typeof master === 'string') {
    if (Date.now() > deadline || !stillUp()) throw new Error(`sshd on the test host let nobody in: ${master}`);
    await sleep(200);
    master = await login();
  }
  const connection = master; // one that stays logged in, by the loop above
  const start = (args: readonly string[], command: string): ChildProcessWithoutNullStreams =>
    spawn('ssh', [...args, '--', command]);

  return {
    start: (command) => start(shared, command),
    startApart: (command) => start([...options, 'root@127.0.0.1'], command),
    run: (command, { user = 'root', input = '', timeoutMs = 60_000 } = {}) => {
      const child = start(user === 'root' ? shared : [...options, `${user}@127.0.0.1`], command);
      const what = `on the test host, as ${user}: ${command}\n`;
      const output: Buffer[] = [];
      let size = 0;
      let words = '';
      return new Promise((resolve, reject) => {
        // The shared connection keeps the pipes of a command that goes on, so there is no waiting for their end.
        const giveUp = (how: string): void => {
          child.kill('SIGKILL');
          child.stdout.destroy();
          child.stderr.destroy();
          reject(new Error(`${what}${how}: ${words.trim()}`));
        };
        const timer = setTimeout(() => giveUp(`not done after ${timeoutMs} ms`), timeoutMs);
        child.stdout.on('data', (chunk: Buffer) => {
          output.push(chunk);
          size += chunk.length;
          if (size > largestOutput) giveUp(`more than ${largestOutput} bytes of output`);
        });
        child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(0, 4000)));
        child.on('error', reject).on('close', (status) => {
          clearTimeout(timer);
          if (status === 0) resolve(Buffer.concat(output).toString());
          else reject(new Error(`${what}ended with ${status ?? 'a signal'}: ${words.trim()}`));
        });
        child.stdin.on('error', () => undefined); // a command that reads nothing closes its end first
        child.stdin.end(input);
      });
    },
    close: () => void connection.kill(),
  };
}

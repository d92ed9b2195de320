/** This machine as a host: a real sshd on loopback, a key that logs in, and OpenSSH's own client set up for it. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { keygen, sshdObstacle, startSshd } from '../support/sshd.ts';
import { NotHere } from './measurement.ts';
import type { Means } from './measurement.ts';

export interface HostHere {
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  /** Holds `.ssh/known_hosts` with the server's key. */
  readonly home: string;
  /** Words for `ssh` that reach it and read nobody's own configuration. */
  readonly sshWords: readonly string[];
}

export async function startHostHere({ tidy }: Pick<Means, 'tidy'>): Promise<HostHere> {
  if (sshdObstacle !== undefined) throw new NotHere(sshdObstacle);
  if (userInfo().uid !== 0) throw new NotHere('an sshd of its own that logs people in needs root');
  const home = tidy.folder();
  mkdirSync(join(home, '.ssh'));
  const keyFile = join(home, 'key');
  const authorized = keygen(keyFile, '-t', 'ed25519', '-N', '', '-C', 'bench');
  const sshd = await startSshd({
    authorized: [authorized],
    // A bash that sshd starts reads .bashrc for every command unless it seems to be an inner shell. The peers' times
    // are to be those of SSH, not of whatever this account has in there.
    config: ['MaxStartups 1000', 'MaxSessions 64', 'LogLevel INFO', 'SetEnv SHLVL=2'],
  });
  tidy.add(() => sshd.stop());
  const knownHosts = join(home, '.ssh', 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${sshd.port} ${sshd.hostKeys['ssh-ed25519'] ?? ''}\n`);
  const { username: user } = userInfo();
  const sshWords = [
    ...['-F', '/dev/null', '-i', keyFile, '-p', String(sshd.port), '-T', '-x'],
    ...['IdentitiesOnly=yes', `UserKnownHostsFile=${knownHosts}`, 'BatchMode=yes', 'LogLevel=ERROR'].flatMap((word) => [
      '-o',
      word,
    ]),
    `${user}@127.0.0.1`,
  ];
  return { port: sshd.port, user, keyFile, home, sshWords };
}

/** Runs a command to its end; resolves with its standard output. */
export function runToEnd(program: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(said).toString());
      else reject(new Error(`${program} ended with status ${String(status)}: ${Buffer.concat(complaints).toString()}`));
    });
  });
}

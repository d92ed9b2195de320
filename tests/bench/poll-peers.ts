/** The contestants of the poll: the product's agent link, ssh through a ControlMaster, ssh2 with an exec per poll. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { platforms } from '#core/platforms/index.ts';
import { until } from '../support/sshd.ts';
import { ownCpu, processCpu, proportionalMemory } from './cpu.ts';
import { runToEnd } from './host-here.ts';
import type { HostHere } from './host-here.ts';
import { productLink } from './product-link.ts';
import type { Tidy } from './tidy.ts';

export interface Contestant {
  readonly name: 'product' | 'openssh' | 'ssh2-exec';
  /** Resolves with what the host's files said. */
  poll(): Promise<string>;
  /** CPU milliseconds on the console's side so far, of every process that has a part in it. */
  cpu(): number;
}

const polled = 'mainline.host';

/** The same files read by one grep, as somebody would write it by hand. */
export function pollCommand(): string {
  const set = platforms.flatMap(({ sets }) => sets).find(({ name }) => name === polled);
  if (set?.kind !== 'files') throw new Error(`there is no set of files ${polled}`);
  return `LC_ALL=C exec grep -s -a -H '' ${['/proc/uptime', ...set.files].join(' ')}`;
}

export async function product(host: HostHere, tidy: Tidy): Promise<Contestant> {
  const link = await productLink(host, tidy);
  return {
    name: 'product',
    poll: async () => (await link.ask({ verb: 'read', set: polled })).text,
    cpu: ownCpu,
  };
}

export interface Master extends Contestant {
  /** Bytes its resident process takes. */
  memory(): number;
}

/** grep ends with status 2 where a file is not there, so the remote command must not decide. */
const tolerant = (command: string): string => `${command.replace('exec ', '')}; :`;

export async function openssh(host: HostHere, tidy: Tidy): Promise<Master> {
  const control = join(host.home, 'control');
  const master = spawn('ssh', ['-M', '-N', '-S', control, ...host.sshWords], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => master.once('exit', () => resolve()));
  tidy.add(async () => {
    master.kill();
    await ended;
  });
  await until('the ControlMaster', () =>
    runToEnd('ssh', ['-S', control, '-O', 'check', ...host.sshWords]).then(
      () => true,
      () => false,
    ),
  );
  const pid = master.pid ?? 0;
  const command = tolerant(pollCommand());
  const words = ['-S', control, '-o', 'ControlMaster=no', ...host.sshWords, command];
  return {
    name: 'openssh',
    poll: () => runToEnd('ssh', words),
    cpu: () => ownCpu() + processCpu('self').children + processCpu(pid).own,
    memory: () => proportionalMemory(pid),
  };
}

export async function ssh2Exec(host: HostHere, tidy: Tidy): Promise<Contestant> {
  const client = new ssh2.Client();
  tidy.add(() => client.end());
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject);
    client.connect({
      sock: connectSocket({ host: '127.0.0.1', port: host.port, noDelay: true }),
      username: host.user,
      privateKey: readFileSync(host.keyFile),
      // The server is our own, started a moment ago.
      hostVerifier: () => true,
    });
  });
  const command = tolerant(pollCommand());
  return {
    name: 'ssh2-exec',
    poll: () =>
      new Promise((resolve, reject) => {
        client.exec(command, (error, channel) => {
          if (error !== undefined) return reject(error);
          const said: Buffer[] = [];
          channel.on('data', (bytes: Buffer) => said.push(bytes));
          channel.stderr.resume();
          return channel.on('close', () => resolve(Buffer.concat(said).toString()));
        });
      }),
    cpu: ownCpu,
  };
}

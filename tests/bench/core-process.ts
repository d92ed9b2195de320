/** Starts core-child.ts with hosts that all are this machine, and speaks with it: as a page, and about its cost. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '#shared/contract/connect.ts';
import type { Console } from '#shared/contract/connect.ts';
import { webSocketPage } from '../support/channel-pair.ts';
import { doorOf } from '../support/console-process.ts';
import type { HostHere } from './host-here.ts';
import type { Tidy } from './tidy.ts';

export interface ChildOptions {
  readonly dataDir: string;
  readonly hostFile: string;
  readonly home: string;
  readonly token: string;
}

/** Since the report before. Bytes; the loop's lag in milliseconds. */
export interface ChildReport {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The most that was seen; the other two are those of the moment. */
  readonly rss: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface CoreProcess {
  readonly url: string;
  /** By the clock that stamps the hosts' states. */
  readonly startedAt: number;
  page(): Promise<Console>;
  report(): Promise<ChildReport>;
}

/**
 * The hosts are on this machine too, each with processes of its own. In earnest they are elsewhere, so the core runs
 * ahead of them: what is measured is its own lag, not its waiting for a processor. Nice values would not do, as Linux
 * weighs sessions against each other first (autogroup), and each host's login is one.
 */
const chrt = '/usr/bin/chrt';

const child = fileURLToPath(new URL('core-child.ts', import.meta.url));

export async function startCore(
  host: HostHere,
  hosts: { readonly count: number; readonly connect: boolean; readonly intervalSeconds: number },
  tidy: Tidy,
): Promise<CoreProcess> {
  const folder = tidy.folder();
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  writeFileSync(
    join(dataDir, 'settings.json'),
    JSON.stringify({ version: 1, settings: { intervalSeconds: hosts.intervalSeconds } }),
  );
  const hostFile = join(folder, 'hosts.json');
  const { port, user, keyFile, home } = host;
  const listed = Array.from({ length: hosts.count }, (_, index) => ({
    name: `host-${String(index + 1).padStart(3, '0')}`,
    address: '127.0.0.1',
    port,
    user,
    login: { method: 'key', keyFile },
    sudo: 'never',
    connect: hosts.connect,
  }));
  writeFileSync(hostFile, JSON.stringify({ hosts: listed }));
  const token = randomBytes(24).toString('base64url');
  const options: ChildOptions = { dataDir, hostFile, home, token };
  const running = fork(child, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(existsSync(chrt) ? { execPath: chrt, execArgv: ['--fifo', '1', process.execPath] } : {}),
  });
  const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
  tidy.add(async () => {
    if (running.connected) running.disconnect();
    const late = setTimeout(() => running.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  });
  const next = <Answer>(): Promise<Answer> =>
    new Promise((resolve, reject) => {
      running.once('message', (answer) => resolve(answer as Answer));
      running.once('exit', (status) => reject(new Error(`the core ended with status ${String(status)}`)));
    });
  const { url, startedAt } = await next<{ url: string; startedAt: number }>();
  return {
    url,
    startedAt,
    page: async () => {
      const page = connect(await webSocketPage(doorOf(url)));
      tidy.add(() => page.close());
      return page;
    },
    report: () => {
      const answer = next<ChildReport>();
      running.send('report');
      return answer;
    },
  };
}

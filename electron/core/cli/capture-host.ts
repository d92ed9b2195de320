/** Reads one host once, over a connection made for it; behind `tmem-console capture`. */
import { randomUUID } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { HostDraft } from '#shared/model/host.ts';
import { ProblemError, fail, problem } from '#shared/problem.ts';
import { openTextFile } from '../files/text-file.ts';
import type { HostsOptions } from '../hosts/hosts-options.ts';
import { createHosts } from '../hosts/hosts.ts';
import type { Hosts } from '../hosts/hosts.ts';
import { openInventory } from '../hosts/inventory.ts';
import { draftsFor, readImportable } from '../hosts/ssh-config.ts';
import { platforms } from '../platforms/index.ts';
import { systemClock } from '../system-clock.ts';
import type { Words } from './capture.ts';
import { UsageError } from './command.ts';
import { agentBody } from './program.ts';
import { recordingOf } from './recording.ts';
import { askOnTerminal } from './terminal.ts';

type Asked = Omit<Words, 'out'>;

/** The recording's text. Rejects with a ProblemError, or a UsageError for a target that is none. */
export async function captureHost(asked: Asked): Promise<string> {
  let recording: string | undefined;
  const hosts = await hostsFor(asked.dataDir, async (link) => {
    recording = await recordingOf(link, platforms, new Date());
    return { platforms: [], missing: [], guests: 0 };
  });
  try {
    await testUntilThrough(hosts, await draftOf(asked));
  } finally {
    await hosts.close();
  }
  return recording ?? fail('internal', 'The host answered, and nothing was recorded.');
}

async function draftOf({ target, key, password, sudo }: Asked): Promise<HostDraft> {
  const source = { file: join(homedir(), '.ssh', 'config'), user: userInfo().username, home: homedir() };
  const importable = await readImportable({ ...source, present: new Set() });
  const [known] = importable.some(({ alias }) => alias === target) ? await draftsFor(source, [target]) : [];
  const draft = known ?? parsedTarget(target, source.user);
  const login: HostDraft['login'] =
    key !== undefined ? { method: 'key', keyFile: key } : password ? { method: 'password' } : draft.login;
  return { ...draft, login, sudo: sudo ? 'when-allowed' : 'never' };
}

export function parsedTarget(target: string, ownUser: string): HostDraft {
  const found = /^(?:([^@\s]+)@)?(\[[^\]\s]+\]|[^:@\s]+)(?::(\d{1,5}))?$/.exec(target);
  const address = found?.[2]?.replace(/^\[|\]$/g, '');
  const port = Number(found?.[3] ?? 22);
  if (address === undefined || address.startsWith('-') || port < 1 || port > 65_535)
    throw new UsageError(`"${target}" is not [USER@]ADDRESS[:PORT].`);
  return {
    name: address,
    address,
    port,
    user: found?.[1] ?? ownUser,
    login: { method: 'agent' },
    group: '',
    tags: [],
    jumps: [],
    agent: 'pushed',
    sudo: 'never',
    guestGroups: [],
    connect: false,
  };
}

type Survey = HostsOptions['survey'];

/** The hosts room with an empty inventory that is never saved: only its way to a host is wanted. */
async function hostsFor(dataDir: string, survey: Survey): Promise<Hosts> {
  const silent = { info: () => undefined, warn: () => undefined, bug: (_: string, error: unknown) => reportBug(error) };
  return createHosts({
    clock: systemClock,
    log: silent,
    home: homedir(),
    env: { SSH_AUTH_SOCK: process.env['SSH_AUTH_SOCK'], USER: process.env['USER'] },
    random: Math.random,
    newId: randomUUID,
    inventory: await openInventory({ load: async () => undefined, save: async () => undefined }),
    knownHosts: {
      userFiles: [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'],
      own: await openTextFile(join(dataDir, 'known_hosts')),
    },
    sshConfigFile: join(homedir(), '.ssh', 'config'),
    agentBody: agentBody(),
    sets: platforms.flatMap(({ sets }) => sets),
    commands: platforms.flatMap(({ commands }) => commands),
    knobs: [],
    survey,
    notify: ({ sentence }) => process.stderr.write(`tmem-console: ${sentence}\n`),
  });
}

function reportBug(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

/** Asks for each secret once, in the order the way needs them; a wrong one ends it. */
async function testUntilThrough(hosts: Hosts, draft: HostDraft): Promise<void> {
  const answers: string[] = [];
  for (;;) {
    const report = await hosts.test({ draft, answers });
    if (report.problem === undefined) return;
    if (report.needs?.kind !== 'secret') throw new ProblemError(report.problem);
    for (const prompt of report.needs.request.prompts) {
      const answer = await askOnTerminal(prompt);
      if (answer === undefined)
        throw new ProblemError(
          problem('secret-needed', `${prompt.text} is needed, and there is no terminal to ask on.`),
        );
      answers.push(answer);
    }
  }
}

/**
 * `tmem-console capture HOST`: one reading of everything the agent may read on a host, as a recording: to be mailed,
 * inspected, kept as a test. Goes the same way as the console: same host key policy, same logins, same agent.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { HostDraft } from '#shared/model/host.ts';
import { ProblemError, fail, problem } from '#shared/problem.ts';
import { openTextFile } from '../files/text-file.ts';
import { defaultDataDir } from '../files/default-data-dir.ts';
import { createHosts } from '../hosts/hosts.ts';
import type { Hosts } from '../hosts/hosts.ts';
import { openInventory } from '../hosts/inventory.ts';
import { draftsFor, readImportable } from '../hosts/ssh-config.ts';
import { platforms } from '../platforms/index.ts';
import { systemClock } from '../system-clock.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { agentBody } from './program.ts';
import { recordingOf } from './recording.ts';
import { askOnTerminal } from './terminal.ts';

export const capture: Command = {
  name: 'capture',
  usage: 'tmem-console capture HOST',
  summary: 'read a host once and write the recording',
  options: [
    { words: 'HOST', summary: 'a Host of ~/.ssh/config, or [USER@]ADDRESS[:PORT]' },
    { words: '--key FILE', summary: 'log in with this private key instead of ssh-agent' },
    { words: '--password', summary: 'log in with a password, asked for on the terminal' },
    { words: '--sudo', summary: 'run the agent through sudo -n where that is allowed' },
    { words: '--out FILE', summary: 'write here instead of standard output' },
    { words: '--data-dir DIR', summary: "the console's directory, for the host keys it knows" },
  ],
  run: async (words) => {
    const { target, key, password, sudo, out, dataDir } = readWords(words);
    let recording: string | undefined;
    const hosts = await hostsFor(dataDir, async (link) => {
      recording = await recordingOf(link, platforms, new Date());
      return { platforms: [], missing: [], guests: 0 };
    });
    try {
      await testUntilThrough(hosts, await draftOf(target, { key, password, sudo }));
    } finally {
      await hosts.close();
    }
    if (recording === undefined) return fail('internal', 'The host answered, and nothing was recorded.');
    if (out === undefined) process.stdout.write(recording);
    else await writeFile(out, recording, { mode: 0o600 });
    return 0;
  },
};

interface Words {
  readonly target: string;
  readonly key: string | undefined;
  readonly password: boolean;
  readonly sudo: boolean;
  readonly out: string | undefined;
  readonly dataDir: string;
}

function readWords(words: readonly string[]): Words {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        password: { type: 'boolean', default: false },
        sudo: { type: 'boolean', default: false },
        out: { type: 'string' },
        'data-dir': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const [target, ...more] = parsed.positionals;
  if (target === undefined || more.length > 0) throw new UsageError('capture wants one host.');
  const { key, password, sudo, out } = parsed.values;
  const dataDir = parsed.values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
  return { target, key, password, sudo, out, dataDir };
}

type Wishes = Pick<Words, 'key' | 'password' | 'sudo'>;

async function draftOf(target: string, { key, password, sudo }: Wishes): Promise<HostDraft> {
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
  if (address === undefined || address.startsWith('-'))
    throw new UsageError(`"${target}" is not [USER@]ADDRESS[:PORT].`);
  return {
    name: address,
    address,
    port: Number(found?.[3] ?? 22),
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

type Survey = Parameters<typeof createHosts>[0]['survey'];

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

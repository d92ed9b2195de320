/**
 * Writes the text of the agent: the allow-list of the platforms, as shell, in front of agent.sh; and the exact lines
 * that start it, install it and let a user run it as root. Called when a host is connected and by `tmem-console agent`.
 * Strings in, strings out: it reads no file and runs nothing. A list that is not safe is our own bug, so it throws.
 */
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';

export type AgentWay = 'push' | 'installed';

export const installedAgent = '/usr/local/sbin/tmem-agent';
const sudoersFile = '/etc/sudoers.d/tmem-console';
const cleanShell = 'env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C /bin/sh -s --';

const safeName = /^[a-z][a-z0-9.-]{0,62}$/;
const safeProgram = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;
const safeKey = /^[A-Za-z0-9_]+$/;
const safeDirectory = /^[A-Za-z0-9._@+,=%:\\* -]+$/;
/** No colon: `path:line` is told apart by the first colon after the file's name. No glob. */
const safeFile = /^[A-Za-z0-9_][A-Za-z0-9._@+,=%-]*$/;
const printable = /^[ -~]{1,200}$/;
/** Reading this one file creates a device (a new zram). */
const readingIsWriting = /(^|\/)hot_add$|zram-control/;

/** Single quotes keep every byte but their own kind. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A path as one shell word: quoted, with its `*` left to the shell. */
const word = (path: string): string =>
  path
    .split('*')
    .map((part) => (part === '' ? '' : quote(part)))
    .join('*');

function insist(safe: boolean, what: string, text: string): void {
  if (!safe) throw new Error(`agent list: ${what} is not safe: ${JSON.stringify(text)}`);
}

function checkName(kind: string, name: string, seen: Set<string>): void {
  insist(safeName.test(name), `the name of a ${kind}`, name);
  insist(!seen.has(name), `a second ${kind} of the same name`, name);
  seen.add(name);
}

function checkPath(path: string): void {
  const [root, ...parts] = path.split('/');
  const file = parts.pop();
  insist(root === '' && file !== undefined && safeFile.test(file), 'a file', path);
  insist(
    parts.every((part) => safeDirectory.test(part) && !/^\.{1,2}$/.test(part) && !part.includes('**')),
    'a directory',
    path,
  );
  insist(!readingIsWriting.test(path), 'a file whose reading changes the host', path);
}

/** The paths of a set: its files, or each directory times each leaf, leaf by leaf. */
function paths(dirs: readonly string[], leaves: readonly string[]): string[] {
  return leaves.flatMap((leaf) => dirs.map((dir) => `${dir}/${leaf}`));
}

/** A call of one of agent.sh's functions, one word a line; globbing is on until the function switches it off. */
function call(name: string, first: readonly string[], files: readonly string[]): string[] {
  return ['set +f', [name, ...first, ...files.map(word)].join(' \\\n        ')];
}

/** Kernel tables of many lines are those whose name ends in `stat`: memory.stat, memory.numa_stat, cpu.stat. */
const isTable = (leaf: string): boolean => leaf.endsWith('stat');

function readings(set: FileSet | GroupSet): string[] {
  if (set.kind === 'files') {
    set.files.forEach(checkPath);
    // The agent puts the host's own clock first in every reading.
    return call(
      'whole',
      [],
      set.files.filter((path) => path !== '/proc/uptime'),
    );
  }
  paths(set.dirs, set.leaves).forEach(checkPath);
  set.keys.forEach((key) => insist(safeKey.test(key), 'a key', key));
  const tables = set.keys.length === 0 ? [] : set.leaves.filter(isTable);
  const others = set.leaves.filter((leaf) => !tables.includes(leaf));
  const steps = call('whole', [], paths(set.dirs, others));
  if (tables.length === 0) return steps;
  const kept = quote(`^(${set.keys.join('|')})[[:space:]]`);
  return [...steps.slice(0, -1), `${steps.at(-1)} || return`, ...call('table', [kept], paths(set.dirs, tables))];
}

function settings(command: FixedCommand): string[] {
  insist(safeProgram.test(command.needs), 'a program', command.needs);
  insist(printable.test(command.shown), 'the words of a command', command.shown);
  insist(!command.script.includes('\0') && !readingIsWriting.test(command.script), 'a script', command.script);
  return [
    `command_needs=${quote(command.needs)}`,
    `command_shown=${quote(command.shown)}`,
    `command_script=${quote(command.script)}`,
  ];
}

/** A shell function that knows names; 3 for every other name. */
function choice(name: string, cases: ReadonlyMap<string, readonly string[]>): string[] {
  const body = [...cases].flatMap(([key, steps]) => [
    `    ${key})`,
    ...steps.map((step) => `      ${step}`),
    '      ;;',
  ]);
  return [`${name}() {`, '  case $1 in', ...body, '    *) return 3 ;;', '  esac', '}'];
}

/**
 * The whole agent: `body` is the text of agent.sh, `sets` and `commands` are what it may read and run. The same
 * input gives the same text. Throws when a name, path, key or command is not safe.
 */
export function composeAgent(
  body: string,
  sets: readonly (FileSet | GroupSet)[],
  commands: readonly FixedCommand[],
): string {
  const setNames = new Set<string>();
  const commandNames = new Set<string>();
  sets.forEach((set) => checkName('set', set.name, setNames));
  commands.forEach((command) => checkName('command', command.name, commandNames));
  return [
    '#!/bin/sh',
    '# Agent of the Tmem Console with its list of files and commands: all that it can read and run.',
    '',
    '# The $ in a command are for the shell that runs it.',
    '# shellcheck disable=SC2016',
    '{',
    `list_sets=${quote([...setNames].join(' '))}`,
    `list_commands=${quote([...commandNames].join(' '))}`,
    ...choice('list_read', new Map(sets.map((set) => [set.name, readings(set)]))),
    ...choice('list_run', new Map(commands.map((command) => [command.name, settings(command)]))),
    '',
    body.replace(/^#!.*\n/, '').trimEnd(),
    '}',
    '',
  ].join('\n');
}

/** What the console executes on its channel; see agent/README.md. `nonce` is 16 hexadecimal digits. */
export function agentCommand(start: { nonce: string; way: AgentWay; root: boolean }): string {
  insist(/^[0-9a-f]{16}$/i.test(start.nonce), 'a nonce', start.nonce);
  const program = start.way === 'push' ? cleanShell : installedAgent;
  return `exec ${start.root ? 'sudo -n ' : ''}${program} ${start.nonce}`;
}

/** Lines for a sudoers file that let `user` run the agent as root. Throws on a user name that sudoers would misread. */
export function sudoersLines(who: { user: string; way: AgentWay }): string[] {
  insist(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(who.user) && who.user !== 'ALL', 'a user name', who.user);
  const nonce = '[0-9a-f]'.repeat(16);
  if (who.way === 'installed') {
    return [
      '# Tmem Console: this user may run the root-owned, read-only agent as root, and nothing else.',
      `Defaults!${installedAgent} !requiretty`,
      `${who.user} ALL=(root) NOPASSWD: ${installedAgent} ${nonce}`,
    ];
  }
  const shell = `/usr/bin/${cleanShell}`.replace(/[,:=\\]/g, '\\$&');
  return [
    '# Tmem Console, agent pushed through sudo: this line hands a root shell whatever arrives on its input, so it',
    '# gives this user everything root can do. The installed agent needs no such right.',
    'Defaults!/usr/bin/env !requiretty',
    `${who.user} ALL=(root) NOPASSWD: ${shell} ${nonce}`,
  ];
}

/**
 * Shell lines for an administrator, to be run on the host beside the file `tmem-agent` (written by
 * `tmem-console agent`): the root-owned copy, then the checked sudoers file for `user`.
 */
export function installSteps(user: string): string[] {
  const lines = sudoersLines({ user, way: 'installed' });
  return [
    'sh -n tmem-agent',
    `sudo install -o root -g root -m 0755 tmem-agent ${installedAgent}`,
    `printf '%s\\n' ${lines.map(quote).join(' ')} > tmem-console.sudoers`,
    `sudo visudo -cf tmem-console.sudoers && sudo install -o root -g root -m 0440 tmem-console.sudoers ${sudoersFile}`,
    'rm tmem-console.sudoers',
  ];
}

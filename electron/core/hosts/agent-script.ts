/**
 * Writes the text of the agent: the allow-list of the platforms, as shell, in front of its own text; and the exact lines
 * that start it, install it and let a user run it as root. Called when a host is connected and by `tmem-console agent`.
 * Strings in, strings out: it reads no file and runs nothing. A list that is not safe is our own bug, so it throws.
 */
import type { HostFacts } from '#shared/model/host.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import { knobList } from './agent-knobs.ts';
import { checkName, checkPath, checkProgram, checkReading, choice, insist, quote, word } from './agent-words.ts';

export type AgentWay = 'push' | 'installed';
export type AgentGrade = NonNullable<HostFacts['grade']>;

export const installedAgent = '/usr/local/sbin/tmem-agent';
const sudoersFile = '/etc/sudoers.d/tmem-console';
const operatorFlag = '--operator';
const cleanShell = 'env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C /bin/sh -s --';

const safeKey = /^[A-Za-z0-9_]+$/;
const printable = /^[ -~]{1,200}$/;

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
  checkProgram(command.needs);
  insist(printable.test(command.shown), 'the words of a command', command.shown);
  checkReading(command.script);
  return [
    `command_needs=${quote(command.needs)}`,
    `command_shown=${quote(command.shown)}`,
    `command_script=${quote(command.script)}`,
  ];
}

/**
 * The whole agent: `body` is its own text (agent-body.ts), `sets` and `commands` are what it may read and run, `knobs`
 * what an operator's may change. The same input gives the same text. Throws when a name, path, key or command is not safe.
 */
export function composeAgent(
  body: string,
  sets: readonly (FileSet | GroupSet)[],
  commands: readonly FixedCommand[],
  knobs: readonly AgentKnob[] = [],
): string {
  const setNames = new Set<string>();
  const commandNames = new Set<string>();
  sets.forEach((set) => checkName('set', set.name, setNames));
  commands.forEach((command) => checkName('command', command.name, commandNames));
  return [
    '#!/bin/sh',
    '# Agent of the Tmem Console with its list of files, commands and knobs: all that it can read, run and change.',
    '',
    '# The $ in a command are for the shell that runs it; what a knob is, is read by functions.',
    '# shellcheck disable=SC2016,SC2034,SC2317',
    '{',
    `list_sets=${quote([...setNames].join(' '))}`,
    `list_commands=${quote([...commandNames].join(' '))}`,
    ...choice('list_read', new Map(sets.map((set) => [set.name, readings(set)]))),
    ...choice('list_run', new Map(commands.map((command) => [command.name, settings(command)]))),
    ...knobList(knobs),
    '',
    body.replace(/^#!.*\n/, '').trimEnd(),
    '}',
    '',
  ].join('\n');
}

/** What the console executes on its channel; see agent/README.md. `nonce` is 16 hexadecimal digits. */
export function agentCommand(start: { nonce: string; way: AgentWay; root: boolean; grade: AgentGrade }): string {
  insist(/^[0-9a-f]{16}$/i.test(start.nonce), 'a nonce', start.nonce);
  const program = start.way === 'push' ? cleanShell : installedAgent;
  const words = start.grade === 'operator' ? [operatorFlag, start.nonce] : [start.nonce];
  return `exec ${start.root ? 'sudo -n ' : ''}${program} ${words.join(' ')}`;
}

interface RootUser {
  readonly user: string;
  readonly way: AgentWay;
  /** An operator's login may also start the agent that only reads. */
  readonly grade: AgentGrade;
}

/** Lines for a sudoers file that let `user` run the agent as root. Throws on a user name that sudoers would misread. */
export function sudoersLines({ user, way, grade }: RootUser): string[] {
  insist(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(user) && user !== 'ALL', 'a user name', user);
  const nonce = '[0-9a-f]'.repeat(16);
  const operator = grade === 'operator';
  if (way === 'installed') {
    return [
      '# Tmem Console: this user may run the root-owned, read-only agent as root, and nothing else.',
      `Defaults!${installedAgent} !requiretty`,
      `${user} ALL=(root) NOPASSWD: ${installedAgent} ${nonce}`,
      ...(operator
        ? [
            '# As operator: the same agent may change the settings on its list. Without this line it only reads.',
            `${user} ALL=(root) NOPASSWD: ${installedAgent} ${operatorFlag} ${nonce}`,
          ]
        : []),
    ];
  }
  const shell = `/usr/bin/${cleanShell}`.replace(/[,:=\\]/g, '\\$&');
  return [
    '# Tmem Console, agent pushed through sudo: this line hands a root shell whatever arrives on its input, so it',
    '# gives this user everything root can do. The installed agent needs no such right.',
    'Defaults!/usr/bin/env !requiretty',
    `${user} ALL=(root) NOPASSWD: ${shell} ${nonce}`,
    ...(operator
      ? [
          '# As operator: the same for the agent that may change the settings on its list.',
          `${user} ALL=(root) NOPASSWD: ${shell} ${operatorFlag} ${nonce}`,
        ]
      : []),
  ];
}

/**
 * Shell lines for an administrator, to be run on the host beside the file `tmem-agent` (written by
 * `tmem-console agent`): the root-owned copy, then the checked sudoers file for `user`.
 */
export function installSteps(user: string, grade: AgentGrade): string[] {
  const lines = sudoersLines({ user, way: 'installed', grade });
  return [
    'sh -n tmem-agent',
    `sudo install -o root -g root -m 0755 tmem-agent ${installedAgent}`,
    `printf '%s\\n' ${lines.map(quote).join(' ')} > tmem-console.sudoers`,
    `sudo visudo -cf tmem-console.sudoers && sudo install -o root -g root -m 0440 tmem-console.sudoers ${sudoersFile}`,
    'rm tmem-console.sudoers',
  ];
}

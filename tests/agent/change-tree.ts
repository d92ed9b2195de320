/**
 * A host whose settings are files in a temporary folder: knobs of every kind, a place for plans, the settings file, the
 * installed copy. The agent is the real one; only where it looks for these is other text.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeAgent } from '#core/hosts/agent-script.ts';
import type { AgentKnob, CommandKnob, FileKnob } from '#core/platforms/change.ts';
import { agentBody } from '../support/agent-body.ts';
import { readyAgent } from '../support/shells.ts';
import type { AgentRun, Shell } from '../support/shells.ts';

export interface ChangeTree {
  readonly root: string;
  readonly script: string;
  readonly settings: string;
  /** Where the installed copy, its units and rc.local lie. */
  readonly system: string;
  path(name: string): string;
  read(name: string): string;
  write(name: string, text: string): void;
  removeFile(name: string): void;
  /** Every setting as it is now, one `name: text` a line. */
  whole(): string;
  /** A file of a plan's folder, its last line end left out; undefined when it is not there. */
  planFile(plan: string, file: string): string | undefined;
  operator(shell: Shell, args?: readonly string[]): Promise<AgentRun>;
  remove(): void;
}

export const kernelFile = `/proc/${process.pid}/oom_score_adj`;

const knobsIn = (root: string): readonly AgentKnob[] => {
  const file = (name: string, path: string, more: Partial<FileKnob> = {}): FileKnob => ({
    kind: 'file',
    name,
    path: `${root}/${path}`,
    shown: 'plain',
    check: 'exact',
    value: { kind: 'number', min: 0, max: 5_000_000_000 },
    ...more,
  });
  const command = (name: string, more: Partial<CommandKnob> = {}): CommandKnob => ({
    kind: 'command',
    name,
    instance: 'word',
    needs: 'cat',
    value: { kind: 'word' },
    check: 'exact',
    read: `[ -e "${root}/made/$1" ] || exit 3; exec cat "${root}/made/$1"`,
    write: `printf '%s\\n' "$2" >"${root}/made/$1"`,
    shownAs: 'INSTANCE = VALUE',
    ...more,
  });
  return [
    file('host.number', 'number'),
    file('host.choice', 'choice', { shown: 'bracketed', value: { kind: 'choice', choices: ['on', 'off', 'auto'] } }),
    file('guest.limit', 'guests/machine-*.scope/limit', { value: { kind: 'limit' } }),
    file('host.bare', 'bare', { value: { kind: 'word' }, lineEnd: false }),
    // A real file of the kernel, which takes no more than 1000.
    file('kernel.number', '', { path: kernelFile, value: { kind: 'number', min: 0, max: 5000 } }),
    file('host.moves', 'moves', { check: 'settles' }),
    file('host.unread', 'unread', { check: 'none' }),
    command('made.word'),
    command('made.pair', { instance: 'pair', value: { kind: 'parts', parts: 2, also: ['absent'] } }),
    command('made.device', { instance: 'device', read: 'echo 1' }),
    command('made.number', { instance: 'number', read: 'echo 1' }),
    command('made.uuid', { instance: 'uuid', read: 'echo 1' }),
    command('made.none', { instance: 'none', read: 'echo noise >&2; echo 1' }),
    command('made.lines', { read: 'echo 1; echo 2' }),
    command('made.broken', { read: 'echo first >&2; echo no such thing >&2; exit 1' }),
    command('made.missing', { needs: 'no-such-program' }),
    command('made.stubborn', { write: 'echo the tool says no >&2; exit 1' }),
    command('made.liar', { write: `echo "$2" >"${root}/made/$1"; echo but complains >&2; exit 1` }),
    command('made.slow', { write: `sleep 60`, seconds: 1 }),
    // Takes what it is told in two parts with time between them, as tools do.
    command('made.halves', {
      alsoReads: ['partial'],
      write: `echo partial >"${root}/made/$1"; sleep 0.2; echo "$2" >"${root}/made/$1"`,
    }),
  ];
};

const files: Readonly<Record<string, string>> = {
  number: '60\n',
  choice: 'on [off] auto\n',
  bare: 'old',
  moves: '100\n',
  unread: 'secret\n',
  'guests/machine-1-a.scope/limit': 'max\n',
  'guests/machine-2-b.scope/limit': '1000\n',
  'guests/machine-3-a-b.scope/limit': '3000\n',
  'made/one': 'first\n',
  'made/two': 'second\n',
};

export function changeTree(): ChangeTree {
  const root = mkdtempSync(join(tmpdir(), 'tmem-change-'));
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string) => {
    mkdirSync(join(path(name), '..'), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  for (const folder of ['run', 'etc', 'system/units', 'system/sbin']) mkdirSync(path(folder), { recursive: true });
  const elsewhere = (text: string, from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`the agent's text holds no ${from}`);
    return text.replace(from, to);
  };
  const body = [
    ["run_dirs='/run /var/run'", `run_dirs='${root}/none ${root}/run'`],
    ['settings=/etc/tmem-console/settings', `settings=${root}/etc/console/settings`],
    ['installed=/usr/local/sbin/tmem-agent', `installed=${root}/system/sbin/tmem-agent`],
    ['units=/etc/systemd/system', `units=${root}/system/units`],
    ['systemd_runs=/run/systemd/system', `systemd_runs=${root}/system/systemd`],
    ["rc_files='/etc/rc.local /etc/rc.d/rc.local'", `rc_files='${root}/system/none ${root}/system/rc.local'`],
    ['operator:0', `operator:${process.getuid?.() ?? 0}`],
    ['limit=10', 'limit=2'],
  ].reduce((text, [from = '', to = '']) => elsewhere(text, from, to), agentBody);
  const script = composeAgent(body, [], [], knobsIn(root));
  const tree: ChangeTree = {
    root,
    script,
    settings: path('etc/console/settings'),
    system: path('system'),
    path,
    write,
    removeFile: (name) => rmSync(path(name), { recursive: true }),
    read: (name) => readFileSync(path(name), 'utf8'),
    whole: () => settingsBelow(root, ['run', 'system']).join('\n'),
    planFile: (plan, file) => {
      const at = path(`run/tmem-console/${plan}/${file}`);
      return existsSync(at) ? readFileSync(at, 'utf8').replace(/\n$/, '') : undefined;
    },
    operator: (shell, args = ['--operator']) => readyAgent(shell, script, { args }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return tree;
}

function settingsBelow(folder: string, without: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !without.includes(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? settingsBelow(join(folder, entry.name), [])
        : [`${join(folder, entry.name)}: ${readFileSync(join(folder, entry.name), 'utf8')}`],
    );
}

/**
 * One small host twice: real files under the real agent in a shell, and a lab machine that mirrors them. Both are asked
 * the same, and what somebody else does meanwhile is done to both.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { composeAgent } from '#core/hosts/agent-script.ts';
import type { AgentKnob, CommandKnob, FileKnob } from '#core/platforms/change.ts';
import { agentBody } from './agent-body.ts';
import { changeLab, changeMachine } from './change-machine.ts';
import type { ChangeLab } from './change-machine.ts';
import { readyAgent, shellsHere } from './shells.ts';

const root = mkdtempSync(join(tmpdir(), 'tmem-conform-'));
export const at = (path: string): string => join(root, path);
export const group = (number: number): string => at(`groups/machine-qemu\\x2d${number}\\x2ddb.scope/memory.high`);

export const tree: Readonly<Record<string, string>> = {
  [at('sys/enabled')]: 'N\n',
  [at('sys/percent')]: '20\n',
  [at('sys/advisor')]: '[none] scan-time\n',
  [at('sys/table')]: 'a 1\nb 2\n',
  [at('sys/kick')]: '',
  [group(3)]: 'max\n',
  [group(7)]: '4096\n',
  [at('tool/db')]: '0\n',
  [at('tool/web')]: 'partial\n',
};

const file = (name: string, path: string, value: FileKnob['value'], more: Partial<FileKnob> = {}): FileKnob => ({
  kind: 'file',
  name,
  path: at(path),
  value,
  check: 'exact',
  shown: 'plain',
  ...more,
});
const tool = (name: string, write: string, more: Partial<CommandKnob> = {}): CommandKnob => ({
  kind: 'command',
  name,
  instance: 'word',
  needs: 'cat',
  read: `[ -r "${at('tool')}/$1" ] || exit 3; exec cat "${at('tool')}/$1"`,
  write,
  shownAs: name,
  value: { kind: 'number', min: 0, max: 1000 },
  alsoReads: ['partial'],
  check: 'exact',
  ...more,
});
const put = `[ -e "${at('tool')}/$1" ] || { echo 'no such domain' >&2; exit 1; }; printf '%s\\n' "$2" >"${at('tool')}/$1"`;
export const knobs: readonly AgentKnob[] = [
  file('t.enabled', 'sys/enabled', { kind: 'choice', choices: ['Y', 'N'] }),
  file('t.percent', 'sys/percent', { kind: 'number', min: 0, max: 100 }, { lineEnd: false }),
  file('t.advisor', 'sys/advisor', { kind: 'choice', choices: ['none', 'scan-time'] }, { shown: 'bracketed' }),
  file('t.table', 'sys/table', { kind: 'word' }),
  file('t.kick', 'sys/kick', { kind: 'word' }, { check: 'none' }),
  file('t.high', 'groups/*.scope/memory.high', { kind: 'limit' }),
  tool('t.weight', put),
  tool('t.balloon', put, { check: 'settles' }),
  tool('t.deaf', 'exit 0'),
  tool('t.no', `echo 'not today' >&2; exit 1`),
  tool('t.absent', put, { needs: 'no-such-tool' }),
];

/** In place of the host's own folders, and for whoever runs this. */
const places: readonly (readonly [ours: string, theirs: string])[] = [
  [`run_dirs='/run /var/run'`, `run_dirs='${root}/run'`],
  ['settings=/etc/tmem-console/settings', `settings=${root}/etc/settings`],
  ['uid=$(id -u 2>/dev/null)', 'uid=0'],
];

function script(): string {
  const text = places.reduce((body, [ours, theirs]) => {
    if (!body.includes(ours)) throw new Error(`the agent has no ${ours}`);
    return body.replace(ours, theirs);
  }, agentBody);
  return composeAgent(text, [], [], knobs);
}

function plant(): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(at('run'), { recursive: true });
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function mirror(): ChangeLab {
  const machine = changeMachine(tree);
  const toolFile = (instance: string): string => at(`tool/${instance}`);
  for (const knob of knobs) {
    if (knob.kind === 'file' || knob.needs !== 'cat') continue;
    machine.knobs.set(knob.name, {
      read: (instance) => machine.tree.get(toolFile(instance)),
      write: (instance, value) => {
        if (knob.name === 't.deaf') return undefined;
        if (knob.name === 't.no') return 'not today';
        if (!machine.tree.has(toolFile(instance))) return 'no such domain';
        machine.tree.set(toolFile(instance), `${value}\n`);
        return undefined;
      },
    });
  }
  return changeLab(machine, knobs);
}

/** A request, or what somebody else does meanwhile: `[path, text]`, without text to remove it. */
export type Event = string | readonly [path: string, text?: string];

export interface Pair {
  /** Both answers to each request, without what only time decides. */
  play(events: readonly Event[]): Promise<{ real: string[]; double: string[] }>;
  /** The files in the end, on disk and in the mirror. */
  left(): { real: Record<string, string>; double: Record<string, string> };
  /** As it was at the start, with nothing written down. */
  reset(): void;
  close(): Promise<void>;
}

export async function startPair(): Promise<Pair> {
  const shell = shellsHere.find(({ name }) => name === 'dash');
  if (shell === undefined) throw new Error('dash is not installed');
  plant();
  let lab = mirror();
  const agent = await readyAgent(shell, script(), { args: ['--operator'] });
  let id = 0;

  const meddle = (path: string, text?: string): void => {
    if (text === undefined) {
      rmSync(dirname(path), { recursive: true, force: true });
      lab.machine.tree.delete(path);
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      lab.machine.tree.set(path, text);
    }
  };

  return {
    play: async (events) => {
      const real: string[] = [];
      const double: string[] = [];
      const asked = lab.agent();
      for (const event of events) {
        if (typeof event !== 'string') {
          meddle(...event);
          continue;
        }
        id += 1;
        const still = (lines: string): string => `${event}\n${lines.replace(/^> left [0-9]+$/m, '> left SOME')}`;
        real.push(still(`${(await agent.ask(`${id} ${event}`)).join('\n')}\n`));
        double.push(still(asked.answer(`${id} ${event}`) ?? ''));
      }
      return { real, double };
    },
    left: () => ({
      real: Object.fromEntries(filesBelow(['sys', 'groups', 'tool']).map((path) => [path, readFileSync(path, 'utf8')])),
      double: Object.fromEntries([...lab.machine.tree].sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
    reset: () => {
      rmSync(at('etc'), { recursive: true, force: true });
      lab = mirror();
      for (const [path, text] of Object.entries(tree)) meddle(path, text);
    },
    close: async () => {
      await agent.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const filesBelow = (folders: readonly string[]): string[] =>
  folders
    .filter((folder) => existsSync(at(folder)))
    .flatMap((folder) => readdirSync(at(folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

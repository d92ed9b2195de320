/** A lab machine of a few files and one tool, which tests turn as they like: what agents change in the lab's tests. */
import { createAgentDouble } from '#core/lab/agent-double.ts';
import type { AgentDouble } from '#core/lab/agent-double.ts';
import { HostChanges } from '#core/lab/agent/host-changes.ts';
import type { LabKnob, LabMachine, WriteOutcome } from '#core/lab/machine.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import { TestClock } from './test-clock.ts';

export interface ChangeMachine extends LabMachine {
  bootId: string;
  reachable: boolean;
  /** Its uptime, in seconds. */
  age: number;
  /** Path to text. */
  readonly tree: Map<string, string>;
  /** What writing a file comes to, where it is not simply taken. */
  readonly odd: Map<string, (value: string) => WriteOutcome>;
  readonly knobs: Map<string, LabKnob>;
}

export function changeMachine(files: Readonly<Record<string, string>>): ChangeMachine {
  const tree = new Map(Object.entries(files));
  const odd: ChangeMachine['odd'] = new Map();
  return {
    name: 'm',
    kernel: '1',
    os: 'o',
    pageSize: 4096,
    bootId: 'first',
    reachable: true,
    age: 1,
    tree,
    odd,
    knobs: new Map(),
    uptime() {
      return this.age;
    },
    step: () => undefined,
    run: () => ({ text: '', status: 127 }),
    files: {
      read: (path) => tree.get(path),
      write: (path, value) => {
        const special = odd.get(path);
        if (special !== undefined) return special(value);
        if (!tree.has(path)) return { outcome: 'refused', errno: 'ENOENT' };
        tree.set(path, value);
        return { outcome: 'ok' };
      },
      directories: (pattern) => {
        const form = new RegExp(`^${pattern.replace(/[.\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
        const all = [...tree.keys()].map((path) => path.slice(0, path.lastIndexOf('/')));
        return [...new Set(all)].filter((directory) => form.test(directory)).sort();
      },
    },
  };
}

export interface ChangeLab {
  readonly machine: ChangeMachine;
  readonly clock: TestClock;
  readonly changes: HostChanges;
  agent(grade?: 'viewer' | 'operator'): AgentDouble;
  /** What an operator's agent of this machine answers, without the frame: its lines, then `ok` or how else it ended. */
  ask(request: string, agent?: AgentDouble): string[];
}

export function changeLab(machine: ChangeMachine, knobs: readonly AgentKnob[]): ChangeLab {
  const clock = new TestClock();
  const changes = new HostChanges(machine, knobs, clock);
  const agent: ChangeLab['agent'] = (grade = 'operator') =>
    createAgentDouble({ machine, list: { sets: [], commands: [], knobs }, changes, grade });
  const usual = agent();
  let id = 0;
  return {
    machine,
    clock,
    changes,
    agent,
    ask: (request, from = usual) => {
      id += 1;
      const lines = (from.answer(`${id} ${request}`) ?? '').split('\n');
      if (lines[0] !== `=begin ${id}` || lines.at(-1) !== '') throw new Error(`no answer: ${lines.join('|')}`);
      const end = lines.at(-2) ?? '';
      return [...lines.slice(1, -2), end.replace(`=end ${id} `, '')];
    },
  };
}

/** A small lab machine with one knob of every kind, for tests of its agents. */
import { encodeText } from '#core/platforms/change-text.ts';
import type { AgentKnob, CommandKnob, FileKnob } from '#core/platforms/change.ts';
import { changeLab, changeMachine } from './change-machine.ts';
import type { ChangeLab } from './change-machine.ts';

export const group = (number: number) => `/sys/fs/cgroup/machine.slice/machine-qemu\\x2d${number}\\x2ddb.scope`;
const files = {
  '/sys/enabled': 'N\n',
  '/sys/percent': '20\n',
  '/sys/advisor': '[none] scan-time\n',
  [`${group(3)}/memory.high`]: 'max\n',
};

const file = (name: string, path: string, value: FileKnob['value'], more: Partial<FileKnob> = {}): FileKnob => ({
  kind: 'file',
  name,
  path,
  value,
  check: 'exact',
  shown: 'plain',
  ...more,
});
const command = (name: string, more: Partial<CommandKnob>): CommandKnob => ({
  kind: 'command',
  name,
  instance: 'word',
  needs: 'xl',
  read: 'true',
  write: 'true',
  shownAs: 'xl',
  value: { kind: 'number', min: 0, max: 1000 },
  check: 'exact',
  ...more,
});
export const sampleKnobs: readonly AgentKnob[] = [
  file('t.enabled', '/sys/enabled', { kind: 'choice', choices: ['Y', 'N'] }),
  file('t.percent', '/sys/percent', { kind: 'number', min: 0, max: 100 }, { lineEnd: false }),
  file('t.advisor', '/sys/advisor', { kind: 'choice', choices: ['none', 'scan-time'] }, { shown: 'bracketed' }),
  file('t.high', '/sys/fs/cgroup/machine.slice/*.scope/memory.high', { kind: 'limit' }),
  command('t.weight', {}),
  command('t.balloon', { check: 'settles' }),
  command('t.kick', { check: 'none' }),
  command('t.node', { alsoReads: ['unset', 'partial'] }),
  command('t.absent', { needs: 'no-such-tool' }),
];

export const step = (plan: string, knob: string, instance: string, from: string, to: string, keep = '-'): string =>
  `step ${plan} ${knob} ${encodeText(instance)} ${encodeText(from)} ${encodeText(to)} ${keep}`;

export interface SampleLab extends ChangeLab {
  /** What the tool knows: `KNOB INSTANCE` to value. */
  readonly tool: Map<string, string>;
  /** Leads to an armed plan of two steps, zswap and a weight; nothing is written yet. */
  armed(plan?: string, seconds?: number): void;
}

export function sampleLab(): SampleLab {
  const machine = changeMachine(files);
  machine.odd.set('/sys/advisor', (value) => {
    machine.tree.set('/sys/advisor', value.trim() === 'none' ? '[none] scan-time\n' : 'none [scan-time]\n');
    return { outcome: 'ok' };
  });
  const tool = new Map([
    ['t.weight db', '0'],
    ['t.balloon db', '512'],
    ['t.kick db', 'unknown'],
    ['t.node db', 'unset'],
  ]);
  for (const name of ['t.weight', 't.balloon', 't.kick', 't.node'])
    machine.knobs.set(name, {
      read: (instance) => tool.get(`${name} ${instance}`),
      write: (instance, value) => {
        if (!tool.has(`${name} ${instance}`)) return 'no such domain';
        if (name !== 't.kick') tool.set(`${name} ${instance}`, value);
        return undefined;
      },
    });
  const lab = changeLab(machine, sampleKnobs);
  return {
    ...lab,
    tool,
    armed: (plan = 'p', seconds = 60) => {
      const requests = [
        `begin ${plan}`,
        step(plan, 't.enabled', '/sys/enabled', 'N', 'Y'),
        step(plan, 't.weight', 'db', '0', '500'),
        `arm ${plan} ${seconds}`,
      ];
      const bad = requests.find((request) => lab.ask(request).join() !== 'ok');
      if (bad !== undefined) throw new Error(`not ok: ${bad}`);
    },
  };
}

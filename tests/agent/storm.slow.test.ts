/**
 * An agent that is killed at any moment of a plan: afterwards the host is as before, or as planned when keep was
 * answered. Never in between, and the settings file goes with it.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { encodeText } from '#core/platforms/change-text.ts';
import { dice } from '#core/lab/random.ts';
import { startAgent } from '../support/shells.ts';
import type { Shell } from '../support/shells.ts';
import { until } from '../support/until.ts';
import { changeTree } from './change-tree.ts';

const trials = 64;
const dash: Shell = { name: 'dash', argv: ['/bin/dash'] };
const seed = Number(process.env['STORM_SEED'] ?? Date.now() % 1_000_000);

interface Outcome {
  readonly is: 'before' | 'planned' | 'half';
  readonly kept: 'ok' | 'sent';
  readonly writes: number;
  /** What tells a half from the whole. */
  readonly trace: string;
}

interface Cut {
  /** The agent is killed so long after it has ended this answer; never, without one. */
  readonly answer: number | undefined;
  readonly ms: number;
  readonly alsoWatcher: boolean;
}

/** One plan of six writes and a keep, all sent ahead. */
async function trial({ answer, ms, alsoWatcher }: Cut): Promise<Outcome> {
  const tree = changeTree();
  const at = (name: string) => encodeText(tree.path(name));
  tree.write('etc/console/settings', 'made.word two second\n');
  const before = tree.whole();
  const guest = (name: string, from: string, to: string) =>
    `guest.limit ${at(`guests/${name}.scope/limit`)} ${from} ${to}`;
  const steps = [
    `host.number ${at('number')} 60 61 as.${at('number')}`,
    `${guest('machine-1-a', 'max', '1')} -`,
    `${guest('machine-2-b', '1000', '2')} as.${at('guests/machine-*-b.scope/limit')}`,
    `made.word one first x -`,
    `made.halves two second y -`,
    `host.bare ${at('bare')} old new -`,
  ];
  const requests = [
    'begin p',
    ...steps.map((step) => `step p ${step}`),
    'arm p 3600',
    ...steps.map((_, step) => `write p ${step + 1}`),
    'keep p',
  ].map((words, index) => `${index + 1} ${words}\n`);
  const agent = startAgent(dash, tree.script, { args: ['--operator'] });
  const state = () => tree.planFile('p', 'state');
  try {
    await agent.until(/^=ready .*\n/m);
    agent.send(requests.join(''));
    if (answer !== 0) await agent.until(new RegExp(`^=end ${answer ?? requests.length} `, 'm'));
    await new Promise((resolve) => setTimeout(resolve, ms));
    process.kill(agent.pid, 'SIGKILL');
    const watcher = Number(tree.planFile('p', 'watcher')?.split(' ')[0]);
    if (alsoWatcher && watcher > 0) tryToKill(watcher);
    await agent.ended();
    const kept = agent.said().includes(`=end ${requests.length} ok`) ? 'ok' : 'sent';
    // What is left to do is done by the watcher at the deadline, or by the next operator's.
    if (state() !== undefined) tree.write('run/tmem-console/p/deadline', '1\n');
    const next = await tree.operator(dash);
    await until(`rest, it is ${state()}`, () => state() !== 'armed' && state() !== 'undoing', 20_000);
    await next.close();
    const writes = agent
      .said()
      .split('\n')
      .filter((line) => line.startsWith('> ')).length;
    const now = tree.whole();
    const planned =
      now.includes('number: 61\n') &&
      /settings: made\.word two second\nhost\.number \S+ 61\nguest\.limit \S+ 2\n/.test(now);
    const files = ['state', 'at', 'deadline', ...[1, 2, 3, 4, 5, 6].map((n) => `undone.${n}`)];
    const trace = [now, ...files.map((file) => `${file}: ${tree.planFile('p', file) ?? '-'}`)].join('\n');
    return { trace, is: now === before ? 'before' : planned && state() === 'kept' ? 'planned' : 'half', kept, writes };
  } finally {
    await agent.close();
    tree.remove();
  }
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended.
  }
}

describe(`storm, STORM_SEED=${seed}`, () => {
  const outcomes: Outcome[] = [];
  const roll = dice(seed);
  const cuts = Array.from({ length: trials }, (_, index): Cut & { index: number } => ({
    index,
    // Most of them from the first write on.
    answer: index % 8 === 0 ? roll.between(0, 7) : roll.between(8, 14),
    ms: roll.next() * 40,
    alsoWatcher: index % 4 === 3,
  }));
  test('one that is let be', async () => {
    const outcome = await trial({ answer: undefined, ms: 0, alsoWatcher: false });
    expect(outcome, outcome.trace).toMatchObject({ is: 'planned', kept: 'ok', writes: 6 });
  });
  test.concurrent.for(cuts)('cut $index', async (cut) => {
    const outcome = await trial(cut);
    outcomes.push(outcome);
    expect(outcome.is, outcome.trace).not.toBe('half');
    if (outcome.kept === 'ok') expect(outcome.is).toBe('planned');
  });
  afterAll(() => {
    // A storm that only ever hits before the first write, or after the last, proves nothing.
    const hit = outcomes.filter(({ writes }) => writes > 0 && writes < 6);
    expect(hit.length, JSON.stringify(outcomes.map(({ is, writes }) => `${is} ${writes}`))).toBeGreaterThan(5);
  });
});

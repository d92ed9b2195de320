/**
 * One run of a plan on a test host that is cut short somewhere: how it is cut, what the host's settings are once it
 * has come to rest, and whether that is all of the plan or none of it. storm.slow.test.ts does many of these.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeText } from '#core/platforms/change-text.ts';
import type { Dice } from '#core/lab/random.ts';
import { differences, settledTree } from './knob-tree.ts';
import type { Machine } from './machine.ts';
import type { OperatorAgent } from './operator-agent.ts';
import { startOperator } from './operator-agent.ts';

/** A setting that the plan changes. */
export interface Change {
  readonly knob: string;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/**
 * `agent`: the agent is killed, what it started lives on. `everything`: the watcher too, so that nobody on the host is
 * left to undo until the next operator comes. `session`: sshd's process is killed. `dropped`: our end goes. `link`: the
 * cable is pulled until the deadline is over. `none`: it runs to its end.
 */
export const cuts = ['agent', 'everything', 'session', 'dropped', 'link', 'none'] as const;
export type Cut = (typeof cuts)[number];

export interface Trial {
  readonly cut: Cut;
  readonly changes: readonly Change[];
  /** The values are written down to survive as well. */
  readonly survives: boolean;
  /** It ends with keep; otherwise with nothing, and the deadline comes. */
  readonly keeps: boolean;
  /** All requests at once, or each after the answer to the one before. */
  readonly ahead: boolean;
  /** When it is cut: after so much of the time that the run takes by itself. */
  readonly after: number;
}

export interface Outcome {
  readonly trial: Trial;
  readonly is: 'before' | 'planned' | 'half';
  /** Keep was answered with ok, was sent and not answered so, or was never sent. */
  readonly keep: 'ok' | 'sent' | 'unsent';
  /** How many writes were answered before the cut. */
  readonly writes: number;
  /** Why it is no good; undefined when it is. */
  readonly wrong: string | undefined;
}

export interface StormHost {
  readonly machine: Machine;
  readonly script: string;
  /** The settings as they are between trials. */
  readonly before: string;
  serial: number;
  /** What a request takes here of late. */
  requestMs: number;
}

const ownConnection: readonly Cut[] = ['session', 'dropped'];

export const deadlineSeconds = 2;

export function drawTrial(dice: Dice, pool: readonly Change[], cut: Cut): Trial {
  const left = [...pool];
  const changes = Array.from({ length: dice.between(2, 4) }, () => {
    const [one] = left.splice(dice.between(0, left.length - 1), 1);
    return one as Change; // as many are drawn as there are, at most
  });
  return {
    cut,
    changes,
    survives: dice.next() < 0.4,
    keeps: cut === 'none' || dice.next() < 0.7,
    ahead: dice.next() < 0.5,
    // A third falls where it is decided: into the last writes and the keeping.
    after: dice.next() < 0.67 ? dice.next() : 0.75 + dice.next() * 0.3,
  };
}

export async function runTrial(host: StormHost, trial: Trial): Promise<Outcome> {
  const { machine, script, before } = host;
  const plan = `storm-${++host.serial}`;
  const agent = await startOperator(machine, script, ownConnection.includes(trial.cut) ? 'apart' : 'shared');
  const { run, done: answered } = applyPlan(agent, plan, trial);
  const done = answered.catch(() => undefined); // the agent is gone: that is what was wanted
  if (trial.cut === 'none') await done;
  else {
    await sleep(trial.after * requestsOf(plan, trial).length * host.requestMs);
    await cutShort(machine, agent, trial.cut);
  }
  // What was on its way while the cable was out arrives late, and is answered.
  await done;
  agent.drop();
  await agent.ended;
  // Where nobody on the host is left to undo, the next operator's agent has to see to it.
  const helper = trial.cut === 'everything' ? await startOperator(machine, script) : undefined;
  // An agent whose connection is gone goes on with what it was told before, until it has to answer.
  const tree = settingsOf(await settledTree(machine, 30, agent.pid));
  helper?.drop();
  await helper?.ended;

  const [fromBefore, fromPlanned] = [settingsOf(before), plannedTree(before, trial)].map((wanted) =>
    differences(wanted, tree),
  );
  const is = fromBefore?.length === 0 ? 'before' : fromPlanned?.length === 0 ? 'planned' : 'half';
  const { keep, writes, answers, lastAnswerMs, refused } = run;
  if (answers > 3 && trial.cut !== 'link') host.requestMs += 0.3 * (lastAnswerMs / answers - host.requestMs);
  const wrong =
    is === 'half'
      ? `neither: ${(fromBefore ?? []).join('; ')}`
      : keep === 'ok' && is !== 'planned'
        ? 'keep was acknowledged and the old values are there'
        : keep === 'unsent' && is !== 'before'
          ? 'nobody said keep and the new values are there'
          : refused;
  await cleanUp(machine, is === 'before' ? [] : trial.changes);
  return { trial, is, keep, writes, wrong };
}

interface Applying {
  readonly done: Promise<void>;
  /** How far it has come. */
  readonly run: {
    readonly keep: Outcome['keep'];
    readonly writes: number;
    readonly answers: number;
    readonly lastAnswerMs: number;
    /** What the host would not begin, and why. */
    readonly refused?: string;
  };
}

function requestsOf(plan: string, { changes, survives, keeps }: Trial): readonly string[] {
  const kept = (path: string): string => (survives ? `as.${encodeText(path)}` : '-');
  const extend = `extend ${plan} ${deadlineSeconds}`;
  return [
    `begin ${plan}`,
    ...changes.map(({ knob, path, from, to }) =>
      ['step', plan, knob, ...[path, from, to].map(encodeText), kept(path)].join(' '),
    ),
    `arm ${plan} ${deadlineSeconds}`,
    ...changes.flatMap((_, at) => [`write ${plan} ${at + 1}`, ...(at % 2 === 1 ? [extend] : [])]),
    ...(keeps ? [extend, `keep ${plan}`] : []),
  ];
}

function applyPlan(agent: OperatorAgent, plan: string, trial: Trial): Applying {
  const run: { -readonly [key in keyof Applying['run']]: Applying['run'][key] } = {
    keep: 'unsent',
    writes: 0,
    answers: 0,
    lastAnswerMs: 0,
  };
  const start = performance.now();
  const send = async (request: string): Promise<void> => {
    if (request.startsWith('keep')) run.keep = 'sent';
    const { end, words } = await agent.ask(request);
    run.answers++;
    run.lastAnswerMs = performance.now() - start;
    if (request.startsWith('write') && end === 'ok') run.writes++;
    if (request.startsWith('keep') && end === 'ok') run.keep = 'ok';
    // What was written may be refused once the host has undone it; a new plan never is.
    if (/^(begin|step|arm)/.test(request) && end !== 'ok') run.refused ??= `${request}: ${end} ${words}`;
  };
  const all = async (): Promise<void> => {
    const requests = requestsOf(plan, trial);
    if (trial.ahead) await Promise.all(requests.map(send));
    else for (const request of requests) await send(request);
  };
  return { done: all(), run };
}

async function cutShort(machine: Machine, agent: OperatorAgent, cut: Cut): Promise<void> {
  const { pid, nonce } = agent;
  switch (cut) {
    case 'agent':
      await machine.run(`kill -9 ${pid} 2>/dev/null || true`);
      return;
    case 'everything':
      // A shell that is started while the list is read would be missed, so it is read until nobody is left. The
      // brackets keep the search from finding itself.
      await machine.run(
        `while pids=$(grep -ls '[${nonce.slice(0, 1)}]${nonce.slice(1)}' /proc/[0-9]*/cmdline | cut -d/ -f3) && [ -n "$pids" ]; do kill -9 $pids 2>/dev/null; done; true`,
      );
      return;
    case 'session':
      await machine.run(`kill -9 $(cut -d' ' -f4 /proc/${pid}/stat) 2>/dev/null || true`);
      return;
    case 'dropped':
      agent.drop();
      return;
    case 'link':
      await machine.link('down');
      await sleep((deadlineSeconds + 1) * 1000);
      await machine.link('up');
      return;
    case 'none':
      return;
  }
}

/** A plan that was begun and not armed is left: whoever begins the next one has to find its own way past it. */
async function cleanUp(machine: Machine, changes: readonly Change[]): Promise<void> {
  const back = changes.map(({ path, from }) => `printf '%s\\n' '${from}' >'${path}'`);
  const forget =
    'cd /run/tmem-console 2>/dev/null || exit 0; for plan in $(grep -ls -e undone -e kept */state); do rm -rf "${plan%/state}"; done';
  await machine.run([...back, ...(back.length > 0 ? ['rm -f /etc/tmem-console/settings'] : []), forget].join('\n'));
}

/**
 * Without what says that a plan was begun and nothing of it made: the next one has to be able to take its place. And
 * without a settings file that was being written when the agent was killed: it counts under its own name only.
 */
function settingsOf(tree: string): string {
  return tree
    .split('\n')
    .filter((line) => !/^\/run\/tmem-console\/.*:preparing$|^\/etc\/tmem-console\/settings\.new:/.test(line))
    .join('\n');
}

function plannedTree(before: string, { changes, survives }: Trial): string {
  const now = new Map(changes.map(({ path, from, to }) => [`${path}:${from}`, `${path}:${to}`]));
  const lines = settingsOf(before)
    .split('\n')
    .map((line) => now.get(line) ?? line);
  const written = changes.map(
    ({ knob, path, to }) => `/etc/tmem-console/settings:${knob} ${encodeText(path)} ${encodeText(to)}`,
  );
  return [...lines, ...(survives ? written : [])].join('\n');
}

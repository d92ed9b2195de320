/** Plans on a host: begin to keep, undo, the deadline, and what is left when processes are killed. Under every shell. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { encodeText } from '#core/platforms/change-text.ts';
import { shellsHere } from '../support/shells.ts';
import type { AgentRun, Shell } from '../support/shells.ts';
import { until } from '../support/until.ts';
import { changeTree } from './change-tree.ts';

/** One host with its agents, for one test. */
function host(shell: Shell, onTestFinished: TestContext['onTestFinished']) {
  const tree = changeTree();
  const agents: AgentRun[] = [];
  onTestFinished(async () => {
    for (const agent of agents) await agent.close();
    tree.remove();
  });
  const at = (name: string): string => encodeText(tree.path(name));
  const open = async (args?: readonly string[]): Promise<AgentRun> => {
    const agent = await tree.operator(shell, args);
    agents.push(agent);
    return agent;
  };
  const steps = [
    `host.number ${at('number')} 60 61 -`,
    `guest.limit ${at(guest)} 1000 2000 -`,
    'made.word one first changed -',
  ];
  const state = (): string | undefined => tree.planFile('p', 'state');
  return {
    tree,
    at,
    open,
    steps,
    state,
    before: tree.whole(),
    armed: async (seconds: number, plan = steps): Promise<AgentRun> => {
      const agent = await open();
      expect(await say(agent, 'begin p')).toBe('ok');
      for (const step of plan) expect(await say(agent, `step p ${step}`)).toBe('ok');
      expect(await say(agent, `arm p ${seconds}`)).toBe('ok');
      return agent;
    },
    watcher: (): number => Number(tree.planFile('p', 'watcher')?.split(' ')[0]),
    /** Lets the deadline be over. */
    expire: (): void => tree.write('run/tmem-console/p/deadline', '1\n'),
    undone: () => until('the undo', () => state() === 'undone', 15_000),
  };
}

/** Ends a process, and waits until nothing runs of it any more. */
async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(`the end of ${pid}`, () => isOver(pid));
}

function isOver(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

const guest = 'guests/machine-2-b.scope/limit';

/** What an agent answers, without the begin. */
async function say(agent: AgentRun, words: string): Promise<string> {
  return (await agent.ask(`5 ${words}`)).slice(1).join('\n').replace('=end 5 ', '');
}

describe.concurrent.each(shellsHere)('$name', (shell: Shell) => {
  test('from begin to keep', async ({ onTestFinished }) => {
    const { tree, armed } = host(shell, onTestFinished);
    const agent = await armed(60);
    expect(await say(agent, 'plans')).toBe('> p armed\nok');
    expect(await say(agent, 'write p 1')).toBe('> 61\nok');
    expect(await say(agent, 'write p 3')).toBe('refused step is not the next one');
    expect(await say(agent, 'write p 2')).toBe('> 2000\nok');
    expect(await say(agent, 'write p 3')).toBe('> changed\nok');
    expect(await say(agent, 'write p 4')).toBe('refused step is not the next one');
    expect(await say(agent, 'forget p')).toBe('conflict armed');
    expect(await say(agent, 'extend p 500')).toBe('ok');
    expect(await say(agent, 'status p')).toMatch(/^> state armed\n> left (500|499|498)\n> at 3\nok$/);
    expect(await say(agent, 'keep p')).toBe('ok');
    expect(await say(agent, 'status p')).toBe('> state kept\n> left 0\n> at 3\nok');
    for (const verb of ['keep p', 'write p 1', 'extend p 9']) expect(await say(agent, verb)).toBe('conflict kept');
    expect(await say(agent, 'undo p')).toBe('> state kept\n> left 0\n> at 3\nok');
    expect([tree.read('number'), tree.read(guest), tree.read('made/one')]).toEqual(['61\n', '2000\n', 'changed\n']);
    expect(await say(agent, 'forget p')).toBe('ok');
    expect(await say(agent, 'plans')).toBe('ok');
  });

  test('undo: what it set goes back, what is as it was and what somebody else set stays', async ({
    onTestFinished,
  }) => {
    const { tree, at, steps, armed } = host(shell, onTestFinished);
    const agent = await armed(60, [...steps, 'made.word two second other -', `host.moves ${at('moves')} 7 200 -`]);
    for (const n of [1, 2, 3, 4, 5]) await say(agent, `write p ${n}`);
    tree.write('number', '99\n');
    tree.removeFile('guests/machine-2-b.scope');
    const answer = ['state undone', 'left 0', 'at 5', 'step 1 left 99', 'step 2 as-was', 'step 3 restored'];
    const whole = [...answer, 'step 4 restored', 'step 5 restored'].map((line) => `> ${line}\n`).join('');
    expect(await say(agent, 'undo p')).toBe(`${whole}ok`);
    expect(await say(agent, 'undo p')).toBe(`${whole}ok`);
    expect(tree.read('number')).toBe('99\n');
    // What settles by itself is set to what the plan says it was, wherever it is on its way.
    expect(tree.read('moves')).toBe('7\n');
    expect(tree.read('made/two')).toBe('second\n');
  });

  test('conflicts: another value at a step and at a write, another plan', async ({ onTestFinished }) => {
    const { tree, at, open, armed } = host(shell, onTestFinished);
    const agent = await armed(60);
    tree.write('number', '99\n');
    expect(await say(agent, 'write p 1')).toBe('conflict 99');
    expect(await say(agent, 'status p')).toContain('> at 0\n');
    const other = await open();
    expect(await say(other, 'begin q')).toBe('conflict p');
    expect(await say(other, 'accept')).toBe('conflict p');
    expect(await say(agent, 'begin p')).toBe('conflict p');
    expect(await say(agent, 'undo p')).toBe('> state undone\n> left 0\n> at 0\nok');
    expect(await say(other, 'begin q')).toBe('ok');
    expect(await say(other, `step q guest.limit ${at(guest)} 1 2 -`)).toBe('conflict 1000');
    expect(await say(other, `step q guest.limit ${at('guests/machine-8-x.scope/limit')} 1 2 -`)).toBe('absent');
    expect(await say(other, 'begin p')).toBe('conflict q');
    expect(await say(other, 'undo q')).toBe('> state undone\n> left 0\n> at 0\nok');
    expect(await say(other, 'begin q')).toBe('refused plan is known already');
    expect(tree.read('number')).toBe('99\n');
  });

  test('a tool that says no, one that complains and does it, one that takes too long', async ({ onTestFinished }) => {
    const { tree, at, armed } = host(shell, onTestFinished);
    const agent = await armed(60, [
      'made.liar one first changed -',
      'made.stubborn two second changed -',
      'made.slow two second changed -',
      `host.unread ${at('unread')} unknown 5 -`,
    ]);
    const deadline = Number(tree.planFile('p', 'deadline'));
    expect(await say(agent, 'write p 1')).toBe('> changed\nok');
    expect(await say(agent, 'write p 2')).toBe('failed the tool says no');
    expect(await say(agent, 'write p 3')).toBe('failed stopped, it took longer than 1 s');
    // The second that the write took is not taken from the operator.
    expect(Number(tree.planFile('p', 'deadline'))).toBeGreaterThan(deadline);
    expect(await say(agent, 'write p 4')).toBe('> unknown\nok');
    expect(tree.read('unread')).toBe('5\n');
    expect(await say(agent, 'undo p')).toContain(
      '> step 1 restored\n> step 2 as-was\n> step 3 as-was\n> step 4 left unknown\n',
    );
  });

  test('the connection goes, the deadline passes: the host undoes by itself, and keeps no end of the connection', async ({
    onTestFinished,
  }) => {
    const { tree, open, before, armed, undone } = host(shell, onTestFinished);
    const agent = await armed(4);
    for (const n of [1, 2, 3]) await say(agent, `write p ${n}`);
    expect(tree.whole()).not.toBe(before);
    process.kill(agent.pid, 'SIGKILL');
    // Resolves only when nobody holds the agent's input and output any more.
    expect(await agent.ended()).toBe('SIGKILL');
    await undone();
    expect(tree.whole()).toBe(before);
    expect(await say(await open(), 'status p')).toBe(
      '> state undone\n> left 0\n> at 3\n> step 1 restored\n> step 2 restored\n> step 3 restored\nok',
    );
  });

  test('past the deadline nothing more is taken', async ({ onTestFinished }) => {
    const { expire, armed, watcher, undone } = host(shell, onTestFinished);
    const agent = await armed(60);
    process.kill(watcher(), 'SIGSTOP');
    expire();
    for (const verb of ['extend p 60', 'write p 1', 'keep p']) expect(await say(agent, verb)).toBe('conflict undoing');
    process.kill(watcher(), 'SIGCONT');
    await undone();
  });

  test('the watcher is killed: the next operator gets a new one, and a write before it does too', async ({
    onTestFinished,
  }) => {
    const { expire, tree, open, state, before, armed, watcher, undone } = host(shell, onTestFinished);
    const agent = await armed(60);
    await say(agent, 'write p 1');
    const first = watcher();
    await end(first);
    await say(agent, 'write p 2');
    expect(watcher()).not.toBe(first);
    await end(watcher());
    await end(agent.pid);
    expect(state()).toBe('armed');
    // A viewer changes nothing, the next operator sees to it.
    const viewer = await open([]);
    expect(await say(viewer, 'plans')).toBe('> p armed\nok');
    const last = watcher();
    await open();
    expect(watcher()).not.toBe(last);
    expire();
    await undone();
    expect(tree.whole()).toBe(before);
  });

  test('the agent is killed in the middle of a write: the write ends first, then it is undone', async ({
    onTestFinished,
  }) => {
    const { expire, tree, before, armed, undone } = host(shell, onTestFinished);
    const agent = await armed(60, ['made.halves one first changed -']);
    agent.send('6 write p 1\n');
    await until('the first half', () => tree.read('made/one') === 'partial\n');
    process.kill(agent.pid, 'SIGKILL');
    expire();
    await undone();
    expect(tree.whole()).toBe(before);
    expect(tree.planFile('p', 'undone.1')).toBe('restored');
  });

  test('the console goes in the middle of a write: what somebody sets by hand after it stays', async ({
    onTestFinished,
  }) => {
    const { expire, tree, armed, undone } = host(shell, onTestFinished);
    const agent = await armed(60, ['made.halves one first changed -']);
    agent.send('6 write p 1\n');
    await until('the first half', () => tree.read('made/one') === 'partial\n');
    agent.endOutput();
    // It ends on the value that it cannot tell.
    await agent.ended();
    expect(tree.read('made/one')).toBe('changed\n');
    expect(tree.planFile('p', 'back.1')).toBe('changed');
    tree.write('made/one', 'hand\n');
    expire();
    await undone();
    expect(tree.planFile('p', 'undone.1')).toBe('left hand');
    expect(tree.read('made/one')).toBe('hand\n');
  });

  test('an undo that was cut off is taken up', async ({ onTestFinished }) => {
    const { tree, open, steps, state, before, armed, watcher, undone } = host(shell, onTestFinished);
    const agent = await armed(60, ['made.halves one first changed -', ...steps.slice(0, 2)]);
    for (const n of [1, 2, 3]) await say(agent, `write p ${n}`);
    agent.send('6 undo p\n');
    await until('the undo of the first', () => tree.read('made/one') === 'partial\n');
    process.kill(agent.pid, 'SIGKILL');
    process.kill(watcher(), 'SIGKILL');
    await agent.ended();
    expect(state()).toBe('undoing');
    await open();
    await undone();
    expect(tree.whole()).toBe(before);
  });

  test('a plan that was never armed is nobody’s when its agent is gone', async ({ onTestFinished }) => {
    const { open } = host(shell, onTestFinished);
    const agent = await open();
    await say(agent, 'begin p');
    const other = await open();
    expect(await say(other, 'begin q')).toBe('conflict p');
    process.kill(agent.pid, 'SIGKILL');
    await agent.ended();
    expect(await say(other, 'begin q')).toBe('ok');
    expect(await say(other, 'status p')).toBe('absent');
  });

  test('plans of an earlier boot are not known', async ({ onTestFinished }) => {
    const { tree, armed } = host(shell, onTestFinished);
    const agent = await armed(60);
    tree.write('run/tmem-console/p/boot', 'another\n');
    expect(await say(agent, 'status p')).toBe('absent');
    expect(await say(agent, 'plans')).toBe('ok');
    expect(await say(agent, 'begin p')).toBe('ok');
  });

  test('a viewer changes nothing', async ({ onTestFinished }) => {
    const { tree, open, steps, before } = host(shell, onTestFinished);
    const agent = await open([]);
    expect(agent.said()).toContain('=fact grade viewer\n');
    const requests = [
      'begin p',
      `step p ${steps[0] ?? ''}`,
      'arm p 9',
      'write p 1',
      'keep p',
      'undo p',
      'forget p',
      'accept',
    ];
    for (const request of requests) expect(await say(agent, request)).toBe('refused this agent only reads');
    expect(await agent.ask('5 install\n+#!/bin/sh\n=over 1 2\n6 ping')).toEqual([
      '=begin 5',
      '=end 5 refused this agent only reads',
      '=begin 6',
      '=end 6 ok',
    ]);
    expect(tree.whole()).toBe(before);
  });
});

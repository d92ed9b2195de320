/** A lab machine looks after its own plans: the deadline, two agents at once, viewers, requests of an enemy. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeText } from '#core/platforms/change-text.ts';
import { group, sampleLab, step } from '../../../support/change-lab.ts';
import type { SampleLab } from '../../../support/change-lab.ts';

let lab: SampleLab;
beforeEach(() => {
  lab = sampleLab();
});
const armed = (plan?: string, seconds?: number) => lab.armed(plan, seconds);
const state = (plan = 'p') => lab.ask(`status ${plan}`)[0];
const enabled = () => lab.machine.tree.get('/sys/enabled');

describe('the deadline', () => {
  it('takes back what nobody keeps, with nobody connected and the network cut', async () => {
    armed('p', 60);
    lab.ask('write p 1');
    lab.machine.reachable = false;
    await lab.clock.pass(59_999);
    expect(enabled()).toBe('Y\n');
    await lab.clock.pass(1);
    expect(enabled()).toBe('N\n');
    expect(state()).toBe('> state undone');
    expect(lab.ask('keep p')).toEqual(['conflict undone']);
    expect(lab.ask('extend p 60')).toEqual(['conflict undone']);
    expect(lab.ask('write p 2')).toEqual(['conflict undone']);
  });

  it('moves on when it is told to, and left says how long there is', async () => {
    armed('p', 60);
    lab.ask('write p 1');
    await lab.clock.pass(50_000);
    expect(lab.ask('status p')[1]).toBe('> left 10');
    expect(lab.ask('extend p 120')).toEqual(['ok']);
    await lab.clock.pass(100_000);
    expect(enabled()).toBe('Y\n');
    await lab.clock.pass(20_000);
    expect(enabled()).toBe('N\n');
  });

  it('is over once it has passed, though no timer ran: the machine slept', () => {
    armed('p', 60);
    lab.ask('write p 1');
    lab.clock.jump(60_000);
    expect(lab.ask('keep p')).toEqual(['conflict undone']);
    expect(enabled()).toBe('N\n');
  });

  it('means nothing to a plan that is kept, and leaves no timer', async () => {
    armed('p', 60);
    lab.ask('write p 1');
    lab.ask('keep p');
    expect(lab.clock.waiting).toBe(0);
    await lab.clock.pass(600_000);
    expect(enabled()).toBe('Y\n');
  });

  it.each(['0', '-1', '1.5', 'x', '100000', '01'])('is not %s seconds from now', (seconds) => {
    lab.ask('begin p');
    expect(lab.ask(`arm p ${seconds}`)[0]).toMatch(/^refused /);
    expect(state()).toBe('> state preparing');
  });
});

describe('two agents of one machine', () => {
  it('race for the lock: one wins, the other is told who has it, and nothing is lost', () => {
    const [one, other] = [lab.agent(), lab.agent()];
    expect(lab.ask('begin first', one)).toEqual(['ok']);
    expect(lab.ask('begin second', other)).toEqual(['conflict first']);
    lab.ask(step('first', 't.enabled', '/sys/enabled', 'N', 'Y'), one);
    lab.ask('arm first 60', one);
    lab.ask('write first 1', one);
    expect(lab.ask('begin second', other)).toEqual(['conflict first']);
    expect(lab.ask('status first', other)[0]).toBe('> state armed');
    lab.ask('keep first', one);
    expect(lab.ask('begin second', other)).toEqual(['ok']);
    expect(lab.ask(step('second', 't.enabled', '/sys/enabled', 'N', 'Y'), other)).toEqual(['conflict Y']);
  });

  it('an agent that has ended leaves its plan to the next', () => {
    const gone = lab.agent();
    lab.ask('begin p', gone);
    lab.ask(step('p', 't.enabled', '/sys/enabled', 'N', 'Y'), gone);
    lab.ask('arm p 60', gone);
    lab.ask('write p 1', gone);
    lab.ask('quit', gone);
    expect(lab.ask('plans')).toEqual(['> p armed', 'ok']);
    expect(lab.ask('begin q')).toEqual(['conflict p']);
    expect(lab.ask('undo p')[0]).toBe('> state undone');
    expect(enabled()).toBe('N\n');
  });

  it('an agent that ended before it armed its plan is in nobody’s way', () => {
    const gone = lab.agent();
    lab.ask('begin p', gone);
    expect(lab.ask('begin q')).toEqual(['conflict p']);
    gone.hangUp();
    expect(lab.ask('begin q')).toEqual(['ok']);
    expect(lab.ask('status p')).toEqual(['absent']);
  });
});

describe('a viewer', () => {
  it('looks, and changes nothing', () => {
    armed();
    const viewer = lab.agent('viewer');
    expect(viewer.greeting('0123456789abcdef')).toContain('=fact grade viewer\n');
    expect(lab.ask('get t.enabled +057sys+057enabled', viewer)).toEqual(['> N', 'ok']);
    expect(lab.ask('status p', viewer)[0]).toBe('> state armed');
    expect(lab.ask('plans', viewer)).toEqual(['> p armed', 'ok']);
    expect(lab.ask('drift', viewer)).toEqual(['ok']);
    for (const verb of ['begin q', 'write p 1', 'extend p 9', 'keep p', 'undo p', 'forget p', 'accept'])
      expect(lab.ask(verb, viewer)).toEqual(['refused this agent only reads']);
    expect(lab.ask(step('p', 't.enabled', '/sys/enabled', 'N', 'Y'), viewer)).toEqual([
      'refused this agent only reads',
    ]);
    expect(viewer.answer('9 install')).toBe('');
    expect(viewer.answer('+#!/bin/sh')).toBe('');
    expect(viewer.answer('=over 1 2')).toBe('=begin 9\n=end 9 refused this agent only reads\n');
    expect(state()).toBe('> state armed');
  });

  it('is told the knobs whose tool is there', () => {
    expect(lab.agent().greeting('0123456789abcdef')).toContain(
      '=fact grade operator\n=fact knobs t.enabled t.percent t.advisor t.high t.weight t.balloon t.kick t.node\n',
    );
  });
});

describe('an enemy', () => {
  it('gets an answer of the protocol to any line, and changes nothing without a plan of his own', () => {
    const verb = fc.constantFrom(
      'get',
      'step',
      'arm',
      'extend',
      'write',
      'keep',
      'undo',
      'status',
      'forget',
      'drift',
      'x',
    );
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('p', '1', '-', 't.enabled', '+057sys+057enabled', 'N', 'Y', '$(id)', '../p', '+000', '+012'),
    );
    const line = fc.oneof(
      fc.tuple(verb, fc.array(word, { maxLength: 7 })).map(([name, words]) => `5 ${[name, ...words].join(' ')}`),
      fc.string({ unit: 'binary', maxLength: 50 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const agent = lab.agent();
        for (const one of lines) {
          const answer = agent.answer(one.replaceAll('\n', ''));
          if (answer !== undefined && answer !== '')
            expect(answer).toMatch(/^=begin (\d+)\n(> .*\n)*=end \1 (ok|absent|(refused|failed|conflict) .+)\n$/u);
        }
        expect(enabled()).toBe('N\n');
      }),
    );
  });

  it('cannot send more than a request may hold', () => {
    expect(lab.agent().answer(`1 get t.enabled ${'+057'.repeat(600)}`)).toBe(
      '=begin 0\n=end 0 refused this is no request\n',
    );
  });
});

describe('a plan that is undone', () => {
  it('leaves every knob as it was, wherever it was cut off', () => {
    const targets = [
      ['t.enabled', '/sys/enabled', ['Y', 'N']],
      ['t.percent', '/sys/percent', ['0', '50', '100']],
      ['t.advisor', '/sys/advisor', ['none', 'scan-time']],
      ['t.high', `${group(3)}/memory.high`, ['max', '4096']],
      ['t.weight', 'db', ['0', '7']],
    ] as const;
    const drawn = fc.array(
      fc
        .constantFrom(...targets)
        .chain(([knob, instance, values]) => fc.constantFrom(...values).map((to) => ({ knob, instance, to }))),
      { maxLength: 8 },
    );
    const now = (knob: string, instance: string) => lab.ask(`get ${knob} ${encodeText(instance)}`)[0]?.slice(2) ?? '';
    const all = () => targets.map(([knob, instance]) => now(knob, instance));
    let plan = 0;
    fc.assert(
      fc.property(drawn, fc.nat(8), (steps, made) => {
        const before = all();
        const name = `p${(plan += 1)}`;
        lab.ask(`begin ${name}`);
        const seen = new Map<string, string>();
        const once = steps.filter(({ knob }) => !seen.has(knob) && seen.set(knob, ''));
        for (const { knob, instance, to } of once)
          expect(lab.ask(step(name, knob, instance, now(knob, instance), to))).toEqual(['ok']);
        lab.ask(`arm ${name} 60`);
        for (let at = 1; at <= Math.min(made, once.length); at++)
          expect(lab.ask(`write ${name} ${at}`).at(-1)).toBe('ok');
        lab.ask(`undo ${name}`);
        expect(all()).toEqual(before);
      }),
    );
  });
});

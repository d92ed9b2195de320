/** The lab's agent as an operator's: every verb and every end. */
import { beforeEach, describe, expect, it } from 'vitest';
import { cksum } from '#core/platforms/cksum.ts';
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

describe('get', () => {
  it.each([
    ['t.enabled', '/sys/enabled', ['> N', 'ok']],
    ['t.advisor', '/sys/advisor', ['> none', 'ok']],
    ['t.high', `${group(3)}/memory.high`, ['> max', 'ok']],
    ['t.high', `${group(4)}/memory.high`, ['absent']],
    ['t.weight', 'db', ['> 0', 'ok']],
    ['t.weight', 'gone', ['absent']],
    ['t.kick', 'db', ['> unknown', 'ok']],
    ['t.absent', 'db', ['failed no-such-tool is not installed']],
    ['t.nothing', 'db', ['refused knob is not on the list']],
    ['t.enabled', '/etc/passwd', ['refused instance has not the shape of this knob']],
    ['t.high', group(3).replace('3', '*') + '/memory.high', ['absent']],
    ['t.weight', '-a', ['refused instance has not the shape of this knob']],
  ])('%s %s', (knob, instance, answer) => expect(lab.ask(`get ${knob} ${encodeText(instance)}`)).toEqual(answer));
});

describe('a plan', () => {
  it('is begun, told, armed, made, and kept', () => {
    armed();
    expect(lab.ask('status p')).toEqual(['> state armed', '> left 60', '> at 0', 'ok']);
    expect(lab.ask('write p 1')).toEqual(['> Y', 'ok']);
    expect(enabled()).toBe('Y\n');
    expect(lab.ask('write p 2')).toEqual(['> 500', 'ok']);
    expect(lab.ask('keep p')).toEqual(['ok']);
    expect(lab.ask('status p')).toEqual(['> state kept', '> left 0', '> at 2', 'ok']);
    expect(lab.ask('plans')).toEqual(['> p kept', 'ok']);
    expect(lab.ask('drift')).toEqual(['ok']);
    expect(lab.ask('undo p')[0]).toBe('> state kept');
    expect(lab.ask('forget p')).toEqual(['ok']);
    expect(lab.ask('status p')).toEqual(['absent']);
    expect(lab.tool.get('t.weight db')).toBe('500');
  });

  it('is undone, the last step first, and says what became of each', () => {
    armed();
    lab.ask('write p 1');
    lab.ask('write p 2');
    expect(lab.ask('undo p')).toEqual([
      '> state undone',
      '> left 0',
      '> at 2',
      '> step 1 restored',
      '> step 2 restored',
      'ok',
    ]);
    expect(enabled()).toBe('N\n');
    expect(lab.tool.get('t.weight db')).toBe('0');
  });

  it('that was not begun leaves everything alone when it is undone', () => {
    armed();
    expect(lab.ask('undo p')).toEqual(['> state undone', '> left 0', '> at 0', 'ok']);
    expect(lab.ask('begin q')).toEqual(['ok']);
  });

  it('writes a value without a line end where the file wants none', () => {
    for (const request of ['begin p', step('p', 't.percent', '/sys/percent', '20', '25'), 'arm p 9', 'write p 1'])
      lab.ask(request);
    expect(lab.machine.tree.get('/sys/percent')).toBe('25');
  });

  it('may set the same twice, and goes back the way it came', () => {
    lab.ask('begin p');
    for (const [from, to] of ['N', 'Y', 'N'].map((value, at, all) => [value, all[at + 1]] as const).slice(0, 2))
      expect(lab.ask(step('p', 't.enabled', '/sys/enabled', from, to ?? ''))).toEqual(['ok']);
    expect(lab.ask(step('p', 't.enabled', '/sys/enabled', 'Y', 'N'))).toEqual(['conflict N']);
    for (const request of ['arm p 60', 'write p 1', 'write p 2']) lab.ask(request);
    expect(lab.ask('undo p').slice(3)).toEqual(['> step 1 restored', '> step 2 restored', 'ok']);
    expect(enabled()).toBe('N\n');
  });

  it('leaves what somebody else set meanwhile, and says as what', () => {
    armed();
    lab.ask('write p 1');
    lab.ask('write p 2');
    lab.tool.set('t.weight db', '77');
    lab.machine.tree.set('/sys/enabled', 'N\n');
    expect(lab.ask('undo p').slice(3)).toEqual(['> step 1 as-was', '> step 2 left 77', 'ok']);
    expect(lab.tool.get('t.weight db')).toBe('77');
  });

  it('that cannot be taken back says why', () => {
    armed();
    lab.ask('write p 1');
    lab.machine.odd.set('/sys/enabled', () => ({ outcome: 'refused', errno: 'EBUSY' }));
    expect(lab.ask('undo p').slice(3)).toEqual(['> step 1 failed write error: Device or resource busy', 'ok']);
  });

  it.each([
    ['3', 'partial', 'restored', '3'],
    ['unset', 'partial', 'failed unset cannot be written', 'partial'],
    ['unset', 'unset', 'as-was', 'unset'],
    ['partial', '4', 'failed partial cannot be written', '4'],
    ['unset', '9', 'left 9', '9'],
  ])('from %s that reads %s is %s', (from, meanwhile, outcome, after) => {
    lab.tool.set('t.node db', from);
    for (const request of ['begin p', step('p', 't.node', 'db', from, '4'), 'arm p 60', 'write p 1']) lab.ask(request);
    lab.tool.set('t.node db', meanwhile);
    expect(lab.ask('undo p')[3]).toBe(`> step 1 ${outcome}`);
    expect(lab.tool.get('t.node db')).toBe(after);
  });
});

describe('a step', () => {
  beforeEach(() => expect(lab.ask('begin p')).toEqual(['ok']));

  it.each([
    [step('p', 't.enabled', '/sys/enabled', 'Y', 'N'), 'conflict N'],
    [step('p', 't.enabled', '/sys/enabled', 'unknown', 'Y'), 'ok'],
    [step('p', 't.weight', 'gone', '0', '1'), 'absent'],
    [step('p', 't.balloon', 'db', '9', '256'), 'ok'],
    [step('p', 't.kick', 'db', 'unknown', '1'), 'ok'],
    [step('p', 't.node', 'db', 'unset', '1'), 'ok'],
    [step('p', 't.absent', 'db', '0', '1'), 'failed no-such-tool is not installed'],
    [step('p', 't.node', 'db', 'unset', 'partial'), 'refused value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', '20', '101'), 'refused value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', '20', '-1'), 'refused value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', '20', '25;reboot'), 'refused value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', '20', '25\n26'), 'refused value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', '20', ''), 'refused value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', 'x y', '25'), 'refused old value has not the shape of this knob'],
    [step('p', 't.percent', '/sys/percent', '2\n0', '25'), 'refused old value has not the shape of this knob'],
    [
      step('p', 't.high', '/sys/fs/cgroup/machine.slice/../memory.high', 'max', '1'),
      'refused instance has not the shape of this knob',
    ],
    [
      step('p', 't.enabled', '/sys/enabled', 'N', 'Y', 'as.+057etc'),
      'refused what to keep has not the shape of this knob',
    ],
    [step('p', 't.enabled', '/sys/enabled', 'N', 'Y', 'maybe'), 'refused what to keep has not the shape of this knob'],
    [step('q', 't.enabled', '/sys/enabled', 'N', 'Y'), 'absent'],
    ['step p t.enabled', 'refused step wants 6 words'],
    [step('..', 't.enabled', '/sys/enabled', 'N', 'Y'), 'refused plan has no such name'],
  ])('%s', (request, end) => expect(lab.ask(request)).toEqual([end]));

  it('is not added to a plan that is armed', () => {
    lab.ask('arm p 60');
    expect(lab.ask(step('p', 't.enabled', '/sys/enabled', 'N', 'Y'))).toEqual(['conflict armed']);
  });
});

describe('a write', () => {
  it('is refused before the plan is armed, out of order, and twice', () => {
    lab.ask('begin p');
    lab.ask(step('p', 't.enabled', '/sys/enabled', 'N', 'Y'));
    expect(lab.ask('write p 1')).toEqual(['conflict preparing']);
    lab.ask('arm p 60');
    expect(lab.ask('write p 2')).toEqual(['refused step is not the next one']);
    expect(lab.ask('write p 0')).toEqual(['refused step is not a number']);
    expect(lab.ask('write p 1')).toEqual(['> Y', 'ok']);
    expect(lab.ask('write p 1')).toEqual(['refused step is not the next one']);
  });

  it('does not happen when the value is not the reviewed one any more', () => {
    armed();
    lab.ask('write p 1');
    lab.tool.set('t.weight db', '9');
    expect(lab.ask('write p 2')).toEqual(['conflict 9']);
    expect(lab.tool.get('t.weight db')).toBe('9');
    expect(lab.ask('undo p').slice(3)).toEqual(['> step 1 restored', 'ok']);
  });

  it('that the kernel refuses, or takes and forgets, fails with what was said', () => {
    armed();
    lab.machine.odd.set('/sys/enabled', () => ({ outcome: 'refused', errno: 'EINVAL' }));
    expect(lab.ask('write p 1')).toEqual(['failed write error: Invalid argument']);
    lab.ask('undo p');
    lab.machine.odd.set('/sys/enabled', () => ({ outcome: 'ok' }));
    armed('q');
    expect(lab.ask('write q 1')).toEqual(['failed reads N instead of Y']);
    expect(state('q')).toBe('> state armed');
  });

  it('of something that settles is not held to what it reads, and is always taken back', () => {
    lab.machine.knobs.set('t.balloon', { read: () => '400', write: (_, value) => void lab.tool.set('asked', value) });
    for (const request of ['begin p', step('p', 't.balloon', 'db', '512', '256'), 'arm p 60']) lab.ask(request);
    expect(lab.ask('write p 1')).toEqual(['> 400', 'ok']);
    expect(lab.tool.get('asked')).toBe('256');
    expect(lab.ask('undo p')[3]).toBe('> step 1 restored');
    expect(lab.tool.get('asked')).toBe('512');
  });
});

describe('what is written down', () => {
  const keptAs = encodeText(`${group(3).replace('3', '*')}/memory.high`);
  const high = (number: number) => lab.machine.tree.get(`${group(number)}/memory.high`);
  const restartGuest = (number: number): void => {
    lab.machine.tree.delete(`${group(3)}/memory.high`);
    lab.machine.tree.set(`${group(number)}/memory.high`, 'max\n');
  };
  const keep = (keepWord: string, from: string, to: string): void => {
    for (const request of [
      'begin p',
      step('p', 't.high', `${group(3)}/memory.high`, from, to, keepWord),
      'arm p 60',
      'write p 1',
      'keep p',
      'forget p',
    ])
      expect(lab.ask(request).at(-1)).toBe('ok');
  };

  it('is what is so, until somebody changes it by hand', () => {
    keep(`as.${keptAs}`, 'max', '4096');
    expect(lab.ask('drift')).toEqual([`> t.high ${keptAs} 4096 4096`, 'ok']);
    lab.machine.tree.set(`${group(3)}/memory.high`, '8192\n');
    expect(lab.ask('drift')).toEqual([`> t.high ${keptAs} 4096 8192`, 'ok']);
    expect(lab.ask('accept')).toEqual(['ok']);
    expect(lab.ask('drift')).toEqual([`> t.high ${keptAs} 8192 8192`, 'ok']);
  });

  it('is dropped when a plan says so, and by accepting once it is not there', () => {
    keep(`as.${keptAs}`, 'max', '4096');
    keep(`drop.${keptAs}`, '4096', 'max');
    expect(lab.ask('drift')).toEqual(['ok']);
    keep(`as.${keptAs}`, 'max', '4096');
    lab.machine.tree.delete(`${group(3)}/memory.high`);
    expect(lab.ask('drift')).toEqual([`> t.high ${keptAs} 4096 -`, 'ok']);
    lab.ask('accept');
    expect(lab.ask('drift')).toEqual(['ok']);
  });

  it('is written again after a reboot, while plans are gone with it', () => {
    keep(`as.${keptAs}`, 'max', '4096');
    lab.armed('q');
    lab.machine.bootId = 'second';
    restartGuest(1);
    lab.changes.follow();
    expect(high(1)).toBe('4096\n');
    expect(lab.ask('plans')).toEqual(['ok']);
    expect(lab.ask('status q')).toEqual(['absent']);
    expect(lab.clock.waiting).toBe(0);
    expect(lab.ask('begin r')).toEqual(['ok']);
  });

  it('is written again for a guest that is restarted, and what is set by hand afterwards stays', () => {
    keep(`as.${keptAs}`, 'max', '4096');
    for (const uptime of [60, 120, 180]) {
      lab.machine.age = uptime;
      lab.changes.follow();
    }
    lab.machine.tree.set(`${group(3)}/memory.high`, '8192\n');
    lab.machine.age = 240;
    lab.changes.follow();
    expect(high(3)).toBe('8192\n');
    restartGuest(4);
    lab.machine.age = 299;
    lab.changes.follow();
    expect(high(4)).toBe('max\n');
    lab.machine.age = 300;
    lab.changes.follow();
    expect(high(4)).toBe('4096\n');
  });

  it('waits for a plan that is under way', () => {
    keep(`as.${keptAs}`, 'max', '4096');
    lab.armed('q');
    restartGuest(4);
    lab.machine.age = 600;
    lab.changes.follow();
    expect(high(4)).toBe('max\n');
    lab.ask('undo q');
    lab.changes.follow();
    expect(high(4)).toBe('4096\n');
    expect(lab.ask('accept')).toEqual(['ok']);
    lab.ask('begin r');
    expect(lab.ask('accept')).toEqual(['conflict r']);
  });

  it('is only what steps say that were made', () => {
    for (const request of [
      'begin p',
      step('p', 't.high', `${group(3)}/memory.high`, 'max', '1', `as.${keptAs}`),
      'arm p 9',
    ])
      lab.ask(request);
    expect(lab.ask('keep p')).toEqual(['ok']);
    expect(lab.ask('drift')).toEqual(['ok']);
  });
});

describe('install', () => {
  const script = '#!/bin/sh\n+ odd line\n\necho ü\n';
  const bytes = Buffer.from(script, 'utf8');
  const lines = bytes.toString('latin1').split('\n').slice(0, -1);

  it('takes a text that arrived whole', () => {
    const agent = lab.agent();
    const said = ['7 install', ...lines.map((line) => `+${line}`)].map((line) => agent.answer(line));
    expect(new Set(said)).toEqual(new Set(['']));
    expect(agent.answer(`=over ${cksum(bytes)} ${bytes.length}`)).toBe('=begin 7\n=end 7 ok\n');
    expect(agent.answer('8 ping')).toBe('=begin 8\n=end 8 ok\n');
  });

  it.each([`=over ${cksum(bytes) + 1} ${bytes.length}`, `=over ${cksum(bytes)} 3`, '9 ping'])('fails on %s', (last) => {
    const agent = lab.agent();
    for (const line of ['7 install', ...lines.map((line) => `+${line}`)]) agent.answer(line);
    expect(agent.answer(last)).toBe('=begin 7\n=end 7 failed the text of the agent did not arrive whole\n');
  });

  it('sums as cksum does', () => {
    expect(cksum(Buffer.from(''))).toBe(4294967295);
    expect(cksum(Buffer.from('123456789'))).toBe(930766865);
  });
});

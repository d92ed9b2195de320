/** Runs with hosts in memory: what is asked of which host in which order, and what becomes of every way to fail. */
import { beforeEach, describe, expect, it } from 'vitest';
import { problem, problemOf } from '#shared/problem.ts';
import type { ChangeHost } from '../../../support/change-link.ts';
import { stepOf, World } from '../../../support/plans-world.ts';
import { settled } from '../../../support/test-clock.ts';

let world: World;
beforeEach(() => {
  world = new World();
  world.planned = ({ targets }) => ({
    steps: targets.flatMap(({ host }, target) => [
      stepOf({ host, target, to: '1' }),
      stepOf({ host, target, to: '5', instance: 'b', stage: 1 }),
    ]),
  });
});

const two = (): [ChangeHost, ChangeHost] => [
  world.addHost('one', { 'k ': '0', 'k b': '2' }),
  world.addHost('two', { 'k ': '0', 'k b': '3' }),
];
const valuesOf = (host: ChangeHost): string => [...host.values.values()].join(' ');
const verbs = (host: ChangeHost): string[] =>
  host.asked.map(({ verb }) => verb).filter((verb) => verb !== 'get' && verb !== 'drift');
const whats = (): string[] => world.disk.entries().map(({ what, host }) => (host ? `${what} ${host.name}` : what));
const refusal = async (work: Promise<unknown>) =>
  problemOf(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

describe('a run', () => {
  it('arms every host before the first write, makes all steps, and is kept', async () => {
    const [one, other] = two();
    const order: string[] = [];
    for (const host of [one, other])
      host.fate = ({ verb }) => {
        order.push(`${verb} ${host.id}`);
        return 'go';
      };
    const room = await world.open();
    const plan = await room.create();
    expect(room.states(plan)).toBe('draft');
    expect((await room.plans.apply(plan)).state).toBe('arming');
    await settled();
    expect(room.states(plan)).toBe('watching, one armed, two armed');
    const changes = order.filter((asked) => !/^(get|drift)/.test(asked));
    expect(changes.findLastIndex((asked) => asked.startsWith('arm'))).toBeLessThan(
      changes.findIndex((asked) => asked.startsWith('write')),
    );
    expect([valuesOf(one), valuesOf(other)]).toEqual(['1 5', '1 5']);
    expect(room.view(plan).run?.steps.map(({ state, readBack }) => `${state} ${readBack}`)).toEqual([
      'done 1',
      'done 1',
      'done 5',
      'done 5',
    ]);
    expect((await room.plans.keep(plan)).state).toBe('kept');
    await settled();
    expect(room.states(plan)).toBe('kept, one kept, two kept');
    await world.clock.pass(300_000);
    expect([valuesOf(one), valuesOf(other)]).toEqual(['1 5', '1 5']);
    expect(verbs(one)).toEqual(['begin', 'step', 'step', 'arm', 'write', 'write', 'keep', 'forget']);
    expect(whats()).toEqual([
      'created',
      'applying',
      'wrote one',
      'wrote two',
      'wrote one',
      'wrote two',
      'kept one',
      'kept two',
    ]);
    expect(world.disk.entries()[2]).toMatchObject({ who: 'ann@desk', knob: 'k', before: '0', after: '1', plan });
    expect(world.bugs).toEqual([]);
  });

  it('makes a stage on all hosts before the next begins anywhere', async () => {
    const [one, other] = two();
    const order: string[] = [];
    for (const host of [one, other])
      host.fate = (request) => {
        if (request.verb === 'write') order.push(`${host.id} ${request.step}`);
        return 'go';
      };
    const room = await world.open();
    await room.plans.apply(await room.create());
    await settled();
    expect(order).toEqual(['one 1', 'two 1', 'one 2', 'two 2']);
  });

  it('is undone when told so: every value as it was', async () => {
    const [one, other] = two();
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    expect((await room.plans.undo(plan)).state).toBe('undone');
    expect([valuesOf(one), valuesOf(other)]).toEqual(['0 2', '0 3']);
    expect(room.view(plan).run?.steps.map(({ state }) => state)).toEqual(['undone', 'undone', 'undone', 'undone']);
    expect(whats().slice(-3)).toEqual(['undoing', 'undone one', 'undone two']);
    expect((await refusal(room.plans.undo(plan)))?.code).toBe('plan-refused');
  });

  it('keeps the hosts armed while it is watched, and they undo by themselves when the console is gone', async () => {
    const [one] = two();
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await world.clock.pass(600_000);
    expect(room.states(plan)).toBe('watching, one armed, two armed');
    const extended = verbs(one).filter((verb) => verb === 'extend').length;
    expect(extended).toBe(30);
    room.kill();
    await world.clock.pass(119_000);
    expect(valuesOf(one)).toBe('1 5');
    await world.clock.pass(2_000);
    expect(valuesOf(one)).toBe('0 2');
  });

  it('undoes everything everywhere when one step is refused', async () => {
    const [one, other] = two();
    other.fate = (request) =>
      request.verb === 'write' && request.step === 2 ? problem('knob-refused', 'no', 'Invalid argument') : 'go';
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect([valuesOf(one), valuesOf(other)]).toEqual(['0 2', '0 3']);
    expect(room.view(plan).run?.problem).toMatchObject({ code: 'knob-refused', words: 'Invalid argument' });
    expect(room.view(plan).run?.problem?.sentence).toContain('"the setting" was not set on two.');
    expect(room.view(plan).run?.steps.map(({ state }) => state)).toEqual(['undone', 'undone', 'undone', 'failed']);
    expect(whats()).toContain('failed two');
  });

  it('writes nothing anywhere when a value is another one than was reviewed', async () => {
    const [one, other] = two();
    const room = await world.open();
    const plan = await room.create();
    other.values.set('k b', '7');
    await room.plans.apply(plan);
    await settled();
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect(room.view(plan).run?.problem).toMatchObject({ code: 'knob-conflict', words: '7' });
    expect([...verbs(one), ...verbs(other)]).not.toContain('write');
    expect([valuesOf(one), valuesOf(other)]).toEqual(['0 2', '0 7']);
  });

  it('leaves what somebody else has set meanwhile, and says so', async () => {
    const [one] = two();
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    one.values.set('k b', '9');
    await room.plans.undo(plan);
    expect(room.states(plan)).toBe('partly-undone, one partly-undone, two undone');
    expect(valuesOf(one)).toBe('0 9');
    expect(room.view(plan).run?.steps.map(({ state }) => state)).toEqual(['undone', 'undone', 'left', 'undone']);
    expect(world.disk.entries().find(({ what }) => what === 'left')).toMatchObject({ after: '9', instance: 'b' });
  });

  it('says of an undo that it leaves what cannot be undone, where that was begun', async () => {
    world.planned = () => ({
      steps: [
        stepOf({ host: 'one', to: '1' }),
        stepOf({ host: 'one', to: '5', instance: 'b', undo: 'none' }),
        stepOf({ host: 'two', to: '1' }),
        stepOf({ host: 'two', to: '5', instance: 'b', undo: 'none' }),
      ],
    });
    const [one, other] = two();
    other.fate = (request) => (request.verb === 'write' && request.step === 1 ? problem('knob-refused', 'no') : 'go');
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect([valuesOf(one), valuesOf(other)]).toEqual(['0 5', '0 3']);
    expect(room.view(plan).run?.hosts.map(({ words }) => words)).toEqual([
      'Every setting is what it was before, but for what cannot be undone.',
      undefined,
    ]);
  });

  it('counts a step of which the host says nothing as not undone', async () => {
    const [one] = two();
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    one.cut();
    await world.clock.pass(300_000);
    // The note of it could not be written there.
    expect(one.plans.get(plan)?.undone.delete(2)).toBe(true);
    room.connect('one');
    await settled();
    expect(room.states(plan)).toBe('partly-undone, one partly-undone, two undone');
    expect(room.view(plan).run?.hosts[0]?.words).toBe('1 setting is not what it was before; the steps say which.');
  });

  it('refuses to begin where it may not, or when a host is in the middle of another', async () => {
    const [one] = two();
    const room = await world.open();
    const first = await room.create();
    const second = await room.create({ hosts: ['two'] });
    await room.plans.apply(first);
    expect(await refusal(room.plans.apply(second))).toMatchObject({ code: 'plan-busy' });
    expect(await refusal(room.plans.apply(first))).toMatchObject({ code: 'plan-refused' });
    await settled();
    await room.plans.undo(first);
    one.cut();
    one.grade = 'viewer';
    room.connect('one');
    const third = await room.create();
    expect(await refusal(room.plans.apply(third))).toMatchObject({ code: 'read-only' });
    one.cut();
    expect(await refusal(room.plans.apply(third))).toMatchObject({ code: 'host-gone' });
    expect(room.view(third).state).toBe('draft');
  });
});

describe('keeping', () => {
  it('puts the agent in place first when it is to survive, and the values come back after a reboot', async () => {
    world.planned = ({ targets }) => ({
      steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1', keepAs: '' })),
    });
    const [one] = two();
    const room = await world.open();
    const plan = await room.create({ persistence: 'survives' });
    await room.plans.apply(plan);
    await settled();
    await room.plans.keep(plan);
    expect(verbs(one).slice(-3)).toEqual(['install', 'keep', 'forget']);
    expect(one.installed).toBe('#!/bin/sh\n');
    one.reboot();
    expect(one.values.get('k ')).toBe('1');
  });

  it('writes nothing down for a plan that lasts until a reboot', async () => {
    world.planned = ({ targets }) => ({
      steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1', keepAs: '' })),
    });
    const [one] = two();
    const room = await world.open();
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    await room.plans.keep(plan);
    expect([one.settings.size, one.installed]).toEqual([0, undefined]);
  });

  it('is refused before all is made, and stays armed when the first host cannot', async () => {
    world.planned = ({ targets }) => ({
      steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1', keepAs: '' })),
    });
    const [one, other] = two();
    const room = await world.open();
    const plan = await room.create({ persistence: 'survives' });
    expect(await refusal(room.plans.keep(plan))).toMatchObject({ code: 'plan-refused' });
    await room.plans.apply(plan);
    expect(await refusal(room.plans.keep(plan))).toMatchObject({ code: 'plan-refused' });
    await settled();
    one.fullDisk = true;
    expect(await refusal(room.plans.keep(plan))).toMatchObject({ code: 'knob-refused' });
    expect(room.states(plan)).toBe('watching, one armed, two armed');
    await world.clock.pass(300_000);
    one.fullDisk = false;
    await room.plans.keep(plan);
    expect(room.states(plan)).toBe('kept, one kept, two kept');
    expect([one.values.get('k '), other.values.get('k ')]).toEqual(['1', '1']);
  });

  it('takes back what a later host cannot keep, and says which', async () => {
    world.planned = ({ targets }) => ({
      steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1', keepAs: '' })),
    });
    const [one, other] = two();
    other.fullDisk = true;
    const room = await world.open();
    const plan = await room.create({ persistence: 'survives' });
    await room.plans.apply(plan);
    await settled();
    await room.plans.keep(plan);
    expect(room.states(plan)).toBe('partly-undone, one kept, two undone');
    expect(room.view(plan).run?.problem?.sentence).toMatch(/^two could not keep the plan and takes it back/);
    expect([one.values.get('k '), other.values.get('k ')]).toEqual(['1', '0']);
  });
});

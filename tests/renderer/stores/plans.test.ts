import { flushPromises } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { PlanView } from '#shared/model/plan.ts';
import { epochMs } from '#shared/units.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { useDrift } from '../../../renderer/stores/drift.ts';
import { usePlans } from '../../../renderer/stores/plans.ts';
import { fakeConsole, type Answers } from '../../support/fake-console.ts';
import { noon } from '../../support/host-view.ts';
import { inApp } from '../../support/mount-page.ts';
import { draftOf, plan, runOf } from '../../support/plan-views.ts';

async function start(views: readonly PlanView[], more: Answers = {}) {
  const fake = fakeConsole({ 'plans.list': () => views, ...more });
  const plans = inApp(fake, usePlans);
  await flushPromises();
  return { fake, plans };
}
const ids = (views: readonly PlanView[]) => views.map((view) => view.plan.id);

describe('the plans', () => {
  it('are loaded, newest first by when they began, and follow what the core tells', async () => {
    const { fake, plans } = await start([
      draftOf(plan('old')),
      runOf(plan('a'), 'kept', { startedAt: epochMs(noon - 5000) }),
    ]);
    expect(ids(plans.all)).toEqual(['a', 'old']);
    fake.emit('plans.changed', [runOf(plan('old'), 'applying', { startedAt: epochMs(noon) })]);
    expect(ids(plans.all)).toEqual(['old', 'a']);
    expect(ids(plans.running)).toEqual(['old']);
    fake.emit('plans.removed', ['a']);
    expect(ids(plans.all)).toEqual(['old']);
  });
  it('take in what an action answers, before any event', async () => {
    const { plans } = await start([draftOf(plan('a'))], { 'plans.apply': () => runOf(plan('a'), 'arming') });
    await plans.apply('a');
    expect(plans.byId.get('a')?.state).toBe('arming');
  });
  it('leave a plan as it is when an action is refused', async () => {
    const { plans } = await start([draftOf(plan('a'))], {
      'plans.remove': () => {
        throw new ProblemError(problem('plan-refused', 'It is being applied.'));
      },
    });
    await expect(plans.remove('a')).rejects.toThrow('It is being applied.');
    expect(ids(plans.all)).toEqual(['a']);
  });
  it('keep the problem when they cannot be loaded, and load again with the next connection', async () => {
    let broken = true;
    const { fake, plans } = await start([], {
      'plans.list': () => {
        if (broken) throw new ProblemError(problem('internal', 'The console made a mistake.'));
        return [draftOf(plan('a'))];
      },
    });
    expect([plans.loaded, plans.problem?.sentence]).toEqual([false, 'The console made a mistake.']);
    broken = false;
    fake.reopen();
    await flushPromises();
    expect([plans.loaded, plans.problem, ids(plans.all)]).toEqual([true, undefined, ['a']]);
  });
  it('forget those of other hosts, even an answer and an action that come late', async () => {
    const answers: ((views: PlanView[]) => void)[] = [];
    let applied: (view: PlanView) => void = () => undefined;
    const { fake, plans } = await start([], {
      'plans.list': () => new Promise((resolve) => answers.push(resolve)),
      'plans.apply': () => new Promise((resolve) => (applied = resolve)),
    });
    const applying = plans.apply('own');
    fake.emit('lab.switched', null);
    expect([plans.all, plans.loaded]).toEqual([[], false]);
    await flushPromises();
    answers[0]?.([draftOf(plan('own'))]);
    applied(runOf(plan('own'), 'arming'));
    await applying;
    expect(ids(plans.all)).toEqual([]);
    answers[1]?.([draftOf(plan('lab'))]);
    await flushPromises();
    expect(ids(plans.all)).toEqual(['lab']);
  });
});

describe('markers', () => {
  const hosts = [
    { host: 'id-db-1', name: 'db-1' },
    { host: 'id-db-2', name: 'db-2' },
  ];
  it('stand where a run began on each of its hosts; where it was undone a second, hollow one', async () => {
    const { plans } = await start([
      draftOf(plan('draft')),
      runOf(plan('a', { hosts, letter: 'B' }), 'undone'),
      runOf(plan('b'), 'kept', { startedAt: epochMs(noon - 90_000) }),
    ]);
    expect(plans.markers.map(({ plan: of, letter, at, ended }) => [of, letter, at - noon, ended])).toEqual([
      ['b', 'A', -90_000, false],
      ['a', 'B', -60_000, false],
      ['a', 'B', 0, true],
    ]);
    const on = (host: string) => plans.markersByHost.get(host)?.map(({ plan: of }) => of);
    expect([on('id-db-1'), on('id-db-2'), on('id-web-1')]).toEqual([['b', 'a', 'a'], ['a', 'a'], undefined]);
  });
  it('go with their plans when the hosts become other ones', async () => {
    const { fake, plans } = await start([runOf(plan('a'), 'kept')]);
    fake.answers['plans.list'] = () => [];
    expect(plans.markers.length).toBe(1);
    fake.emit('lab.switched', null);
    expect([plans.markers.length, plans.markersByHost.size]).toEqual([0, 0]);
    await flushPromises();
  });
});

describe('drift', () => {
  const item = {
    host: 'id-db-1',
    hostName: 'db-1',
    knob: 'zswap.enabled',
    keptAs: '',
    title: 'zswap enabled',
    wanted: 'Y',
    now: 'N',
  };
  const begin = async (more: Answers = {}) => {
    const fake = fakeConsole({ 'plans.list': () => [], 'drift.list': () => [item], ...more });
    const stores = inApp(fake, () => ({ plans: usePlans(), drift: useDrift() }));
    await flushPromises();
    return { fake, ...stores };
  };
  it('is asked for only when a page wants it, and follows events', async () => {
    const { fake, drift } = await begin();
    expect(fake.calls.map(({ name }) => name)).toEqual(['plans.list']);
    drift.ensure();
    drift.ensure();
    await flushPromises();
    expect(fake.calls.filter(({ name }) => name === 'drift.list').length).toBe(1);
    expect(drift.items).toEqual([item]);
    fake.emit('drift.changed', []);
    expect([drift.items, drift.loaded]).toEqual([[], true]);
  });
  it('put back gives a draft that can be opened', async () => {
    const { fake, drift, plans } = await begin({ 'drift.putBack': () => draftOf(plan('back')) });
    expect(await drift.putBack('id-db-1')).toBe('back');
    expect(plans.byId.get('back')?.state).toBe('draft');
    expect(fake.calls.at(-1)).toEqual({ name: 'drift.putBack', args: { host: 'id-db-1' } });
  });
  it('accepted is gone, refused stays', async () => {
    const { fake, drift } = await begin();
    drift.ensure();
    await flushPromises();
    await expect(drift.accept('id-db-1')).rejects.toThrow();
    expect(drift.items).toEqual([item]);
    fake.answers['drift.accept'] = () => null;
    await drift.accept('id-db-1');
    expect(drift.items).toEqual([]);
  });
  it('forgets what was of other hosts, even an answer that comes late', async () => {
    const answers: ((items: (typeof item)[]) => void)[] = [];
    const { fake, drift } = await begin({ 'drift.list': () => new Promise((resolve) => answers.push(resolve)) });
    drift.ensure();
    await flushPromises();
    fake.emit('lab.switched', null);
    answers[0]?.([item]);
    await flushPromises();
    expect([drift.items, drift.loaded]).toEqual([[], false]);
    answers[1]?.([{ ...item, hostName: 'lab-1' }]);
    await flushPromises();
    expect(drift.items.map(({ hostName }) => hostName)).toEqual(['lab-1']);
  });
});

import { flushPromises } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { ProblemError, problem } from '#shared/problem.ts';
import { useClusters } from '../../../renderer/stores/clusters.ts';
import { useGuests } from '../../../renderer/stores/guests.ts';
import { useHosts } from '../../../renderer/stores/hosts.ts';
import { useLab } from '../../../renderer/stores/lab.ts';
import { useSeries } from '../../../renderer/stores/series.ts';
import { epochMs } from '#shared/units.ts';
import { fakeConsole, type FakeConsole } from '../../support/fake-console.ts';
import { guestRow } from '../../support/guest-rows.ts';
import { hostView } from '../../support/host-view.ts';
import { labStatus, scenarios } from '../lab-status.ts';
import { inApp } from '../../support/mount-page.ts';
import { member } from '../pages/clusters/members.ts';

describe('the lab', () => {
  const open = (more = {}): FakeConsole =>
    fakeConsole({
      'lab.status': () => labStatus(),
      'lab.scenarios': () => scenarios,
      'lab.steer': ({ speed, paused }) => labStatus({ speed, paused }),
      ...more,
    });

  it('knows which is open and which there are, and follows the core', async () => {
    const fake = open();
    const lab = inApp(fake, useLab);
    await flushPromises();
    expect(lab.status?.seed).toBe(4711);
    expect(lab.scenarios.map(({ id }) => id)).toEqual(['tour', 'monday', 'donor-lost']);
    fake.emit('lab.changed', null);
    expect(lab.status).toBeNull();
  });
  it('shows a change of speed at once, with what stays as it is', async () => {
    const fake = open();
    const lab = inApp(fake, useLab);
    await flushPromises();
    const steering = lab.steer({ speed: 60 });
    expect(lab.status?.speed).toBe(60);
    await steering;
    await lab.steer({ paused: true });
    expect(fake.calls.slice(2).map(({ args }) => args)).toEqual([
      { speed: 60, paused: false },
      { speed: 60, paused: true },
    ]);
  });
  it('takes a change back that the core refuses', async () => {
    const fake = open({
      'lab.steer': () => {
        throw new ProblemError(problem('not-found', 'No lab is open.'));
      },
    });
    const lab = inApp(fake, useLab);
    await flushPromises();
    await expect(lab.steer({ paused: true })).rejects.toThrow('No lab is open.');
    expect(lab.status?.paused).toBe(false);
  });
  it('opens one at a time', async () => {
    let opened: () => void = () => undefined;
    const fake = open({
      'lab.status': () => null,
      'lab.open': () => new Promise((resolve) => (opened = () => resolve(labStatus()))),
    });
    const lab = inApp(fake, useLab);
    await flushPromises();
    const opening = lab.open('tour');
    void lab.open('monday');
    expect(lab.opening).toBe('tour');
    await flushPromises();
    opened();
    await opening;
    expect(lab.opening).toBeUndefined();
    expect(fake.calls.filter(({ name }) => name === 'lab.open').map(({ args }) => args)).toEqual([
      { scenario: 'tour' },
    ]);
    expect(lab.status?.scenario.id).toBe('tour');
  });
});

describe('when the hosts become other ones', () => {
  it('hosts forget those before, even those whose answer is still on its way', async () => {
    const answers: ((views: ReturnType<typeof hostView>[]) => void)[] = [];
    const fake = fakeConsole({ 'hosts.list': () => new Promise((resolve) => answers.push(resolve)) });
    const hosts = inApp(fake, useHosts);
    await flushPromises();
    fake.emit('hosts.changed', [hostView('own-1')]);
    fake.emit('lab.switched', null);
    expect([hosts.all, hosts.loaded]).toEqual([[], false]);
    await flushPromises();
    answers[0]?.([hostView('own-1')]);
    await flushPromises();
    expect(hosts.all).toEqual([]);
    answers[1]?.([hostView('lab-1')]);
    await flushPromises();
    expect(hosts.all.map(({ config }) => config.name)).toEqual(['lab-1']);
  });
  it('guests begin anew, and drop the answer and the failure of the question before', async () => {
    const answers: { resolve: (rows: string[]) => void; reject: (why: Error) => void; since: number }[] = [];
    const fake = fakeConsole({
      'guests.changes': ({ since }) =>
        new Promise((resolve, reject) =>
          answers.push({
            since,
            reject,
            resolve: (keys) => resolve({ revision: 9, rows: keys.map((key) => guestRow({ key })), gone: [] }),
          }),
        ),
    });
    const guests = inApp(fake, useGuests);
    guests.ensure();
    await flushPromises();
    answers[0]?.resolve(['own']);
    await flushPromises();
    fake.emit('guests.moved', { revision: 10 });
    await flushPromises();
    fake.emit('lab.switched', null);
    expect([guests.rows, guests.loaded]).toEqual([[], false]);
    answers[1]?.resolve(['own', 'own-2']);
    await flushPromises();
    expect(guests.rows).toEqual([]);
    expect(answers.map(({ since }) => since)).toEqual([0, 9, 0]);
    fake.emit('lab.switched', null);
    answers[2]?.reject(new ProblemError(problem('internal', 'Gone.')));
    await flushPromises();
    answers[3]?.resolve(['lab']);
    await flushPromises();
    expect([guests.rows.map(({ key }) => key), guests.problem]).toEqual([['lab'], undefined]);
  });
  it('series forget their points', async () => {
    const fake = fakeConsole({
      'samples.series': () => [{ metric: 'm', instance: '', at: [epochMs(1)], values: [7] }],
      'samples.watch': () => null,
      'samples.catalogue': () => [],
    });
    const watched = inApp(fake, () => useSeries().watchHost('h1'));
    await flushPromises();
    expect(watched.line('m').values).toEqual([7]);
    fake.emit('lab.switched', null);
    expect([watched.line('m').values, watched.loaded.value]).toEqual([[], false]);
  });
  it('clusters forget their members', async () => {
    const fake = fakeConsole({ 'clusters.members': () => [member('a', { self: 0 })] });
    const clusters = inApp(fake, useClusters);
    clusters.ensure();
    await flushPromises();
    fake.answers['clusters.members'] = () => [];
    fake.emit('lab.switched', null);
    expect([clusters.members, clusters.loaded]).toEqual([[], false]);
    await flushPromises();
    expect([clusters.members, clusters.loaded]).toEqual([[], true]);
  });
});

/** Plans in the lab, through the contract as a page uses it: over real SSH, to agents of machines that are models. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '#shared/model/plan.ts';
import type { Wish } from '#shared/model/wish.ts';
import { openLabConsole } from '../../../support/lab-console.ts';
import type { LabConsole } from '../../../support/lab-console.ts';
import { until } from '../../../support/until.ts';

/** Ten minutes of the lab pass before it opens, on machines that have other work. */
const slowStart = 30_000;

let lab: LabConsole;
beforeAll(async () => {
  lab = await openLabConsole();
});
afterAll(() => lab.close());

const told = async (plan: string) =>
  (await lab.page.call('journal.page', { limit: 200, plan })).entries.map(({ what }) => what).reverse();
const states = ({ run }: PlanView) => new Set(run?.steps.map(({ state }) => state));
const brief = ({ knob, instance, from, to }: { knob: string; instance: string; from: string; to: string }) =>
  `${knob} ${instance} ${from} ${to}`;

describe('in the lab', () => {
  describe('on an ordinary day', () => {
    beforeAll(() => lab.enter('steady'), slowStart);

    it('memory of a KVM host is compressed, kept, and taken back again', async () => {
      const wish: Wish = { id: 'mainline.compress', targets: [{ host: await lab.host('kvm-04') }], values: {} };
      const before = await lab.drawn(wish);
      expect(before.map(({ knob }) => knob)).toContain('zswap.enabled');
      const { plan } = await lab.create(wish, 'survives');
      await lab.page.call('plans.apply', { plan: plan.id });
      const watched = await lab.reaches(plan.id, 'watching');
      expect(watched.run?.steps.map(({ readBack }) => readBack)).toEqual(plan.steps.map(({ to }) => to));
      expect(watched.run?.hosts.map(({ state }) => state)).toEqual(['armed']);
      await lab.page.call('plans.keep', { plan: plan.id });
      await lab.reaches(plan.id, 'kept');
      // Planned again, there is nothing left to do, and nothing has drifted from what is written down.
      expect(await lab.drawn(wish)).toEqual([]);
      expect(await lab.page.call('drift.list', {})).toEqual([]);
      expect(await told(plan.id)).toEqual(['created', 'applying', ...plan.steps.map(() => 'wrote'), 'kept']);

      const back = await lab.page.call('plans.reverse', { plan: plan.id });
      await lab.page.call('plans.apply', { plan: back.plan.id });
      await lab.reaches(back.plan.id, 'watching');
      await lab.page.call('plans.keep', { plan: back.plan.id });
      await lab.reaches(back.plan.id, 'kept');
      // A module that was loaded stays, and the plan says so.
      const undone = before.filter(({ undo }) => undo === 'old-value');
      expect(undone.length).toBeGreaterThan(2);
      expect((await lab.drawn(wish)).map(brief)).toEqual(undone.map(brief));
    });

    it('a Xen guest gets a weight and is frozen, and both are undone', async () => {
      const targets = (await lab.guests(['xen-01'], 'erp')).slice(0, 1);
      const wish: Wish = { id: 'xen-tmem.share', targets, values: { weight: '500', frozen: 'on' } };
      const before = await lab.drawn(wish);
      expect(before.map(({ knob, to }) => `${knob} ${to}`)).toEqual(['xen.tmem.weight 500', 'xen.tmem.frozen 1']);
      const { plan } = await lab.create(wish);
      await lab.page.call('plans.apply', { plan: plan.id });
      await lab.reaches(plan.id, 'watching');
      expect(await lab.drawn(wish)).toEqual([]);
      await lab.page.call('plans.undo', { plan: plan.id });
      const undone = await lab.reaches(plan.id, 'undone');
      expect(states(undone)).toEqual(new Set(['undone']));
      expect((await lab.drawn(wish)).map(brief)).toEqual(before.map(brief));
    });

    it('of two plans for one host the second waits for nobody: it is told that the host is busy', async () => {
      const targets = (await lab.guests(['xen-02'])).slice(0, 1);
      const create = (weight: string) => lab.create({ id: 'xen-tmem.share', targets, values: { weight } });
      const [first, second] = [await create('100'), await create('200')];
      await lab.page.call('plans.apply', { plan: first.plan.id });
      await lab.reaches(first.plan.id, 'watching');
      const refused = await lab.page.call('plans.apply', { plan: second.plan.id }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ problem: { code: 'plan-busy' } });
      await lab.page.call('plans.undo', { plan: first.plan.id });
      await lab.reaches(first.plan.id, 'undone');
    });
  });

  describe('where nothing is set up yet', () => {
    // Nodes have to be raised within seconds of the lab's own time.
    beforeAll(() => lab.enter('greenfield', 1), slowStart);

    it('three hosts become a RAMster cluster', async () => {
      const hosts = await Promise.all(['ram-1', 'ram-2', 'ram-3'].map((name) => lab.host(name)));
      expect((await lab.page.call('clusters.members', {})).map(({ reading }) => reading.role)).not.toContain('client');
      const wish: Wish = { id: 'ramster.cluster', targets: hosts.map((host) => ({ host })), values: {} };
      const { plan } = await lab.create(wish);
      await lab.page.call('plans.apply', { plan: plan.id });
      await lab.reaches(plan.id, 'watching');
      await lab.page.call('plans.keep', { plan: plan.id });
      const kept = await lab.reaches(plan.id, 'kept');
      expect(states(kept)).toEqual(new Set(['done']));
      await until('nothing to be left to do', async () => (await lab.drawn(wish)).length === 0);
      await until('the hosts to be read as one cluster, all linked', async () => {
        const readings = (await lab.page.call('clusters.members', {})).map(({ reading }) => reading);
        const clients = readings.filter(({ role }) => role === 'client');
        return readings.length === 3 && clients.length === 2 && readings.every(({ linked }) => linked === true);
      });
    });
  });

  describe('on a Monday morning', () => {
    beforeAll(() => lab.enter('monday', 1), slowStart);

    it('thirty guests get too small a share of zswap: the canary trips the guard, and everything is as it was', async () => {
      await lab.page.call('lab.steer', { speed: 10, paused: false });
      await until('the moment before everybody logs in', async () => {
        const { elapsed } = (await lab.page.call('lab.status', {})) ?? { elapsed: 0 };
        return elapsed >= 70;
      });
      await lab.page.call('lab.steer', { speed: 10, paused: true });
      const names = ['kvm-01', 'kvm-02', 'kvm-03', 'kvm-04', 'kvm-05'];
      const targets = (await lab.guests(names, 'orders-db')).slice(0, 30);
      const wish: Wish = { id: 'mainline.guest-swap', targets, values: { 'zswap-max': '0' } };
      const before = await lab.drawn(wish);
      expect(before).toHaveLength(30);
      const { plan } = await lab.create(wish, 'until-reboot', { canary: true, size: 10, watchSeconds: 30 });
      expect(plan.steps.filter(({ wave }) => wave === 0)).toHaveLength(1);
      expect(new Set(plan.steps.map(({ wave }) => wave))).toEqual(new Set([0, 1, 2, 3]));
      await lab.page.call('plans.apply', { plan: plan.id });
      await lab.page.call('lab.steer', { speed: 10, paused: false });
      const { run } = await lab.reaches(plan.id, 'undone');
      expect(run?.problem?.code).toBe('guard-tripped');
      expect(run?.guard.find(({ breached }) => breached)?.host).toBe(plan.steps[0]?.host);
      expect(run?.steps.map(({ state }) => state)).toEqual(['undone', ...Array<string>(29).fill('waiting')]);
      expect(new Set(run?.hosts.map(({ state }) => state))).toEqual(new Set(['undone']));
      expect(await told(plan.id)).toEqual(expect.arrayContaining(['wrote', 'guard', 'undoing', 'undone']));
      expect((await lab.drawn(wish)).map(brief)).toEqual(before.map(brief));
    });
  });

  it('keeps a journal whose chain holds', async () => {
    expect((await lab.page.call('journal.page', { limit: 500 })).broken).toBeUndefined();
  });
});

/**
 * Plans on a real kernel over its real sshd, through the console's contract: made, watched, undone and kept; and what a
 * kept plan leaves on the host for the time after. The tests build on each other, in order.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentKnob } from '#core/platforms/change.ts';
import { platforms } from '#core/platforms/index.ts';
import type { HostId } from '#shared/model/host.ts';
import { problemOf } from '#shared/problem.ts';
import type { ConsoleUnderTest } from '../support/console-core.ts';
import { openConsole } from '../support/console-core.ts';
import { until } from '../support/until.ts';
import { whatIsMissing } from '../support/vm/build-image.ts';
import type { Guest } from '../support/vm/guest.ts';
import { startGuest } from '../support/vm/guest.ts';
import { readGroup, readSettled } from '../support/vm/kernel-counters.ts';
import { differences, knobTree } from '../support/vm/knob-tree.ts';
import type { Machine } from '../support/vm/machine.ts';
import { bootMachine } from '../support/vm/machine.ts';
import {
  applied,
  createPlan,
  guestTargets,
  journalOf,
  kept,
  operatorDraft,
  planNow,
  planReaches,
  undone,
} from '../support/vm/plan-console.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;
const swappinessFile = '/proc/sys/vm/swappiness';

describe.skipIf(missing.length > 0)(`plans on a real kernel${why}`, () => {
  let machine: Machine;
  let ui: ConsoleUnderTest;
  let host: HostId;
  let database: Guest;
  let before: string;

  const fileNow = async (path: string): Promise<string> => (await machine.run(`cat '${path}'`)).trim();
  const setByHand = (path: string, value: string): Promise<string> => machine.run(`echo ${value} >'${path}'`);

  beforeAll(async () => {
    machine = await bootMachine({ name: 'changed', memoryMiB: 320, swapDiskMiB: 1024 });
    // A module that a compressor or a pool brings stays loaded, as it does for whoever loads it by hand.
    await machine.run('modprobe -a zsmalloc zstd lz4');
    ui = await openConsole({ knownHosts: `${machine.knownHostsLine}\n`, intervalSeconds: 1 });
    host = await ui.addLive(operatorDraft(machine));
  });
  afterAll(async () => {
    await ui?.close();
    await machine?.close();
  });

  test('compares all that the console may write on this kernel', async () => {
    const patterns = platforms.flatMap(({ planner }) => planner?.agentKnobs ?? []).flatMap(pathOf);
    const guest = await startGuest(machine, { name: 'any', id: 9, mib: 1, compressiblePercent: 50 });
    // The kernel's own files only: a pattern that nothing matches stays as it is and is not there.
    const there = (await machine.run(`ls -d ${patterns.join(' ')} 2>/dev/null || true`)).trim().split('\n');
    const compared = new Set((await knobTree(machine)).split('\n').map((line) => line.slice(0, line.indexOf(':'))));
    expect(there.length).toBeGreaterThan(10);
    expect(there.filter((path) => !compared.has(path))).toEqual([]);
    await guest.stop();
  });

  describe('zswap, a guest pressed into it, a limit for the guest, and all of it undone', () => {
    let compress: string;
    let limit: string;

    test('switches zswap on, and tells when it began', async () => {
      before = await knobTree(machine);
      const { plan, run } = await applied(ui.page, { id: 'mainline.compress', targets: [{ host }] });
      compress = plan.id;
      expect(await fileNow('/sys/module/zswap/parameters/enabled')).toBe('Y');
      for (const step of plan.steps.filter(({ place }) => place.startsWith('/')))
        expect(await fileNow(step.place), step.title).toBe(step.to);
      expect(run?.startedAt).toBeGreaterThan(0);
      expect(plan.letter).toMatch(/^[A-Z]+$/);
      expect((await ui.view(host)).facts?.grade).toBe('operator');
    });

    test('keeps it, and the counters of kernel and console move and agree', async () => {
      await ui.page.call('plans.keep', { plan: compress });
      await planReaches(ui.page, compress, ['kept']);
      database = await startGuest(machine, { name: 'db', id: 1, mib: 120, compressiblePercent: 70, limitMiB: 64 });
      const kernel = await readSettled(machine);
      expect(kernel.vmstat.zswpout).toBeGreaterThan(1000);
      await until('the console to have the kernel’s zswpout', async () => {
        const reading = await ui.page.call('hosts.reading', { host });
        const value = reading?.values.find(({ metric, instance }) => metric === 'vmstat.zswpout' && instance === '');
        return value?.value === kernel.vmstat.zswpout;
      });
      // The summary is made at the end of the round whose first answers a reading shows already.
      const saved = (kernel.meminfoKiB.Zswapped - kernel.meminfoKiB.Zswap) * 1024;
      await until(
        'the summary to have the kernel’s figure',
        async () => (await ui.view(host)).summary?.signals['saved.compressed'] === saved,
      );
    });

    test('says what it has brought, with the windows it used', async () => {
      await until(
        'a statement of before and after',
        async () => (await planNow(ui.page, compress)).impact !== undefined,
      );
      const { impact } = await planNow(ui.page, compress);
      expect(impact?.words).not.toBe('');
      if (impact?.enough === true) {
        expect(impact.afterSeconds).toBeGreaterThan(0);
        const saved = impact.lines.find(({ signal }) => signal === 'saved.compressed');
        expect(saved?.after).toBeGreaterThan(0);
      }
    });

    test('limits the guest, and the kernel says so', async () => {
      const targets = await guestTargets(ui.page, host, ['db']);
      const values = { 'zswap-max': '24', 'swap-max': '96' };
      const { plan } = await applied(ui.page, { id: 'mainline.guest-swap', targets, values });
      limit = plan.id;
      const group = `/sys/fs/cgroup/${database.group}`;
      expect(await fileNow(`${group}/memory.zswap.max`)).toBe(String(24 * 1024 * 1024));
      expect(await fileNow(`${group}/memory.swap.max`)).toBe(String(96 * 1024 * 1024));
      expect((await readGroup(machine, database)).zswapCurrent).toBeGreaterThan(0);
    });

    test('undoes the limit, and takes the kept plan back: every setting is what it was', async () => {
      await undone(ui.page, limit);
      const { plan } = await ui.page.call('plans.reverse', { plan: compress });
      await ui.page.call('plans.apply', { plan: plan.id });
      await planReaches(ui.page, plan.id, ['watching']);
      await ui.page.call('plans.keep', { plan: plan.id });
      await planReaches(ui.page, plan.id, ['kept']);
      expect(await database.verify()).toMatchObject({ intact: true });
      await database.stop();
      expect(differences(before, await knobTree(machine))).toEqual([]);
    });

    test('undoes a plan that was never kept', async () => {
      const { plan } = await applied(ui.page, { id: 'mainline.compress', targets: [{ host }] });
      expect(differences(before, await knobTree(machine))).not.toEqual([]);
      const { run } = await undone(ui.page, plan.id);
      expect(run?.steps.map(({ state }) => state)).toEqual(plan.steps.map(() => 'undone'));
      expect(differences(before, await knobTree(machine))).toEqual([]);
    });

    test('has written down who did what, where and when, in a chain that holds', async () => {
      const entries = await journalOf(ui.page, limit);
      expect(entries.map(({ what }) => what)).toEqual(
        expect.arrayContaining(['created', 'applying', 'wrote', 'undone']),
      );
      const wrote = entries.filter(({ what, knob }) => what === 'wrote' && knob?.includes('memory.zswap.max'));
      expect(wrote).toEqual([
        expect.objectContaining({ before: 'max', after: String(24 * 1024 * 1024), who: expect.stringMatching(/.@./) }),
      ]);
      expect((await ui.page.call('journal.page', { limit: 1 })).broken).toBeUndefined();
    });
  });

  describe('two consoles and one setting', () => {
    let other: ConsoleUnderTest;
    let otherHost: HostId;
    beforeAll(async () => {
      other = await openConsole({ knownHosts: `${machine.knownHostsLine}\n`, intervalSeconds: 1 });
      otherHost = await other.addLive(operatorDraft(machine));
    });
    afterAll(async () => {
      await other?.close();
    });

    test('at the same moment: one wins, the other is told, nothing is lost', async () => {
      before = await knobTree(machine);
      const sides = [
        { ui, id: host, value: '111' },
        { ui: other, id: otherHost, value: '122' },
      ];
      const drafts = await Promise.all(
        sides.map(async (side) => ({
          ...side,
          plan: (
            await createPlan(side.ui.page, {
              id: 'knob:vm.swappiness',
              targets: [{ host: side.id }],
              values: { value: side.value },
            })
          ).plan.id,
        })),
      );
      const results = await Promise.all(
        drafts.map(async (side) => ({ ...side, how: await tryApply(side.ui, side.plan) })),
      );
      const winners = results.filter(({ how }) => how === 'watching');
      const losers = results.filter(({ how }) => how !== 'watching');
      expect(winners).toHaveLength(1);
      expect(losers.map(({ how }) => how)).toEqual([expect.stringMatching(/^(plan-busy|knob-conflict)$/)]);
      const [winner] = winners;
      if (winner === undefined) return;
      await winner.ui.page.call('plans.keep', { plan: winner.plan });
      await planReaches(winner.ui.page, winner.plan, ['kept']);
      expect(await fileNow(swappinessFile)).toBe(winner.value);
      expect(differences(before, await knobTree(machine))).toHaveLength(2);
    });

    test('one after the other: a plan that was drawn up before the other’s change is not made', async () => {
      const draft = await createPlan(other.page, {
        id: 'knob:vm.swappiness',
        targets: [{ host: otherHost }],
        values: { value: '133' },
      });
      await kept(ui.page, { id: 'knob:vm.swappiness', targets: [{ host }], values: { value: '144' } });
      expect(await tryApply(other, draft.plan.id)).toBe('knob-conflict');
      expect(await fileNow(swappinessFile)).toBe('144');
    });
  });

  describe('a plan that survives', () => {
    const group = (guest: Guest): string => `/sys/fs/cgroup/${guest.group}/memory.swap.max`;

    test('is written down on the host, with what puts it back', async () => {
      await kept(ui.page, {
        id: 'knob:vm.swappiness',
        targets: [{ host }],
        values: { value: '77' },
        persistence: 'survives',
      });
      expect(await machine.run('cat /etc/tmem-console/settings')).toContain('vm.swappiness');
      expect(await machine.run('ls -l /usr/local/sbin/tmem-agent')).toMatch(/^-rwxr-xr-x .* root +root /);
      expect(await ui.page.call('drift.list', {})).toEqual([]);
      // The first replay after that is the last that writes it: what is set by hand later stays, and shows.
      await machine.run('/usr/local/sbin/tmem-agent --replay');
    });

    test('shows what was changed by hand since, and puts it back', async () => {
      await setByHand(swappinessFile, '60');
      await until('the drift to show', async () => (await ui.page.call('drift.list', {})).length === 1, 120_000);
      const [drift] = await ui.page.call('drift.list', {});
      expect(drift).toMatchObject({ host, knob: 'vm.swappiness', wanted: '77', now: '60' });
      const { plan } = await ui.page.call('drift.putBack', { host });
      await ui.page.call('plans.apply', { plan: plan.id });
      await planReaches(ui.page, plan.id, ['watching']);
      await ui.page.call('plans.keep', { plan: plan.id });
      await planReaches(ui.page, plan.id, ['kept']);
      expect(await fileNow(swappinessFile)).toBe('77');
    });

    test('reaches a guest that was restarted under a new number', async () => {
      const old = await startGuest(machine, { name: 'web', id: 3, mib: 4, compressiblePercent: 50 });
      const targets = await guestTargets(ui.page, host, ['web']);
      await kept(ui.page, {
        id: 'knob:cgroup.memory.swap.max',
        targets,
        values: { value: '50331648' },
        persistence: 'survives',
      });
      await old.stop();
      const young = await startGuest(machine, { name: 'web', id: 12, mib: 4, compressiblePercent: 50 });
      expect(await fileNow(group(young))).toBe('max');
      await machine.run('/usr/local/sbin/tmem-agent --replay');
      expect(await fileNow(group(young))).toBe('50331648');
      await young.stop();
    });

    test('takes what was set by hand for what is wanted, when it is accepted', async () => {
      await setByHand(swappinessFile, '66');
      await ui.page.call('drift.accept', { host });
      expect(await ui.page.call('drift.list', {})).toEqual([]);
      expect(await machine.run('cat /etc/tmem-console/settings')).toMatch(/^vm\.swappiness \S+ 66$/m);
    });

    test('is there again after a reboot', async () => {
      // The test host has its root in memory: what would be on a disk is carried over by hand.
      const disk = '/etc/tmem-console /usr/local/sbin/tmem-agent';
      const files = await machine.run(`tar -c ${disk} 2>/dev/null | base64`);
      await machine.reboot();
      expect(await fileNow(swappinessFile)).toBe('60');
      await machine.run('base64 -d | tar -x -C /', { input: files });
      await machine.run('/usr/local/sbin/tmem-agent --replay');
      expect(await fileNow(swappinessFile)).toBe('66');
    });
  });
});

const pathOf = (knob: AgentKnob): string[] => (knob.kind === 'file' ? [knob.path] : []);

/** `watching` when all steps were made, the problem's code otherwise. */
async function tryApply({ page }: ConsoleUnderTest, plan: string): Promise<string> {
  try {
    await page.call('plans.apply', { plan });
  } catch (error) {
    const code = problemOf(error)?.code;
    if (code === undefined) throw error;
    return code;
  }
  let { state, run } = await planNow(page, plan);
  await until('the run to be decided', async () => {
    ({ state, run } = await planNow(page, plan));
    return ['watching', 'undone', 'partly-undone', 'draft', 'unknown'].includes(state);
  });
  return state === 'watching' ? state : (run?.problem?.code ?? state);
}

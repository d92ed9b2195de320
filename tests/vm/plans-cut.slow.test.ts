/**
 * A run that is cut short on a real kernel, as a person would live through it: the console killed, the cable pulled, the
 * host without power, the console's disk full. Afterwards the host is as it was, and the console says what happened. The cases
 * have a host each and wait for its own deadline at the same time.
 */
import { readdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostId } from '#shared/model/host.ts';
import { problemOf } from '#shared/problem.ts';
import { mountSmall, whyNoMount } from '../electron/core/files/mount.ts';
import type { Mounted } from '../electron/core/files/mount.ts';
import { whatIsMissing } from '../support/vm/build-image.ts';
import { differences, knobTree, settledTree } from '../support/vm/knob-tree.ts';
import type { Machine } from '../support/vm/machine.ts';
import { bootMachine } from '../support/vm/machine.ts';
import type { ConsoleHome, PlanConsole } from '../support/vm/plan-console.ts';
import {
  consoleHome,
  createPlan,
  guestTargets,
  inTheMiddle,
  journalOf,
  liveHost,
  makeEmptyGuests,
  operatorDraft,
  planReaches,
} from '../support/vm/plan-console.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;
const guests = 12;
/** Longer than a host waits for a word from its console. */
const patienceSeconds = 180;

interface Case {
  readonly machine: Machine;
  readonly home: ConsoleHome;
  readonly before: string;
  readonly names: readonly string[];
}

describe.skipIf(missing.length > 0)(`a run cut short on a real kernel${why}`, { concurrent: true }, () => {
  const cases: Case[] = [];
  const disks: Mounted[] = [];

  async function begin(name: string, dataDir?: string): Promise<Case> {
    const machine = await bootMachine({ name, memoryMiB: 256, swapDiskMiB: 64 });
    const names = await makeEmptyGuests(machine, guests);
    const one = { machine, names, home: consoleHome([machine], dataDir), before: await knobTree(machine) };
    cases.push(one);
    return one;
  }

  /** A console with the host live in it and a plan of one step for each guest. */
  async function drawUp({ machine, home, names }: Case): Promise<PlanConsole & { host: HostId; plan: string }> {
    const running = await home.start();
    const host = await liveHost(running.page, operatorDraft(machine));
    const { plan } = await createPlan(running.page, {
      id: 'knob:cgroup.memory.swap.max',
      targets: await guestTargets(running.page, host, names),
      values: { value: '67108864' },
    });
    expect(plan.steps).toHaveLength(guests);
    return { ...running, host, plan: plan.id };
  }

  let small: Mounted;
  beforeAll(() => {
    if (whyNoMount !== undefined) return;
    small = mountSmall(4096);
    disks.push(small);
  });
  afterAll(async () => {
    await Promise.all(cases.map(({ machine }) => machine.close()));
    for (const { home } of cases) await home.remove();
    for (const disk of disks) disk.remove();
  });

  test('the console is killed between two writes: the host undoes by itself, and the next console says so', async () => {
    const one = await begin('killed');
    const first = await drawUp(one);
    await first.page.call('plans.apply', { plan: first.plan });
    await inTheMiddle(first.page, first.plan);
    await first.kill();
    expect(differences(one.before, await knobTree(one.machine))).not.toEqual([]);
    expect(differences(one.before, await settledTree(one.machine, patienceSeconds))).toEqual([]);

    const second = await one.home.start();
    await liveHost(second.page, operatorDraft(one.machine));
    const { run } = await planReaches(second.page, first.plan, ['undone']);
    expect(run?.hosts.map(({ state }) => state)).toEqual(['undone']);
    const entries = await journalOf(second.page, first.plan);
    expect(entries.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['created', 'applying', 'wrote', 'found', 'undone']),
    );
    expect(entries.find(({ what }) => what === 'found')?.words).toBeTruthy();
    await second.stop();
  });

  test('the console is killed and started again at once: it finds the run and ends it', async () => {
    const one = await begin('killed-briefly');
    const first = await drawUp(one);
    await first.page.call('plans.apply', { plan: first.plan });
    await inTheMiddle(first.page, first.plan);
    await first.kill();
    const second = await one.home.start();
    await liveHost(second.page, operatorDraft(one.machine));
    await planReaches(second.page, first.plan, ['undone'], patienceSeconds * 1000);
    expect(differences(one.before, await settledTree(one.machine, 20))).toEqual([]);
    await journalOf(second.page, first.plan);
    await second.stop();
  });

  test('the cable is pulled during the writes and put back later', async () => {
    const one = await begin('cut-off');
    const running = await drawUp(one);
    await running.page.call('plans.apply', { plan: running.plan });
    await inTheMiddle(running.page, running.plan);
    await one.machine.link('down');
    try {
      await planReaches(running.page, running.plan, ['undone', 'unknown', 'undoing'], patienceSeconds * 1000);
    } finally {
      await one.machine.link('up');
    }
    expect(differences(one.before, await settledTree(one.machine, patienceSeconds))).toEqual([]);
    await liveHost(running.page, operatorDraft(one.machine), 120_000);
    const { run } = await planReaches(running.page, running.plan, ['undone'], 120_000);
    expect(run?.hosts.map(({ state }) => state)).toEqual(['undone']);
    await journalOf(running.page, running.plan);
    await running.stop();
  });

  test('the host loses its power during the writes: its settings are those it boots with', async () => {
    const one = await begin('rebooted');
    const running = await drawUp(one);
    await running.page.call('plans.apply', { plan: running.plan });
    await inTheMiddle(running.page, running.plan);
    await one.machine.reboot();
    const withoutGuests = one.before.split('\n').filter((line) => !line.includes('machine-qemu'));
    expect(differences(withoutGuests.join('\n'), await knobTree(one.machine))).toEqual([]);
    const { run } = await planReaches(running.page, running.plan, ['undone'], patienceSeconds * 1000);
    expect(run?.hosts.map(({ state }) => state)).toEqual(['rebooted']);
    await journalOf(running.page, running.plan);
    await running.stop();
  });

  test.skipIf(whyNoMount !== undefined)(
    'the console’s disk is full: refused before, undone in the middle',
    async () => {
      const one = await begin('full-disk', join(small.path, 'data'));
      const running = await drawUp(one);
      const ballast = join(small.path, 'ballast');
      fill(small.path, ballast);
      const refused = await running.page.call('plans.apply', { plan: running.plan }).then(
        () => undefined,
        (error: unknown) => problemOf(error)?.code,
      );
      expect(refused).toBe('disk-full');
      expect(differences(one.before, await knobTree(one.machine))).toEqual([]);

      truncateSync(ballast);
      await running.page.call('plans.apply', { plan: running.plan });
      await inTheMiddle(running.page, running.plan);
      fill(small.path, ballast);
      await planReaches(running.page, running.plan, ['undone'], patienceSeconds * 1000);
      expect(differences(one.before, await settledTree(one.machine, patienceSeconds))).toEqual([]);
      truncateSync(ballast);
      await journalOf(running.page, running.plan);
      await running.stop();
    },
  );
});

/** Writes until nothing more goes on that disk. */
function fill(disk: string, ballast: string): void {
  for (let part = 0; statfsSync(disk).bavail > 0; part++) {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize), { flag: 'a' });
    if (part > 10) throw new Error(`${disk} cannot be filled: ${readdirSync(disk).join(', ')}`);
  }
}

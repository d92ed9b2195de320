/** What only a newer kernel has, and what a change brings onto a host and takes away again: devices and modules. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostId } from '#shared/model/host.ts';
import type { ConsoleUnderTest } from '../support/console-core.ts';
import { openConsole } from '../support/console-core.ts';
import { whatIsMissing } from '../support/vm/build-image.ts';
import { differences, knobTree } from '../support/vm/knob-tree.ts';
import type { Machine } from '../support/vm/machine.ts';
import { bootMachine } from '../support/vm/machine.ts';
import { applied, guestTargets, makeEmptyGuests, operatorDraft, undone } from '../support/vm/plan-console.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;

describe.skipIf(missing.length > 0)(`plans on the newer kernel${why}`, () => {
  let machine: Machine;
  let ui: ConsoleUnderTest;
  let host: HostId;
  let before: string;

  beforeAll(async () => {
    machine = await bootMachine({ name: 'newer', memoryMiB: 320, swapDiskMiB: 256, kernel: 'backports' });
    await makeEmptyGuests(machine, 2);
    ui = await openConsole({ knownHosts: `${machine.knownHostsLine}\n`, intervalSeconds: 1 });
    host = await ui.addLive(operatorDraft(machine));
    before = await knobTree(machine);
  });
  afterAll(async () => {
    await ui?.close();
    await machine?.close();
  });

  test('switches a guest’s write-back off, and back', async () => {
    const targets = await guestTargets(ui.page, host, ['idle1']);
    const { plan } = await applied(ui.page, {
      id: 'knob:cgroup.memory.zswap.writeback',
      targets,
      values: { value: 'off' },
    });
    const [step] = plan.steps;
    expect(await machine.run(`cat '${step?.instance ?? ''}'`)).toBe('0\n');
    await undone(ui.page, plan.id);
    expect(differences(before, await knobTree(machine))).toEqual([]);
  });

  test('switches the shrinker on, and back', async () => {
    const { plan } = await applied(ui.page, {
      id: 'knob:zswap.shrinker_enabled',
      targets: [{ host }],
      values: { value: 'on' },
    });
    expect(await machine.run('cat /sys/module/zswap/parameters/shrinker_enabled')).toBe('Y\n');
    await undone(ui.page, plan.id);
    expect(differences(before, await knobTree(machine))).toEqual([]);
  });

  test('makes a zram device and swaps to it, and leaves neither device nor module behind', async () => {
    const { plan } = await applied(ui.page, { id: 'mainline.zram', targets: [{ host }] });
    const now = await knobTree(machine);
    expect(now).toMatch(/^swap \/dev\/zram\d+ partition \d+ \d+$/m);
    expect(now).toMatch(/^module zram$/m);
    await undone(ui.page, plan.id);
    expect(differences(before, await knobTree(machine))).toEqual([]);
  });
});

/**
 * Plans cut short at random moments on real kernels: the agent killed, its watcher too, its login, its connection, its
 * network. However it comes, a host is left with all of a plan or with none of it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dice } from '#core/lab/random.ts';
import { composeAgent } from '#core/hosts/agent-script.ts';
import { platforms } from '#core/platforms/index.ts';
import { isPathOf } from '#core/platforms/change-check.ts';
import { agentBody } from '../support/agent-body.ts';
import { whatIsMissing } from '../support/vm/build-image.ts';
import { startGuest } from '../support/vm/guest.ts';
import { knobTree } from '../support/vm/knob-tree.ts';
import type { Machine } from '../support/vm/machine.ts';
import { bootMachine } from '../support/vm/machine.ts';
import type { Change, Cut, Outcome, StormHost } from '../support/vm/storm.ts';
import { cuts, drawTrial, runTrial } from '../support/vm/storm.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;

const knobs = platforms.flatMap(({ planner }) => planner?.agentKnobs ?? []);
const script = composeAgent(
  agentBody,
  platforms.flatMap(({ sets }) => sets),
  platforms.flatMap(({ commands }) => commands),
  knobs,
);

/** What is drawn from, and what it becomes. */
const wanted: Readonly<Record<string, string>> = {
  '/proc/sys/vm/swappiness': '133',
  '/proc/sys/vm/watermark_scale_factor': '77',
  '/proc/sys/vm/page-cluster': '1',
  '/sys/module/zswap/parameters/enabled': 'Y',
  '/sys/module/zswap/parameters/max_pool_percent': '31',
  '/sys/module/zswap/parameters/accept_threshold_percent': '71',
  '/sys/module/zswap/parameters/compressor': 'zstd',
  '/sys/kernel/mm/ksm/pages_to_scan': '777',
  '/sys/kernel/mm/ksm/sleep_millisecs': '321',
};
const groupWanted: Readonly<Record<string, string>> = {
  'memory.swap.max': '67108864',
  'memory.zswap.max': '33554432',
  'memory.high': '134217728',
};

const names = ['storm-a', 'storm-b', 'storm-c'];
/** Each machine's share. Control runs, which nobody cuts, are among them. */
const share: Readonly<Record<Cut, number>> = { agent: 22, everything: 14, session: 12, dropped: 16, link: 4, none: 2 };
const seed = Number(process.env['STORM_SEED'] ?? Date.now() % 1_000_000);

describe.skipIf(missing.length > 0)(`plans cut short on real kernels${why}`, () => {
  const machines: Machine[] = [];
  beforeAll(async () => {
    for (const name of names) machines.push(await bootMachine({ name, memoryMiB: 256, swapDiskMiB: 64 }));
  });
  afterAll(async () => {
    await Promise.all(machines.map((machine) => machine.close()));
  });

  test('leave all of the plan or none of it, at 200 moments and more', async () => {
    const outcomes = (await Promise.all(machines.map(storm))).flat();
    const cutShort = outcomes.filter(({ trial }) => trial.cut !== 'none');
    process.stdout.write(`${table(outcomes)}\n`);
    expect(cutShort.length).toBeGreaterThanOrEqual(200);
    expect(outcomes.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    // The proof is worth something only if the moments fell into every part of a run.
    expect(outcomes.filter(({ trial, is }) => trial.cut === 'none' && is === 'planned')).not.toEqual([]);
    expect(cutShort.filter(({ is, writes }) => is === 'before' && writes > 0).length).toBeGreaterThan(30);
    expect(cutShort.filter(({ is, writes }) => is === 'before' && writes === 0)).not.toEqual([]);
    expect(cutShort.filter(({ is }) => is === 'planned')).not.toEqual([]);
  }, 600_000);

  async function storm(machine: Machine, at: number): Promise<Outcome[]> {
    const own = dice(seed).fork(machine.name);
    for (const id of [1, 2]) await startGuest(machine, { name: `g-${id}`, id, mib: 2, compressiblePercent: 50 });
    // A module that a compressor brings stays loaded, as it does for whoever loads it by hand.
    await machine.run('modprobe zstd');
    const before = await knobTree(machine);
    const host: StormHost = { machine, script, before, serial: 0, requestMs: 150 };
    const pool = poolOf(before);
    expect(pool.length, 'settings that can be drawn').toBeGreaterThan(8);

    const outcomes = [await runTrial(host, drawTrial(own, pool, 'none'))];
    const order = cuts.flatMap((cut) => Array.from({ length: share[cut] }, () => cut));
    while (order.length > 0) {
      const [cut] = order.splice(own.between(0, order.length - 1), 1);
      if (cut === undefined) break;
      const outcome = await runTrial(host, drawTrial(own, pool, cut));
      outcomes.push(outcome);
      if (outcome.wrong !== undefined)
        process.stdout.write(`seed ${seed}, machine ${at}: ${JSON.stringify(outcome)}\n`);
    }
    return outcomes;
  }
});

function poolOf(tree: string): Change[] {
  return tree.split('\n').flatMap((line) => {
    const end = line.lastIndexOf(':');
    const [path, from] = [line.slice(0, end), line.slice(end + 1)];
    const isGuest = path.includes('/machine-qemu');
    const to = isGuest ? groupWanted[path.slice(path.lastIndexOf('/') + 1)] : wanted[path];
    const knob = knobs.find((one) => one.kind === 'file' && isPathOf(one.path, path));
    return to === undefined || knob === undefined ? [] : [{ knob: knob.name, path, from, to }];
  });
}

function table(outcomes: readonly Outcome[]): string {
  const lines = cuts.map((cut) => {
    const of = outcomes.filter(({ trial }) => trial.cut === cut);
    const count = (is: Outcome['is']): string => `${of.filter((one) => one.is === is).length} ${is}`;
    return `${cut.padEnd(10)} ${String(of.length).padStart(3)} runs: ${count('before')}, ${count('planned')}, ${count('half')}`;
  });
  return [`seed ${seed}`, ...lines].join('\n');
}

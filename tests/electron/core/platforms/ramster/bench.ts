/** Clusters of the lab as the planner sees them, with short ways to plan, make and take back. */
import { createRamsterHosts } from '#core/lab/ramster/ramster-hosts.ts';
import type { RamsterCluster } from '#core/lab/ramster/ramster-hosts.ts';
import { dice } from '#core/lab/random.ts';
import type { Planned } from '#core/platforms/change.ts';
import { planner } from '#core/platforms/ramster/planner.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { applySteps, undoSteps } from '../../../../support/apply-steps.ts';
import { hostOf, machineIn, sitesOf } from '../../../../support/lab-sites.ts';
import { switches } from '../../../../support/ramster-cluster.ts';

export const hosts = (count: number, seed = 1): RamsterCluster =>
  createRamsterHosts({
    hosts: Array.from({ length: count }, (_, at) => ({
      name: `node${String(at)}`,
      memoryMiB: at === 0 ? 1024 : 512,
      swapMiB: 1024,
      programs: at === 0 ? [] : [{ name: 'db', workload: 'database' as const, memoryMiB: 600 }],
    })),
    dice: dice(seed),
    configured: false,
  });

export const plan = (cluster: RamsterCluster, values: Record<string, string> = {}, id = 'ramster.cluster'): Planned =>
  planner.plan(
    { id, targets: cluster.machines.map((machine) => ({ host: hostOf(machine) })), values },
    sitesOf(cluster.machines, ramster),
  );

export const apply = (cluster: RamsterCluster, planned: Planned) =>
  applySteps(machineIn(cluster.machines), planner.agentKnobs, planned.steps);
export const undo = (cluster: RamsterCluster, made: ReturnType<typeof apply>) =>
  undoSteps(machineIn(cluster.machines), planner.agentKnobs, made);
export const missing = ({ findings }: Planned): readonly string[] =>
  findings.filter(({ level }) => level === 'missing').map(({ sentence }) => sentence);

/** Everything that can be set, of all hosts; what was raised is left out, as that is for good. */
export const settings = (cluster: RamsterCluster): string =>
  JSON.stringify(
    cluster.machines.map((machine) => [
      [...machine.state.config.directories()].sort(),
      machine.knobs?.get('ramster.cluster')?.read(machine.state.config.cluster?.name ?? ''),
      [...(machine.state.config.cluster?.nodes.values() ?? [])]
        .map(
          ({ name, num, port, address, local }) => `${name} ${String(num)} ${String(port)} ${address} ${String(local)}`,
        )
        .sort(),
      machine.files.read(`${switches}/pers_remotify_enable`),
      machine.files.read(`${switches}/eph_remotify_enable`),
    ]),
  );

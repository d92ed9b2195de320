/** Clusters of the lab for its tests, and short ways to read and write their hosts. */
import { seconds } from '#shared/units.ts';
import { createRamsterHosts } from '#core/lab/ramster/ramster-hosts.ts';
import type { ClusterOptions, RamsterCluster, RamsterHost } from '#core/lab/ramster/ramster-hosts.ts';
import { dice } from '#core/lab/random.ts';

export const switches = '/sys/kernel/mm/ramster';
export const debug = '/sys/kernel/debug';
export const config = '/sys/kernel/config/cluster';

/** Two hosts short of memory and one that lends. */
export function trio(more: Partial<ClusterOptions> = {}): RamsterCluster {
  return createRamsterHosts({
    hosts: [
      {
        name: 'ora1',
        memoryMiB: 2048,
        swapMiB: 4096,
        programs: [
          { name: 'db', workload: 'database', memoryMiB: 2600 },
          { name: 'web', workload: 'web', memoryMiB: 900 },
        ],
        target: 'ora3',
        ephemeral: true,
      },
      {
        name: 'ora2',
        memoryMiB: 2048,
        swapMiB: 4096,
        programs: [{ name: 'db', workload: 'database', memoryMiB: 3000 }],
        target: 'ora3',
      },
      { name: 'ora3', memoryMiB: 8192, swapMiB: 4096, programs: [{ name: 'cron', workload: 'idle', memoryMiB: 1000 }] },
    ],
    dice: dice(11),
    ...more,
  });
}

export const bare = (): RamsterCluster =>
  createRamsterHosts({
    hosts: [0, 1].map((index) => ({ name: `node${String(index)}`, memoryMiB: 512, swapMiB: 512, programs: [] })),
    dice: dice(1),
    configured: false,
  });

export function run(cluster: RamsterCluster, count: number): void {
  for (let second = 0; second < count; second++) for (const machine of cluster.machines) machine.step(seconds(1));
}

export function host(cluster: RamsterCluster, name: string): RamsterHost {
  const found = cluster.machines.find((machine) => machine.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

export const number = (machine: RamsterHost, path: string): number => Number(machine.files.read(path));
export function write(machine: RamsterHost, path: string, value: string): string {
  const outcome = machine.files.write(path, value);
  return outcome.outcome === 'ok' ? 'ok' : outcome.errno;
}

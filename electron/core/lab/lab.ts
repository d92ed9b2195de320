/**
 * An opened lab: its machines on the network, its time, and what a console needs to reach it like any other cluster.
 * Leaves nothing behind when it is closed. It is a model, and the pages say so for as long as it is open.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '#shared/problem.ts';
import type { HostDraft } from '#shared/model/host.ts';
import { seconds } from '#shared/units.ts';
import type { LabScenario, LabSpeed, LabStatus } from '#shared/model/lab.ts';
import type { Clock } from '#core/ports.ts';
import type { AgentList } from './agent-double.ts';
import type { LabMachine } from './machine.ts';
import { dice } from './random.ts';
import type { Scenario } from './scenario.ts';
import { newKey, startLabServer } from './server.ts';
import type { LabServer } from './server.ts';
import { scenarios } from './scenarios/index.ts';
import { World } from './world.ts';

export interface LabOptions {
  readonly scenario: string;
  readonly seed: number;
  readonly clock: Clock;
  /** What the agents of the lab's machines may read and run: the same list as everywhere. */
  readonly list: AgentList;
  /** Something happened, or time passed. */
  onChange(): void;
}

export interface Lab {
  readonly hosts: readonly HostDraft[];
  /** Lines for a known_hosts file. */
  readonly knownHosts: string;
  status(): LabStatus;
  steer(speed: LabSpeed, paused: boolean): void;
  close(): Promise<void>;
}

const described = ({ id, title, about }: Scenario): LabScenario => ({ id, title, about });

export const labScenarios: readonly LabScenario[] = scenarios.map(described);

/** Rejects: not-found for a scenario that does not exist. */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { clock, seed, list, onChange } = options;
  const scenario =
    scenarios.find(({ id }) => id === options.scenario) ??
    fail(
      'not-found',
      `The lab has no scenario "${options.scenario}". It has ${scenarios.map(({ id }) => id).join(', ')}.`,
    );
  const happened: { at: number; words: string }[] = [];
  const servers: LabServer[] = [];
  const world = new World({
    scenery: scenario.build(dice(seed)),
    clock,
    startHour: scenario.startHour,
    onTick: () => {
      for (const server of servers) server.follow();
      onChange();
    },
    onEvent: ({ at, words }) => happened.push({ at, words }),
  });

  const folder = await mkdtemp(join(tmpdir(), 'tmem-lab-'));
  const close = async (): Promise<void> => {
    world.stop();
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const login = newKey();
    const keyFile = join(folder, 'id_ed25519');
    await writeFile(keyFile, login.private, { mode: 0o600 });
    await warmUp(world.machines);
    for (const machine of world.machines) servers.push(await startLabServer({ machine, list, login, clock }));
    world.start();
    return {
      hosts: servers.map(({ machine, port }) => draftOf(machine.name, port, keyFile, scenario)),
      knownHosts: servers.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`).join(''),
      status: () => ({
        scenario: described(scenario),
        seed,
        speed: world.speed,
        paused: world.paused,
        elapsed: world.elapsed,
        hour: world.hour,
        happened,
      }),
      steer: (speed, paused) => {
        world.speed = speed;
        world.paused = paused;
        onChange();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Machines that were booted this second have nothing to show. */
const warmUpSeconds = 600;

/** A piece at a time: nothing of the console waits for it. */
async function warmUp(machines: readonly LabMachine[]): Promise<void> {
  for (let second = 0; second < warmUpSeconds; second++) {
    for (const machine of machines) machine.step(seconds(1));
    if (second % 20 === 0) await new Promise((go) => setImmediate(go));
  }
}

const draftOf = (name: string, port: number, keyFile: string, scenario: Scenario): HostDraft => ({
  name,
  address: '127.0.0.1',
  port,
  user: 'root',
  login: { method: 'key', keyFile },
  group: `Lab: ${scenario.title}`,
  tags: ['lab'],
  jumps: [],
  agent: 'installed',
  sudo: 'never',
  role: 'operator',
  guestGroups: [],
  connect: true,
});

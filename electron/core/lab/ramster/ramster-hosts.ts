/**
 * A cluster of up to eight 3.10 hosts with zcache and RAMster, each a machine of the lab of its own, with one network
 * between them. Cluster and switches can be set up at boot, by the same writes that an operator would do.
 */
import type { EpochMs, Millis } from '#shared/units.ts';
import { labPageSize } from '../corpus.ts';
import type { LabMachine } from '../machine.ts';
import type { Dice } from '../random.ts';
import { bringUp } from './bring-up.ts';
import { sayBoot } from './kernel-log.ts';
import { memorySecond } from './memory.ts';
import { Network } from './network.ts';
import type { NodeOptions } from './node-state.ts';
import { NodeState } from './node-state.ts';
import { commandLine, filesOf, kernel, os } from './node-files.ts';
import { runOnNode } from './node-commands.ts';
import { knobsOf } from './node-knobs.ts';
import { remotifySecond } from './remotify.ts';

export interface ClusterOptions {
  /** One to eight. */
  readonly hosts: readonly NodeOptions[];
  readonly dice: Dice;
  /** False: hosts come up with an empty configfs, as after a boot without the cluster's tools. */
  readonly configured?: boolean;
  readonly clusterName?: string;
  readonly port?: number;
  readonly idleTimeoutMs?: number;
  readonly deadThreshold?: number;
  readonly startedAt?: EpochMs;
}

export interface RamsterHost extends LabMachine {
  readonly state: NodeState;
  /** Makes a program ask for `factor` times what its workload would. */
  press(program: string, factor: number): void;
  setReachable(on: boolean): void;
}

export interface RamsterCluster {
  readonly machines: readonly RamsterHost[];
  /** Cuts the cluster's network between two hosts; the way to log in is another one and stays. */
  cut(a: string, b: string): void;
  heal(a: string, b: string): void;
  /** Takes a host's power: what it held for others is gone. */
  powerOff(name: string): void;
  /** Boots it again, with a new boot id and empty memory. */
  powerOn(name: string): void;
}

/** What a boot takes until its scripts are done. */
const bootMs = 4200;
const defaultStart = Date.UTC(2013, 5, 3, 8) as EpochMs;

export function createRamsterHosts(options: ClusterOptions): RamsterCluster {
  const network = new Network();
  const boots = new Map<string, number>();
  const boot = (host: NodeOptions, index: number, now: EpochMs): NodeState => {
    const times = boots.get(host.name) ?? 0;
    boots.set(host.name, times + 1);
    const node = new NodeState(
      host,
      `192.168.77.${String(10 + index)}`,
      options.dice.fork(`${host.name} ${String(times)}`),
      now,
    );
    sayBoot(node.log, commandLine, node.swapPages > 0);
    node.age = bootMs;
    node.config.linked = () => [...node.sides.values()].some(({ state }) => state === 'up');
    if (options.configured ?? true) bringUp(node, options);
    return node;
  };
  const start = options.startedAt ?? defaultStart;
  const hosts = options.hosts.slice(0, 8);
  network.nodes = hosts.map((host, index) => boot(host, index, start));
  const machines = hosts.map((_, index) => machineOf(network, index));
  const indexOf = (name: string): number => hosts.findIndex((host) => host.name === name);
  return {
    machines,
    cut: (a, b) => {
      network.cut(a, b);
    },
    heal: (a, b) => {
      network.heal(a, b);
    },
    powerOff: (name) => {
      const node = network.nodes[indexOf(name)];
      if (node) node.powered = false;
    },
    powerOn: (name) => {
      const index = indexOf(name);
      const [host, node] = [hosts[index], network.nodes[index]];
      if (!host || !node || node.powered) return;
      network.nodes[index] = boot(host, index, (node.startedAt + node.age) as EpochMs);
    },
  };
}

/** @param index of the node, whose state is another one after a reboot */
function machineOf(network: Network, index: number): RamsterHost {
  const first = network.nodes[index];
  if (first === undefined) throw new Error('no such node');
  const now = (): NodeState => network.nodes[index] ?? first;
  let pending = 0;
  return {
    name: first.name,
    kernel,
    os,
    pageSize: labPageSize,
    files: filesOf(now),
    knobs: knobsOf(now, network),
    get state() {
      return now();
    },
    get bootId() {
      return now().bootId;
    },
    get reachable() {
      const { powered, reachable, hung } = now();
      return powered && reachable && !hung;
    },
    uptime: () => now().seconds,
    run: (words) => runOnNode(now(), words),
    step: (span: Millis) => {
      const node = now();
      node.age += span;
      pending += span;
      if (pending < 1000) return;
      pending -= 1000;
      if (node.powered) second(network, node);
    },
    press: (program, factor) => {
      const found = now().programs.find(({ name }) => name === program);
      if (found) found.press = factor;
      now().wantAnon = 0;
    },
    setReachable: (on) => {
      now().reachable = on;
    },
  };
}

function second(network: Network, node: NodeState): void {
  node.forged.clear();
  network.second(node);
  // A peer that answers again in time ends the waiting; one that does not is given up by the idle timeout.
  const silent = [...node.sides].some(([num, { state }]) => state === 'up' && !network.linkedPeer(node, num));
  if (!silent) node.hung = false;
  if (node.hung) return;
  memorySecond(node);
  remotifySecond(network, node);
}

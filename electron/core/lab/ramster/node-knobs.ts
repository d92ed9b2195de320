/** The knobs of a 3.10 host that are commands on a real one: directories of configfs, raising nodes, swapoff. */
import { absent, partial } from '#core/platforms/ramster/agent-knobs.ts';
import type { LabKnob } from '../machine.ts';
import { configRoot } from './configfs.ts';
import { swapOff, swapOn } from './drain.ts';
import type { Network } from './network.ts';
import type { NodeState } from './node-state.ts';
import { runOnNode } from './node-commands.ts';
import { writeSwitch } from './switches.ts';
import { swapDevice } from './tables.ts';

/** @param now gives the node's state, which is another one after a reboot */
export function knobsOf(now: () => NodeState, network: Network): ReadonlyMap<string, LabKnob> {
  return new Map<string, LabKnob>([
    ['ramster.cluster', cluster(now)],
    ['ramster.node', nodes(now)],
    ['ramster.manual_node_up', raising(now)],
    ['swap.device', swapping(now, network)],
  ]);
}

/** What mkdir or rmdir complains with; undefined when it says nothing. */
function make(node: NodeState, command: 'mkdir' | 'rmdir', path: string): string | undefined {
  const { text, status } = runOnNode(node, [command, path]);
  return status === 0 ? undefined : text.trim();
}

const timeLeaves = ['idle_timeout_ms', 'keepalive_delay_ms', 'heartbeat/dead_threshold'] as const;

const cluster = (now: () => NodeState): LabKnob => ({
  read: (name) => {
    const { config } = now();
    if (config.cluster?.name !== name) return absent;
    return timeLeaves.map((leaf) => config.read(`${configRoot}/${name}/${leaf}`)?.trim() ?? '0').join(':');
  },
  write: (name, value) => {
    const node = now();
    const path = `${configRoot}/${name}`;
    if (value === absent) return make(node, 'rmdir', path);
    const fresh = node.config.cluster?.name !== name;
    const complaint = fresh ? make(node, 'mkdir', path) : undefined;
    if (complaint !== undefined) return complaint;
    const parts = new Map(value.split(':').map((part, at) => [timeLeaves[at] ?? '', part]));
    // The idle timeout has to be more than the keepalive at every moment.
    const idleFirst = Number(parts.get('keepalive_delay_ms')) >= Number(node.config.cluster?.idleTimeoutMs);
    const [idle, keepalive, dead] = timeLeaves;
    for (const leaf of idleFirst ? [idle, keepalive, dead] : [keepalive, idle, dead]) {
      const part = parts.get(leaf) ?? '';
      const done = node.config.write(`${path}/${leaf}`, `${part}\n`);
      if (done.outcome === 'ok') continue;
      if (fresh) make(node, 'rmdir', path);
      return `${leaf} did not take ${part} (${done.errno})`;
    }
    return undefined;
  },
});

const pathOf = (instance: string): string => `${configRoot}/${instance.replace('/', '/node/')}`;

const nodes = (now: () => NodeState): LabKnob => ({
  read: (instance) => {
    const [name, child = ''] = instance.split('/');
    const { cluster: there } = now().config;
    const node = there?.name === name ? there?.nodes.get(child) : undefined;
    if (node === undefined) return absent;
    const { port, address, num, local } = node;
    return num === undefined ? partial : `${String(port)}:${address}:${String(num)}:${local ? '1' : '0'}`;
  },
  write: (instance, value) => {
    const node = now();
    const path = pathOf(instance);
    if (node.config.directories().includes(path)) {
      const complaint = make(node, 'rmdir', path);
      if (complaint !== undefined) return complaint;
    }
    if (value === absent) return undefined;
    const complaint = make(node, 'mkdir', path);
    if (complaint !== undefined) return complaint;
    const parts = value.split(':');
    for (const [at, leaf] of ['ipv4_port', 'ipv4_address', 'num', 'local'].entries()) {
      if (leaf === 'local' && parts[at] === '0') continue;
      const done = node.config.write(`${path}/${leaf}`, `${parts[at] ?? ''}\n`);
      if (done.outcome === 'ok') continue;
      make(node, 'rmdir', path);
      return `${leaf} did not take ${parts[at] ?? ''} (${done.errno}); the node was removed again`;
    }
    return undefined;
  },
});

const raising = (now: () => NodeState): LabKnob => ({
  read: (num) => (now().up.has(Number(num)) ? 'up' : 'down'),
  write: (num, value) => {
    if (value !== 'up') return 'a node that was raised stays up until the host is booted again';
    if (now().config.byNumber(Number(num)) === undefined)
      return `no node of the cluster has number ${num}: raised now, it would be used up until the next boot`;
    const done = writeSwitch(now(), 'manual_node_up', `${num}\n`);
    return done.outcome === 'ok' ? undefined : done.errno;
  },
});

/** The priority of the only device is the kernel's own choice. */
const swapping = (now: () => NodeState, network: Network): LabKnob => ({
  read: (device) => {
    if (device !== swapDevice || now().swapSize === 0) return undefined;
    return now().swapPages === 0 ? 'off' : 'on:auto';
  },
  write: (device, value) => {
    if (device !== swapDevice || now().swapSize === 0) return `${device}: No such file or directory`;
    if (value === 'off') return now().swapPages === 0 ? undefined : swapOff(network, now());
    swapOn(now());
    return undefined;
  },
});

/** What the cluster's tools do at boot, write by write, in the one order that works. */
import type { WriteOutcome } from '../machine.ts';
import { configRoot } from './configfs.ts';
import type { NodeOptions, NodeState } from './node-state.ts';
import { writeSwitch } from './switches.ts';

export interface BringUp {
  readonly hosts: readonly NodeOptions[];
  readonly clusterName?: string;
  readonly port?: number;
  readonly idleTimeoutMs?: number;
  readonly deadThreshold?: number;
}

export function bringUp(node: NodeState, options: BringUp): void {
  const cluster = `${configRoot}/${options.clusterName ?? 'ramster'}`;
  const set = (leaf: string, value: string): WriteOutcome => node.config.write(`${cluster}/${leaf}`, value);
  node.config.mkdir(cluster);
  set('idle_timeout_ms', String(options.idleTimeoutMs ?? 30_000));
  set('heartbeat/dead_threshold', String(options.deadThreshold ?? 500));
  options.hosts.forEach(({ name }, num) => {
    node.config.mkdir(`${cluster}/node/${name}`);
    set(`node/${name}/ipv4_port`, String(options.port ?? 7777));
    set(`node/${name}/ipv4_address`, `192.168.77.${String(10 + num)}`);
    set(`node/${name}/num`, String(num));
    if (name === node.name) set(`node/${name}/local`, '1');
  });
  options.hosts.forEach((_, num) => writeSwitch(node, 'manual_node_up', String(num)));
  const target = options.hosts.findIndex(({ name }) => name === node.options.target);
  if (target < 0) return;
  writeSwitch(node, 'remote_target_nodenum', String(target));
  if (node.options.persistent ?? true) writeSwitch(node, 'pers_remotify_enable', '1');
  if (node.options.ephemeral ?? false) writeSwitch(node, 'eph_remotify_enable', '1');
}

/** The cluster of configfs: /sys/kernel/config/cluster/NAME (nodemanager.c, heartbeat.c; the layout is ocfs2's). */
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';

export const clusterRoot = '/sys/kernel/config/cluster';

/** Files of the cluster, and of one of its nodes; their instances are `NAME` and `NAME/NODE`. */
export const clusterAttributes = [
  [
    'idle_timeout_ms',
    'Idle timeout',
    'milliseconds',
    'Silence after which a peer counts as gone. Until then whoever needs one of its pages hangs.',
  ],
  [
    'keepalive_delay_ms',
    'Keepalive',
    'milliseconds',
    'How often a silent link is tried; must be less than the idle timeout.',
  ],
  ['reconnect_delay_ms', 'Reconnect delay', 'milliseconds', 'Wait before a lost link is tried again.'],
  ['fence_method', 'Fencing', 'text', 'What a node does with itself when it is cut off: reset or panic.'],
  [
    'heartbeat/dead_threshold',
    'Dead threshold',
    'count',
    'Missed heartbeats after which a node is dead; equal on all nodes.',
  ],
  ['heartbeat/mode', 'Heartbeat', 'text', 'How nodes watch each other, local or global; RAMster does without either.'],
] as const;

export const nodeAttributes = [
  ['num', 'Node number', 'count', 'Number of the node, 0 to 7 for RAMster. Reads 0 before it is set.'],
  ['ipv4_address', 'Address', 'text', 'IPv4 address of the node; 0.0.0.0 before it is set.'],
  ['ipv4_port', 'Port', 'count', 'TCP port of the node; 0 before it is set.'],
  ['local', 'This node', 'flag', 'Whether the node is this host; setting it opens the port.'],
] as const;

export const clusterId = (attribute: string): string => `cluster.${attribute.replace('/', '.')}`;
export const nodeId = (attribute: string): string => `cluster.node.${attribute}`;

export const cluster: readonly Entry[] = [
  ...clusterAttributes.map(([name, title, unit, help]) =>
    entry(clusterId(name), title, 'setting', unit, help, { instance: 'device' }),
  ),
  ...nodeAttributes.map(([name, title, unit, help]) =>
    entry(nodeId(name), title, 'setting', unit, help, { instance: 'device' }),
  ),
];

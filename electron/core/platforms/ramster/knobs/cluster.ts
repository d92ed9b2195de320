/**
 * The cluster in configfs, in the order of writing: the cluster, its timeouts, then for each node port and address,
 * number, and on its own node `local` (docs/domain.md 2.6). Nothing of it survives a boot.
 */
import type { KnobDef, KnobRange } from '#shared/model/knob.ts';
import { clusterRoot } from '../catalogue/cluster.ts';

const doc = 'https://www.kernel.org/doc/html/v5.15/filesystems/configfs.html';

const inCluster = (
  name: string,
  title: string,
  range: KnobRange,
  standard: string,
  help: string,
  traps: readonly string[],
): KnobDef => ({
  id: `ramster.cluster.${name.replace('/', '.')}`,
  title,
  of: 'cluster',
  target: `${clusterRoot}/NAME/${name}`,
  range,
  default: standard,
  survives: 'nothing',
  help,
  traps,
  doc,
  readBy: `cluster.${name.replace('/', '.')}`,
});

const inNode = (
  name: string,
  title: string,
  range: KnobRange,
  standard: string,
  help: string,
  traps: readonly string[],
): KnobDef => ({
  id: `ramster.node.${name}`,
  title,
  of: 'cluster',
  target: `${clusterRoot}/NAME/node/NODE/${name}`,
  range,
  default: standard,
  survives: 'nothing',
  help,
  traps: [...traps, writeOnce],
  doc,
  readBy: `cluster.node.${name}`,
});

const writeOnce =
  'Can be written once. A write that is refused counts as that one: every later write says “device or resource busy”, until the node’s directory is removed and made anew.';
const equal = 'Must be equal on all nodes, or they refuse each other.';
const whileLinked = 'Cannot be changed while a peer is linked: set it before the first manual_node_up.';
/** Below 4294967295; 0 is refused. */
const span: KnobRange = { kind: 'number', min: 1, max: 4_294_967_294, unit: 'milliseconds' };

export const clusterKnobs: readonly KnobDef[] = [
  {
    id: 'ramster.cluster',
    title: 'Cluster',
    of: 'host',
    target: `mkdir ${clusterRoot}/NAME`,
    range: { kind: 'switch' },
    default: 'off',
    survives: 'nothing',
    help: 'The cluster’s directory: it comes with its timeouts and an empty node/.',
    traps: [
      'One cluster for each host: a second one is refused with “no space left on device”.',
      'ocfs2 uses the same place: a host with an ocfs2 cluster has its one cluster already.',
      'It must exist before any manual_node_up: a number raised before is lost until the next boot.',
      'It cannot be removed while it has nodes. Making a directory in its heartbeat/ is refused, with a warning of the kernel.',
    ],
    doc,
  },
  inCluster('idle_timeout_ms', 'Idle timeout', span, '30000', 'Silence after which a peer counts as gone.', [
    'A long one freezes this host for as long when the peer vanishes; 1000000, as the old guide has it, is over 16 minutes.',
    'It is also the time that both hosts have to raise each other: who comes later finds a dead end.',
    'Must be more than keepalive_delay_ms.',
    equal,
    whileLinked,
  ]),
  inCluster('keepalive_delay_ms', 'Keepalive', span, '2000', 'How often a silent link is tried.', [
    'Must be less than idle_timeout_ms.',
    equal,
    whileLinked,
  ]),
  inCluster('reconnect_delay_ms', 'Reconnect delay', span, '2000', 'Wait before a lost link is tried again.', []),
  inCluster(
    'fence_method',
    'Fencing',
    { kind: 'choice', choices: ['reset', 'panic'] },
    'reset',
    'What a node does with itself when it is cut off.',
    ['Needs its line break: without one the write is refused.'],
  ),
  inCluster(
    'heartbeat/dead_threshold',
    'Dead threshold',
    { kind: 'number', min: 3, max: 4_294_967_294, unit: 'heartbeats' },
    '31',
    'Missed heartbeats after which a node is dead.',
    ['1 and 2 are answered with success and change nothing.', equal],
  ),
  inCluster(
    'heartbeat/mode',
    'Heartbeat',
    { kind: 'choice', choices: ['local', 'global'] },
    'local',
    'RAMster needs neither: “not active” is normal.',
    ['Any beginning of a word is taken for it (“l”).'],
  ),
  {
    id: 'ramster.node',
    title: 'Node',
    of: 'cluster',
    target: `mkdir ${clusterRoot}/NAME/node/NODE`,
    range: { kind: 'switch' },
    default: 'off',
    survives: 'nothing',
    help: 'A node’s directory, named as its host is; make all nodes on every host, with the same numbers.',
    traps: ['At most 64 characters.', 'Removing the directory of the local node closes its port.'],
    doc,
  },
  inNode('ipv4_port', 'Port', { kind: 'number', min: 1, max: 65_535, unit: 'port' }, '0', 'TCP port; 7777 by custom.', [
    'Comes before num.',
    'Pages travel over it in the clear: a network of its own.',
  ]),
  inNode(
    'ipv4_address',
    'Address',
    { kind: 'text', shape: 'four numbers with dots' },
    '0.0.0.0',
    'IPv4 address, as four numbers; names are refused.',
    ['Comes before num.'],
  ),
  inNode(
    'num',
    'Number',
    { kind: 'number', min: 0, max: 7, unit: 'node' },
    '0',
    'Number of the node, the same on all hosts.',
    [
      'Comes after port and address; before them it is refused, and then locked.',
      'Reads 0 before it is set.',
      'The kernel takes up to 254, RAMster raises only 0 to 7.',
    ],
  ),
  inNode('local', 'This host', { kind: 'switch' }, '0', 'Marks the node as this host and opens its port.', [
    'Comes last.',
    'Cannot be set back to 0: remove the node’s directory.',
  ]),
];

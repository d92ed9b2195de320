/**
 * The switches of a RAMster node (docs/domain.md 2.6), in the order in which they are written once the cluster stands.
 */
import type { KnobDef } from '#shared/model/knob.ts';
import { ramsterSysfs } from '../catalogue/ramster.ts';

const sending = [
  'The receiving side of an unpatched 3.10 kernel crashes on the first page.',
  'The first page leaves 60 s after boot, then at most 200 pages a second.',
  'Switching both off strands the pages that are away: the target is no longer told what to drop. Drain first (swapoff), then switch off.',
  'Any number is taken and kept as it is (7 reads back as 7); only 0 is off.',
];
const node = { kind: 'number', min: 0, max: 7, unit: 'node' } as const;

export const ramsterKnobs: readonly KnobDef[] = [
  {
    id: 'ramster.manual_node_up',
    title: 'Raise a node',
    of: 'host',
    target: `${ramsterSysfs}/manual_node_up`,
    range: node,
    default: 'none',
    survives: 'nothing',
    help: 'Tells this host that a node is up, itself included; write each number on every host, within the idle timeout.',
    traps: [
      'One way: a number stays up until the next boot.',
      'Before the cluster exists it answers success, does nothing, and the number is used up until the next boot.',
      'When the other host comes later than idle_timeout_ms, the link is given up and raising again does nothing. The way out without a reboot: remove nodes and cluster, make them anew with unused numbers.',
      'Up is not linked: read the links back.',
    ],
    readBy: 'ramster.manual_node_up',
  },
  {
    id: 'ramster.remote_target_nodenum',
    title: 'Target node',
    of: 'host',
    target: `${ramsterSysfs}/remote_target_nodenum`,
    range: node,
    default: 'unset',
    survives: 'nothing',
    help: 'The one node that this host’s pages are sent to.',
    traps: [
      'Can be changed and never unset: to stop, drain and switch both remotify switches off.',
      'A node that is not up is answered with success and not taken: read it back.',
      'A node that is up and not linked is taken, even this node itself.',
      'There is no second copy: when the target is lost, so are the pages and the programs they belong to.',
    ],
    readBy: 'ramster.remote_target_nodenum',
  },
  {
    id: 'ramster.pers_remotify_enable',
    title: 'Send swapped pages',
    of: 'host',
    target: `${ramsterSysfs}/pers_remotify_enable`,
    range: { kind: 'switch' },
    default: '0',
    survives: 'nothing',
    help: 'Sends swapped pages (frontswap) to the target node.',
    traps: sending,
    readBy: 'ramster.pers_remotify_enable',
  },
  {
    id: 'ramster.eph_remotify_enable',
    title: 'Send cache pages',
    of: 'host',
    target: `${ramsterSysfs}/eph_remotify_enable`,
    range: { kind: 'switch' },
    default: '0',
    survives: 'nothing',
    help: 'Sends clean page-cache pages (cleancache) to the target node.',
    traps: sending,
    readBy: 'ramster.eph_remotify_enable',
  },
];

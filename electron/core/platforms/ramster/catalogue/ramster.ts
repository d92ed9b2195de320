/**
 * RAMster: switches in /sys/kernel/mm/ramster (readable by everybody), counters in /sys/kernel/debug/ramster (root
 * only, CONFIG_RAMSTER_DEBUG); in 3.4 to 3.6 all of them in sysfs. remote = our pages on another node; foreign =
 * other nodes' pages here.
 */
import { entry, rows } from './entry.ts';
import type { Entry } from './entry.ts';

export const ramsterDebug = '/sys/kernel/debug/ramster';
export const ramsterSysfs = '/sys/kernel/mm/ramster';

const counters = rows('ramster', [ramsterDebug, ramsterSysfs], 'counter', [
  ['pers_pages_remoted', 'Swapped pages sent', 'pages', 'Swapped pages handed to the target node.'],
  ['eph_pages_remoted', 'Cache pages sent', 'pages', 'Page-cache pages handed to the target node.'],
  [
    'remote_pers_pages_succ_get',
    'Swapped pages fetched',
    'pages',
    'Swapped pages brought back from the target node: reads from the device avoided.',
  ],
  [
    'remote_eph_pages_succ_get',
    'Cache pages fetched',
    'pages',
    'Page-cache pages brought back from the target node: reads from disk avoided.',
  ],
  [
    'remote_pers_pages_unsucc_get',
    'Swapped pages not found',
    'pages',
    'Swapped pages that the target node did not give back: data that is lost.',
  ],
  [
    'remote_eph_pages_unsucc_get',
    'Cache pages not found',
    'pages',
    'Page-cache pages that the target node no longer had; they were read from disk.',
  ],
  [
    'pers_pages_remote_failed',
    'Swapped pages not sent',
    'pages',
    'Swapped pages that could not be handed over; they are not tried again.',
  ],
  [
    'eph_pages_remote_failed',
    'Cache pages not sent',
    'pages',
    'Page-cache pages that could not be handed over; they are not tried again.',
  ],
  [
    'pers_pages_remote_nomem',
    'No memory to send',
    'pages',
    'Swapped pages not sent because this node had no memory to do it.',
  ],
  [
    'remote_pages_flushed',
    'Remote flushes',
    'pages',
    'Pages the target node was told to drop; it need not have had them.',
  ],
  [
    'remote_page_flushes_failed',
    'Failed remote flushes',
    'pages',
    'Pages that could not be dropped on the target node: they stay there unused.',
  ],
  ['remote_objects_flushed', 'Remote object flushes', 'count', 'Whole objects the target node was told to drop.'],
  [
    'remote_object_flushes_failed',
    'Failed remote object flushes',
    'count',
    'Objects that could not be dropped on the target node.',
  ],
]);

const foreign: readonly Entry[] = [
  entry(
    'ramster.foreign_pers_pages',
    'Swapped pages of others',
    'level',
    'pages',
    'Swapped pages of other nodes that are kept here now: the true count of what those nodes have away.',
    {
      files: [`${ramsterDebug}/foreign_pers_pages`, `${ramsterSysfs}/foreign_pers_pampd_count`],
    },
  ),
  entry(
    'ramster.foreign_eph_pages',
    'Cache pages of others',
    'level',
    'pages',
    'Page-cache pages of other nodes that are kept here now.',
    {
      files: [`${ramsterDebug}/foreign_eph_pages`, `${ramsterSysfs}/foreign_eph_pampd_count`],
    },
  ),
  entry(
    'ramster.foreign_pers_pages_max',
    'Most swapped pages of others',
    'level',
    'pages',
    'Meant as a high-water mark; stays 0 on 3.7 and later.',
    {
      files: [`${ramsterDebug}/foreign_pers_pages_max`, `${ramsterSysfs}/foreign_pers_pampd_count_max`],
      charted: false,
    },
  ),
  entry(
    'ramster.foreign_eph_pages_max',
    'Most cache pages of others',
    'level',
    'pages',
    'Meant as a high-water mark; stays 0 on 3.7 and later.',
    {
      files: [`${ramsterDebug}/foreign_eph_pages_max`, `${ramsterSysfs}/foreign_eph_pampd_count_max`],
      charted: false,
    },
  ),
];

const sysfsLevels = rows('ramster', [ramsterSysfs], 'level', [
  [
    'remote_pers_pages',
    'Swapped pages away (drifts)',
    'pages',
    'Meant as the swapped pages kept on the target node, but it drifts upwards: the target’s foreign_pers_pages is the truth.',
  ],
  ['curr_flnode_count', 'Flushes waiting', 'count', 'Remote flushes that wait to be sent; 3.4 to 3.6.'],
]);

const settings = rows('ramster', [ramsterSysfs], 'setting', [
  ['interface_revision', 'Interface revision', 'count', 'Revision of RAMster’s interface; 5 on every kernel seen.'],
  [
    'manual_node_up',
    'Nodes told to be up',
    'text',
    'Numbers of the nodes that were raised. It only grows until the next boot, and does not say that a link stands.',
  ],
  [
    'remote_target_nodenum',
    'Target node',
    'text',
    'Number of the node that pages are sent to. Once set, it can be changed and never unset.',
  ],
  ['pers_remotify_enable', 'Send swapped pages', 'count', 'Not 0: swapped pages are sent to the target node.'],
  ['eph_remotify_enable', 'Send cache pages', 'count', 'Not 0: clean page-cache pages are sent to the target node.'],
]);

export const ramsterEntries: readonly Entry[] = [
  ...counters,
  ...foreign,
  ...sysfsLevels,
  entry(
    'ramster.curr_flnode_count_max',
    'Most flushes waiting',
    'level',
    'count',
    'Highest number of waiting flushes since boot; 3.4 to 3.6.',
    {
      files: [`${ramsterSysfs}/curr_flnode_count_max`],
      charted: false,
    },
  ),
  ...settings,
];

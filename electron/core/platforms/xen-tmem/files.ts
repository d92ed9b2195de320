/**
 * What the agent may read for this platform: an explicit list. They are the files of a Xen guest that is connected
 * as a host of its own; Domain-0 has the balloon's too. On any other machine none of them exists. frontswap's and
 * cleancache's counters are read by the platform of the Linux kernel.
 */
import type { FileSet } from '../platform.ts';
import { balloonSettings, balloonSizes } from './catalogue/inside.ts';

const guest: FileSet = {
  kind: 'files',
  name: 'xen-tmem.guest',
  every: 'tick',
  files: balloonSizes.map(({ file }) => file),
};

const settings: FileSet = {
  kind: 'files',
  name: 'xen-tmem.guest-settings',
  every: 'minute',
  files: [
    ...balloonSettings.map(({ file }) => file),
    '/sys/hypervisor/type',
    '/sys/hypervisor/version/major',
    '/sys/hypervisor/version/minor',
    '/sys/hypervisor/uuid',
    '/proc/xen/capabilities',
  ],
};

export const sets: readonly FileSet[] = [guest, settings];

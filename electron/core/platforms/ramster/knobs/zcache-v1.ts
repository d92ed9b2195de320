/** The policy of zcache before 3.7 (docs/domain.md 2.3). Later kernels have theirs compiled in. */
import type { KnobDef } from '#shared/model/knob.ts';
import { zcacheSysfs } from '../catalogue/zcache.ts';

const careful =
  'A bad value is very likely to end in the kernel killing processes for want of memory: the kernel’s own words. Change it in small steps, with memory to spare.';
const pages = 'The numbers are for pages of 4 KiB.';

export const zcacheV1Knobs: readonly KnobDef[] = [
  {
    id: 'zcache.zv_max_zsize',
    title: 'Largest swapped page',
    of: 'host',
    target: `${zcacheSysfs}/zv_max_zsize`,
    range: { kind: 'number', min: 1, max: 3584, unit: 'bytes' },
    default: '3584',
    survives: 'nothing',
    help: 'A swapped page that stays larger than this when compressed goes to the device.',
    traps: [careful, pages],
    readBy: 'zcache.zv_max_zsize',
  },
  {
    id: 'zcache.zv_max_mean_zsize',
    title: 'Largest mean',
    of: 'host',
    target: `${zcacheSysfs}/zv_max_mean_zsize`,
    range: { kind: 'number', min: 1, max: 3584, unit: 'bytes' },
    default: '2560',
    survives: 'nothing',
    help: 'While the mean size is above this, only pages smaller than it are kept.',
    traps: [careful, pages],
    readBy: 'zcache.zv_max_mean_zsize',
  },
  {
    id: 'zcache.zv_page_count_policy_percent',
    title: 'Limit of swapped pages',
    of: 'host',
    target: `${zcacheSysfs}/zv_page_count_policy_percent`,
    range: { kind: 'number', min: 1, max: 150, unit: 'percent' },
    default: '75',
    survives: 'nothing',
    help: 'Swapped pages kept, at most, as a share of all RAM; more than 100 counts on their being compressed.',
    traps: [careful, 'Pages over a lowered limit stay until they are needed or swapoff.'],
    readBy: 'zcache.zv_page_count_policy_percent',
  },
];

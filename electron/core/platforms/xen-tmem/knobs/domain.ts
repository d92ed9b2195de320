/** xl mem-set and mem-max: what a guest should have, and what the hypervisor lets it have (docs/domain.md 3.3). */
import type { KnobDef } from '#shared/model/knob.ts';

const doc = 'https://xenbits.xen.org/docs/4.11-testing/man/xl.1.html';
const most = 16_777_216;

export const domainKnobs: readonly KnobDef[] = [
  {
    id: 'xen.mem-set',
    title: 'Target',
    of: 'guest',
    target: 'xl mem-set NAME MIBm',
    range: { kind: 'number', min: 1, max: most, unit: 'MiB' },
    survives: 'nothing',
    help: 'What the guest’s balloon should work towards.',
    traps: [
      'It also lowers the hypervisor’s limit to this size: from then on frontswap has no room and every page goes to the swap disk, until xl mem-max opens it again.',
      'It needs the balloon driver in the guest, and may never get there.',
      'No lower bound is known to be safe: too little, and the guest’s kernel kills programs or stops.',
      'More than maxmem of the guest’s configuration is refused, even after xl mem-max raised the limit.',
      'A guest that balloons itself moves away from it again; what the host shows as target stays.',
    ],
    doc,
    readBy: 'xen-tmem.guest.allowed',
  },
  {
    id: 'xen.mem-max',
    title: 'Limit in the hypervisor',
    of: 'guest',
    target: 'xl mem-max NAME MIB',
    range: { kind: 'number', min: 1, max: most, unit: 'MiB' },
    survives: 'nothing',
    help: 'The most the hypervisor lets this guest have, its persistent tmem pages included. Above the target it is room for frontswap.',
    traps: [
      'Below the target it is refused.',
      'The next xl mem-set sets it back to the target.',
      'The room is not reserved: when the whole host is out of memory, puts fail all the same, and no pool counts it.',
    ],
    doc,
    readBy: 'xen.xentop.MAXMEM',
  },
];

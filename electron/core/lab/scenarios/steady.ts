import type { Scenario } from '../scenario.ts';
import { kvm, trio, xen } from './hosts.ts';

export const steady: Scenario = {
  id: 'steady',
  title: 'Steady fleet',
  about:
    'Old and new side by side on an ordinary day: four KVM hosts of two kernels, two Xen hosts, a RAMster cluster. At ×60 a day passes in 24 minutes: web servers by day, batch by night.',
  startHour: 8,
  build: (dice) => ({
    machines: [
      kvm('kvm-01', dice, 8),
      kvm('kvm-02', dice, 8),
      kvm('kvm-03', dice, 8, {
        flavour: '6.1',
        zswap: { enabled: true, compressor: 'lzo', maxPoolPercent: 20, zpool: 'z3fold' },
      }),
      kvm('kvm-04', dice, 8, { zswap: { enabled: false, compressor: 'lzo', maxPoolPercent: 20 } }),
      xen('xen-01', dice, 8),
      xen('xen-02', dice, 8, { version: '4.11' }),
      ...trio('ram-', dice, 8).machines,
    ],
    events: [],
  }),
};

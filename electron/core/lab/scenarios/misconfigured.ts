import type { Misconfiguration } from '../linux/kvm-state.ts';
import type { Scenario } from '../scenario.ts';
import { kvm, xen } from './hosts.ts';

const mistakes: readonly (readonly [host: string, mistake: Misconfiguration])[] = [
  ['no-swap', 'no-swap'],
  ['no-pressure', 'pressure-off'],
  ['swappiness-0', 'swappiness-zero'],
  ['tiny-pool', 'tiny-pool'],
  ['no-compressor', 'unknown-compressor'],
  ['no-balloon', 'no-balloon-statistics'],
];

export const misconfigured: Scenario = {
  id: 'misconfigured',
  title: 'Misconfigured hosts',
  about:
    'One mistake for each host: no swap, pressure switched off, swappiness 0, a tiny pool, a compressor the kernel does not have, no balloon statistics, tmem switched off in the hypervisor. The Doctor of each page names it.',
  startHour: 15,
  build: (dice) => ({
    machines: [
      ...mistakes.map(([name, mistake]) => kvm(name, dice, 15, { misconfigured: [mistake] })),
      xen('tmem-off', dice, 15, { tmem: false }),
    ],
    events: [],
  }),
};

import type { Scenario } from '../scenario.ts';
import { kvm, trio, xen } from './hosts.ts';

export const tour: Scenario = {
  id: 'tour',
  title: 'First five minutes',
  about:
    'One host of each kind: KVM with zswap and page merging, Xen with transcendent memory, and three that lend RAM to each other. After a minute a batch job needs memory; watch what compression gives and what it costs.',
  startHour: 10,
  build: (dice) => {
    const modern = kvm('kvm-01', dice, 10);
    const job = modern.state.guests.find(({ workload }) => workload === 'batch')?.name ?? '';
    return {
      machines: [modern, xen('xen-01', dice, 10), ...trio('ram-', dice, 10).machines],
      events: [
        { at: 60, words: `${job} on kvm-01 starts its big job.`, happen: () => modern.press(job, 4) },
        { at: 240, words: `${job} on kvm-01 is done.`, happen: () => modern.press(job, 1) },
      ],
    };
  },
};

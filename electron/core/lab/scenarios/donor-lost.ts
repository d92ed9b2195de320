import type { Scenario } from '../scenario.ts';
import { trio } from './hosts.ts';

export const donorLost: Scenario = {
  id: 'donor-lost',
  title: 'Donor lost',
  about:
    'Three hosts of a RAMster cluster: two keep pages in the RAM of the third. After five minutes that one loses power: watch who freezes, what is lost, and why one copy is not enough.',
  startHour: 11,
  build: (dice) => {
    const cluster = trio('ram-', dice, 11);
    return {
      machines: cluster.machines,
      events: [
        {
          at: 300,
          words: 'ram-3 loses power, and with it the pages it kept.',
          happen: () => cluster.powerOff('ram-3'),
        },
        { at: 600, words: 'ram-3 is booted again, empty.', happen: () => cluster.powerOn('ram-3') },
      ],
    };
  },
};

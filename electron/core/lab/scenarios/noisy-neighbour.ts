import type { Scenario } from '../scenario.ts';
import { kvm } from './hosts.ts';

export const noisyNeighbour: Scenario = {
  id: 'noisy-neighbour',
  title: 'Noisy neighbour',
  about:
    'Ten guests share a host in peace until one of them takes all it can get. Watch who pays: the pressure of the others, their pages on the way out, and the guest that caused it.',
  startHour: 14,
  build: (dice) => {
    const host = kvm('kvm-01', dice, 14);
    const noisy = host.state.guests.find(({ workload }) => workload === 'database')?.name ?? '';
    return {
      machines: [host, kvm('kvm-02', dice, 14)],
      events: [
        { at: 60, words: `${noisy} on kvm-01 takes all it can get.`, happen: () => host.press(noisy, 4) },
        { at: 900, words: `${noisy} on kvm-01 is calm again.`, happen: () => host.press(noisy, 1) },
      ],
    };
  },
};

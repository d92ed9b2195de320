import type { KvmHost } from '../linux/kvm-host.ts';
import type { Scenario } from '../scenario.ts';
import { guestsOf, kvm } from './hosts.ts';

const pressAll = (hosts: readonly KvmHost[], factor: number): void => {
  for (const host of hosts) {
    for (const guest of host.state.guests) if (guest.workload !== 'idle') host.press(guest.name, factor);
  }
};

export const monday: Scenario = {
  id: 'monday',
  title: 'Monday-morning pressure',
  about:
    'Six KVM hosts just before eight. Everybody logs in at once, half as much again as the day usually asks: memory runs short, zswap fills, the rest goes to disk. The host without zswap shows what that is worth.',
  startHour: 7.9,
  build: (dice) => {
    const hosts = Array.from({ length: 6 }, (_, index) => {
      const name = `kvm-${String(index + 1).padStart(2, '0')}`;
      return kvm(name, dice, 7.9, {
        guests: guestsOf(name, 12, 2560),
        ...(index === 5 ? { zswap: { enabled: false, compressor: 'lzo', maxPoolPercent: 20 } } : {}),
      });
    });
    return {
      machines: hosts,
      events: [
        { at: 30, words: 'The first users log in.', happen: () => pressAll(hosts, 1.15) },
        { at: 90, words: 'Everybody logs in.', happen: () => pressAll(hosts, 1.4) },
        { at: 600, words: 'The rush is over.', happen: () => pressAll(hosts, 1) },
      ],
    };
  },
};

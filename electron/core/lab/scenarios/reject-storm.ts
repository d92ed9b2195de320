import type { Scenario } from '../scenario.ts';
import { kvm } from './hosts.ts';

export const rejectStorm: Scenario = {
  id: 'reject-storm',
  title: 'Reject storm',
  about:
    'A pool that is far too small: max_pool_percent is 2. Under load zswap refuses nearly every page, and all of them go to the disk. A twin with the usual 20 percent stands beside it.',
  startHour: 13,
  build: (dice) => {
    const small = kvm('kvm-small', dice, 13, {
      zswap: { enabled: true, compressor: 'lzo', maxPoolPercent: 2, zpool: 'zsmalloc' },
    });
    const twin = kvm('kvm-twin', dice, 13);
    const both = [small, twin];
    const press = (factor: number): void => {
      for (const host of both) for (const guest of host.state.guests) host.press(guest.name, factor);
    };
    return {
      machines: both,
      events: [
        { at: 45, words: 'Both hosts get the same load, twice the usual.', happen: () => press(2) },
        { at: 900, words: 'The load is gone.', happen: () => press(1) },
      ],
    };
  },
};

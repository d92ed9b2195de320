import type { KvmOptions } from '../linux/kvm-state.ts';
import type { Scenario } from '../scenario.ts';
import type { WorkloadKind } from '../workload.ts';
import type { XenGuestOptions } from '../xen/options.ts';
import { guestsOf, kvm, trio, xen } from './hosts.ts';

/** As distributions leave it: swap is there, nothing is compressed, nothing is merged. */
const untouched: Partial<KvmOptions> = {
  zswap: { enabled: false, compressor: 'lzo', maxPoolPercent: 20 },
  ksm: { run: 0, pagesToScan: 100 },
};

/** A guest whose memory is hot all over: limit or compress it hard, and it stalls. */
const fragile = 'ticker';

const kvmGuests = (host: string): KvmOptions['guests'] => [
  ...guestsOf(host, 15, 1536),
  { name: `${fragile}-${host.slice(-2)}`, workload: 'database', memoryMiB: 2048 },
];

const xenGuest = (name: string, workload: WorkloadKind, more: Partial<XenGuestOptions> = {}): XenGuestOptions => ({
  name,
  workload,
  memoryMiB: 768,
  maxMemMiB: 1536,
  frontswap: true,
  cleancache: true,
  selfballooning: false,
  ...more,
});

export const greenfield: Scenario = {
  id: 'greenfield',
  title: 'Nothing set up yet',
  about:
    'Hosts as they come: two KVM hosts with swap and no compression, three that could lend each other RAM and have no cluster, a Xen host whose guests have no room for swap pages in tmem. Set something up, watch what it gives, and undo it.',
  startHour: 9,
  build: (dice) => {
    const old = kvm('kvm-01', dice, 9, { ...untouched, flavour: '6.1', guests: kvmGuests('kvm-01') });
    const modern = kvm('kvm-02', dice, 9, { ...untouched, guests: kvmGuests('kvm-02') });
    for (const host of [old, modern]) host.press(`${fragile}-${host.name.slice(-2)}`, 1.5);
    const hypervisor = xen('xen-01', dice, 9, {
      version: '4.11',
      compress: false,
      guests: [
        xenGuest('erp', 'database'),
        xenGuest('crm', 'web'),
        xenGuest('mail', 'web'),
        xenGuest('night', 'batch'),
        // Its kernel was booted without the driver.
        xenGuest('legacy', 'web', { frontswap: false, cleancache: false }),
      ],
    });
    return {
      machines: [
        old,
        modern,
        ...trio('ram-', dice, 9, { configured: false }).machines,
        hypervisor,
        hypervisor.guestMachine('erp'),
        hypervisor.guestMachine('legacy'),
      ],
      events: [],
    };
  },
};

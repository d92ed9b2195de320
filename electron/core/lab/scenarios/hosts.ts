/** Hosts as the scenarios use them: sizes and mixes of guests that are plausible, named so that they can be told apart. */
import { epochMs } from '#shared/units.ts';
import type { EpochMs } from '#shared/units.ts';
import type { GuestOptions } from '../linux/guest.ts';
import { createKvmHost } from '../linux/kvm-host.ts';
import type { KvmHost } from '../linux/kvm-host.ts';
import type { KvmOptions } from '../linux/kvm-state.ts';
import { createRamsterHosts } from '../ramster/ramster-hosts.ts';
import type { ClusterOptions, RamsterCluster } from '../ramster/ramster-hosts.ts';
import type { Dice } from '../random.ts';
import type { WorkloadKind } from '../workload.ts';
import { createXenHost } from '../xen/host.ts';
import type { XenHost } from '../xen/host.ts';
import type { XenHostOptions } from '../xen/options.ts';

/** A Monday of the lab, at that hour. */
export const dayAt = (hour: number): EpochMs => epochMs(Date.UTC(2026, 10, 23) + hour * 3_600_000);

const kinds: readonly WorkloadKind[] = ['database', 'web', 'web', 'idle', 'batch'];
const words: Readonly<Record<WorkloadKind, readonly string[]>> = {
  database: ['orders-db', 'ledger-db', 'stock-db'],
  web: ['shop', 'portal', 'intranet', 'api'],
  batch: ['reports', 'billing-run'],
  idle: ['test', 'old-wiki', 'spare'],
};

/** Guests of all kinds, one size each; more than the host could hold if all wanted everything at once. */
export function guestsOf(host: string, count: number, memoryMiB: number): GuestOptions[] {
  return Array.from({ length: count }, (_, index) => {
    const workload = kinds[index % kinds.length] ?? 'idle';
    const names = words[workload];
    const round = Math.floor(index / kinds.length);
    const name = names[(index + round) % names.length] ?? workload;
    return { name: `${name}-${host.slice(-2)}${String(index).padStart(2, '0')}`, workload, memoryMiB };
  });
}

/** A KVM host with 16 GiB that promised its guests about half as much again. */
export function kvm(name: string, dice: Dice, hour: number, more: Partial<KvmOptions> = {}): KvmHost {
  return createKvmHost({
    name,
    flavour: '6.12',
    memoryMiB: 16_384,
    swapMiB: 16_384,
    zswap: { enabled: true, compressor: 'zstd', maxPoolPercent: 20, zpool: 'zsmalloc', shrinker: true },
    ksm: { run: 1, pagesToScan: 2000 },
    guests: guestsOf(name, 10, 2560),
    dice: dice.fork(name),
    startedAt: dayAt(hour),
    ...more,
  });
}

/** A Xen host of the days of Oracle VM 3 with guests that offer their pages to the hypervisor. */
export function xen(name: string, dice: Dice, hour: number, more: Partial<XenHostOptions> = {}): XenHost {
  const guest = (guestName: string, workload: WorkloadKind, memoryMiB: number) => ({
    name: guestName,
    workload,
    memoryMiB,
    maxMemMiB: memoryMiB * 2,
    frontswap: true,
    cleancache: true,
    selfballooning: true,
  });
  return createXenHost({
    name,
    version: '4.4',
    memoryMiB: 8192,
    dom0MiB: 1024,
    tmem: true,
    compress: true,
    guests: [
      guest(`erp-${name}`, 'database', 1536),
      guest(`crm-${name}`, 'web', 1024),
      guest(`mail-${name}`, 'web', 1024),
      guest(`night-${name}`, 'batch', 1024),
      guest(`dev-${name}`, 'idle', 512),
    ],
    startHour: hour,
    dice: dice.fork(name),
    ...more,
  });
}

/** Two hosts short of memory, and one whose memory both use. */
export function trio(prefix: string, dice: Dice, hour: number, more: Partial<ClusterOptions> = {}): RamsterCluster {
  const [first, second, donor] = [`${prefix}1`, `${prefix}2`, `${prefix}3`] as const;
  return createRamsterHosts({
    clusterName: prefix.replace(/-$/, ''),
    hosts: [
      {
        name: first,
        memoryMiB: 2048,
        swapMiB: 4096,
        programs: [
          { name: 'db', workload: 'database', memoryMiB: 2600 },
          { name: 'web', workload: 'web', memoryMiB: 900 },
        ],
        target: donor,
        persistent: true,
        ephemeral: true,
      },
      {
        name: second,
        memoryMiB: 2048,
        swapMiB: 4096,
        programs: [{ name: 'db', workload: 'database', memoryMiB: 3000 }],
        target: donor,
        persistent: true,
      },
      { name: donor, memoryMiB: 8192, swapMiB: 4096, programs: [{ name: 'cron', workload: 'idle', memoryMiB: 1000 }] },
    ],
    dice: dice.fork(prefix),
    startedAt: dayAt(hour),
    ...more,
  });
}

/** The files of Domain-0: a Linux of its time with little to do, and what it says of the hypervisor below it. */
import type { LabFile } from './file-tree.ts';
import type { HostModel } from './host-model.ts';
import { meminfo, swaps, vmstat } from './meminfo.ts';
import type { Memory, Traffic } from './meminfo.ts';
import { pagesPerMiB } from './options.ts';
import { kernelOf, procVersion } from './userland.ts';

const swapMiB = 4096;

/** It works a little more during the day, and what it reads stays cached. */
function memoryOf(model: HostModel): Memory {
  const { memAvailable, zoned } = kernelOf(model.options.version);
  const total = Math.floor(model.dom0.tot * 0.955);
  const hour = ((model.options.startHour ?? 8) + model.elapsed / 3600) % 24;
  const busy = 0.5 + 0.5 * Math.cos(((hour - 14) / 12) * Math.PI);
  const anon = Math.floor(total * (0.18 + 0.05 * busy));
  const cached = Math.floor(total * (0.3 + 0.1 * busy));
  const buffers = Math.floor(total * 0.04);
  const slab = Math.floor(total * 0.06);
  const free = total - anon - cached - buffers - slab - Math.floor(total * 0.02);
  const swapTotal = swapMiB * pagesPerMiB - 1;
  const committed = anon * 2;
  return { total, free, buffers, cached, anon, slab, committed, swapTotal, swapUsed: 0, memAvailable, zoned };
}

const trafficOf = (model: HostModel): Traffic => ({
  pgpgin: model.uptime() * 12,
  pgpgout: model.uptime() * 40,
  pswpin: 0,
  pswpout: 0,
  pgfault: model.uptime() * 900,
  pgmajfault: model.uptime() / 40,
  scanned: 0,
  stolen: 0,
});

const balloonAt = '/sys/devices/system/xen_memory/xen_memory0';

export function dom0Files(model: HostModel): ReadonlyMap<string, LabFile> {
  const { options, tmem, dom0 } = model;
  const kernel = kernelOf(options.version);
  const line = (text: () => string | number): LabFile => ({ read: () => `${String(text())}\n` });
  const wholeKb = dom0.max * 4;
  const target = (value: string): string | undefined => {
    const pages = Math.floor(Number(value) / 4);
    if (!/^\d+\n?$/.test(value) || pages < dom0.max / 4) return 'EINVAL';
    dom0.tot += model.claim(Math.min(pages, dom0.max) - dom0.tot);
    return undefined;
  };
  return new Map<string, LabFile>([
    ['/proc/meminfo', { read: () => meminfo(memoryOf(model)) }],
    ['/proc/vmstat', { read: () => vmstat(memoryOf(model), trafficOf(model)) }],
    ['/proc/swaps', { read: () => swaps('/dev/sda3', memoryOf(model).swapTotal, 0) }],
    ['/proc/uptime', line(() => `${model.uptime().toFixed(2)} ${(model.uptime() * 3.6).toFixed(2)}`)],
    ['/proc/version', { read: () => procVersion(kernel) }],
    ['/proc/cmdline', line(() => 'ro root=/dev/mapper/vg0-root console=hvc0')],
    ['/proc/sys/vm/swappiness', line(() => 60)],
    ['/proc/sys/vm/overcommit_memory', line(() => 0)],
    ['/proc/sys/vm/overcommit_ratio', line(() => 50)],
    ['/proc/sys/kernel/random/boot_id', line(() => model.bootId)],
    ['/proc/xen/capabilities', line(() => 'control_d')],
    [kernel.releaseFile[0], { read: () => kernel.releaseFile[1] }],
    ['/sys/hypervisor/type', line(() => 'xen')],
    ['/sys/hypervisor/version/major', line(() => 4)],
    ['/sys/hypervisor/version/minor', line(() => tmem.traits.minor)],
    ['/sys/hypervisor/version/extra', line(() => tmem.traits.extra)],
    ['/sys/hypervisor/uuid', line(() => '00000000-0000-0000-0000-000000000000')],
    [`${balloonAt}/target_kb`, { ...line(() => dom0.tot * 4), write: target }],
    [`${balloonAt}/target`, line(() => dom0.tot * 4096)],
    [`${balloonAt}/info/current_kb`, line(() => dom0.tot * 4)],
    [`${balloonAt}/info/low_kb`, line(() => wholeKb - dom0.tot * 4)],
    [`${balloonAt}/info/high_kb`, line(() => 0)],
  ]);
}

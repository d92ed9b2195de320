/**
 * The files inside a guest with Linux 3.10 and the Xen tmem driver: memory, frontswap and cleancache counters, the
 * balloon and its knobs. Writing a knob changes the model as the driver's own checks allow.
 */
import { traitsOf } from '../tmem/xen-version.ts';
import type { LabFile, Write } from './file-tree.ts';
import type { BalloonKnobs, Guest } from './guest.ts';
import type { HostModel } from './host-model.ts';
import { meminfo, swaps, vmstat } from './meminfo.ts';
import type { Memory } from './meminfo.ts';

export const guestKernel = '3.10.35-xentmem';
const build = '#7 SMP Wed Apr 2 18:45:52 UTC 2014';

function memoryOf(guest: Guest): Memory {
  const buffers = Math.min(guest.cache, 64);
  const cached = guest.cache - buffers;
  const free = guest.totalram - guest.slab - guest.anon - guest.cache;
  return {
    total: guest.totalram,
    free: Math.max(0, free),
    buffers,
    cached,
    anon: guest.anon,
    slab: guest.slab,
    committed: guest.committed,
    swapTotal: guest.swap,
    swapUsed: guest.disk + guest.front,
    memAvailable: false,
    zoned: true,
  };
}

/** A whole number, 0 where the driver takes it. */
function knob(knobs: BalloonKnobs, name: keyof BalloonKnobs): Write {
  const isSwitch = name === 'selfballooning' || name === 'frontswap_selfshrinking';
  return (value) => {
    if (!/^\d{1,10}\n?$/.test(value)) return 'EINVAL';
    const wanted = Number(value);
    if (isSwitch ? wanted > 1 : wanted === 0) return 'EINVAL';
    knobs[name] = wanted;
    return undefined;
  };
}

const balloonAt = '/sys/devices/system/xen_memory/xen_memory0';

export function guestFiles(model: HostModel, guest: Guest): ReadonlyMap<string, LabFile> {
  const { options, knobs } = guest;
  const { minor, extra } = traitsOf(model.options.version);
  const line = (text: () => string | number): LabFile => ({ read: () => `${String(text())}\n` });
  const flag = (on: boolean): LabFile => line(() => (on ? 'Y' : 'N'));
  const targetKb: Write = (value) => {
    if (!/^\d{1,15}\n?$/.test(value)) return 'EINVAL';
    guest.wanted = Math.floor(Number(value) / 4);
    return undefined;
  };
  const driver = options.frontswap || options.cleancache;
  const words = driver
    ? ` tmem tmem.cleancache=${options.cleancache ? '1' : '0'} tmem.frontswap=${options.frontswap ? '1' : '0'} tmem.selfballooning=${options.selfballooning ? '1' : '0'}`
    : '';
  const counters = (name: 'frontswap' | 'cleancache'): [string, LabFile][] =>
    Object.keys(guest[name]).map((key) => [
      `/sys/kernel/debug/${name}/${key}`,
      line(() => (guest[name] as Record<string, number>)[key] ?? 0),
    ]);
  return new Map<string, LabFile>([
    ['/proc/meminfo', { read: () => meminfo(memoryOf(guest)) }],
    ['/proc/vmstat', { read: () => vmstat(memoryOf(guest), guest.vm) }],
    ['/proc/swaps', { read: () => swaps('/dev/xvdb', guest.swap, guest.disk + guest.front) }],
    ['/proc/uptime', line(() => `${model.uptime().toFixed(2)} ${(model.uptime() - guest.seconds).toFixed(2)}`)],
    ['/proc/version', { read: () => `Linux version ${guestKernel} (root@builder) (gcc version 4.8.2) ${build}\n` }],
    ['/proc/cmdline', line(() => `console=hvc0 root=/dev/xvda1 ro${words}`)],
    ['/proc/sys/vm/swappiness', line(() => 60)],
    ['/proc/xen/capabilities', { read: () => '' }],
    ['/etc/redhat-release', { read: () => 'Oracle Linux Server release 6.5\n' }],
    ['/sys/hypervisor/type', line(() => 'xen')],
    ['/sys/hypervisor/version/major', line(() => 4)],
    ['/sys/hypervisor/version/minor', line(() => minor)],
    ['/sys/hypervisor/version/extra', line(() => extra)],
    ['/sys/hypervisor/uuid', line(() => guest.uuid)],
    ...counters('frontswap'),
    ...counters('cleancache'),
    [`${balloonAt}/target_kb`, { ...line(() => guest.wanted * 4), write: targetKb }],
    [`${balloonAt}/target`, line(() => guest.wanted * 4096)],
    [`${balloonAt}/info/current_kb`, line(() => guest.current * 4)],
    [`${balloonAt}/info/low_kb`, line(() => (guest.promised - guest.current) * 4)],
    [`${balloonAt}/info/high_kb`, line(() => 0)],
    [`${balloonAt}/max_retry_count`, line(() => 0)],
    [`${balloonAt}/max_schedule_delay`, line(() => 20)],
    [`${balloonAt}/retry_count`, line(() => 1)],
    [`${balloonAt}/schedule_delay`, line(() => 1)],
    ...(driver
      ? [
          ...(Object.keys(knobs) as (keyof BalloonKnobs)[]).map((name): [string, LabFile] => [
            `${balloonAt}/selfballoon/${name}`,
            { ...line(() => knobs[name]), write: knob(knobs, name) },
          ]),
          ['/sys/module/tmem/parameters/cleancache', flag(options.cleancache)] as [string, LabFile],
          ['/sys/module/tmem/parameters/frontswap', flag(options.frontswap)] as [string, LabFile],
          ['/sys/module/tmem/parameters/selfballooning', flag(options.selfballooning)] as [string, LabFile],
          ['/sys/module/tmem/parameters/selfshrinking', flag(options.selfballooning && options.frontswap)] as [
            string,
            LabFile,
          ],
        ]
      : []),
  ]);
}

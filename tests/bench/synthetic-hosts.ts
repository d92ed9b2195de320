/** Synthetic hosts and guests for the pages' benchmark: invented figures of a plausible size, different each tick. */
import type { GuestReading, Said } from '#shared/model/guest.ts';
import type { HostView, SignalValues } from '#shared/model/host.ts';
import { bytes, epochMs } from '#shared/units.ts';

const GiB = 1024 ** 3;

export function hostView(index: number, guests: number, signals: SignalValues): HostView {
  const name = `synthetic-${index + 1}`;
  const at = epochMs(Date.now());
  return {
    config: {
      id: name,
      name,
      address: '127.0.0.1',
      port: 22,
      user: 'nobody',
      login: { method: 'agent' },
      group: `rack ${index % 5}`,
      tags: [],
      jumps: [],
      agent: 'pushed',
      sudo: 'never',
      guestGroups: [],
      connect: true,
    },
    state: { kind: 'live', since: at, missing: [] },
    platforms: [{ id: 'mainline', title: 'Linux', presence: 'full', because: [] }],
    summary: { at, signals, guests, pressure: Array.from({ length: 60 }, () => Math.random() * 3) },
  };
}

/** @param tick moves every figure a little */
export function guestsOf(host: number, count: number, tick: number): Omit<GuestReading, 'values'>[] {
  const at = epochMs(Date.now());
  const said = (share: number, source: string): Said => ({ bytes: bytes(Math.round(share * GiB)), source, at });
  return Array.from({ length: count }, (_, index): Omit<GuestReading, 'values'> => {
    const promised = 2 ** (1 + (index % 5));
    const moved = 0.5 + 0.3 * Math.sin(tick / 7 + index) + Math.random() / 20;
    const scope = `machine.slice/machine-qemu\\x2d${index}\\x2dsynthetic${host}.scope`;
    return {
      key: `libvirt:${String(host).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`,
      name: `guest-${host + 1}-${String(index + 1).padStart(3, '0')}`,
      kind: 'libvirt',
      cgroup: scope,
      promised: said(promised, 'virsh domstats balloon.maximum'),
      allowed: said(promised * 0.9, 'virsh domstats balloon.current'),
      ...(index % 7 === 0 ? {} : { uses: said(promised * moved * 0.8, 'virsh domstats balloon.usable') }),
      pays: {
        resident: said(promised * moved, `/sys/fs/cgroup/${scope}/memory.current`),
        compressed: said(promised * 0.02 * moved, `/sys/fs/cgroup/${scope}/memory.zswap.current`),
        onDisk: said(promised * 0.01, `/sys/fs/cgroup/${scope}/memory.swap.current`),
      },
      unknown: index % 7 === 0 ? ['The balloon of this guest gives no statistics.'] : [],
    };
  });
}

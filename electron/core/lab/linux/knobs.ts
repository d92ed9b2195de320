/**
 * What on a real host is a command that changes something, done by the model: modules and balloons. Of zram and of
 * other swap devices the model knows nothing, so those knobs are not installed here.
 */
import { libvirtBalloonKnob, libvirtPeriodKnob } from '#core/platforms/mainline/knobs/balloon.ts';
import { moduleKnob } from '#core/platforms/mainline/knobs/module.ts';
import type { LabKnob } from '../machine.ts';
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { virsh } from './virsh.ts';

export function kvmKnobs(host: KvmState): ReadonlyMap<string, LabKnob> {
  const running = (uuid: string): Guest | undefined =>
    host.guests.find((guest) => guest.running && guest.uuid === uuid.toLowerCase());
  return new Map<string, LabKnob>([
    [moduleKnob.name, modules(host)],
    [
      libvirtBalloonKnob.name,
      {
        read: (uuid) => {
          const guest = running(uuid);
          return guest && String(guest.balloon * 4);
        },
        write: (uuid, kib) => {
          const { text, status } = virsh(host, ['setmem', uuid, kib, '--live']);
          return status === 0 ? undefined : text.trimEnd();
        },
      },
    ],
    [
      libvirtPeriodKnob.name,
      {
        read: (uuid) => {
          const guest = running(uuid);
          return guest && String(guest.statisticsPeriod);
        },
        write: (uuid, seconds) => {
          const guest = running(uuid);
          if (guest === undefined) return `error: failed to get domain '${uuid}'`;
          guest.statisticsPeriod = Number(seconds);
          return undefined;
        },
      },
    ],
  ]);
}

function modules(host: KvmState): LabKnob {
  const { facts, zswap } = host;
  const known = [...facts.compressors, ...facts.zpools];
  return {
    read: (name) => {
      if (!known.includes(name)) return undefined;
      return !facts.modules.includes(name) || host.modules.has(name) ? 'present' : 'absent';
    },
    write: (name, value) => {
      if (!known.includes(name)) return `modprobe: FATAL: Module ${name} not found in directory`;
      if (value === 'present') host.modules.add(name);
      else if ([zswap.compressor, zswap.zpool].includes(name)) return `modprobe: FATAL: Module ${name} is in use.`;
      else host.modules.delete(name);
      return undefined;
    },
  };
}

/** What `kernelModules` prints there. */
export function moduleList({ facts, modules: loaded }: KvmState): string {
  const known = [...facts.compressors, ...facts.zpools];
  return known
    .map((name) => `${facts.modules.includes(name) && !loaded.has(name) ? 'loadable' : 'loaded'} ${name}\n`)
    .join('');
}

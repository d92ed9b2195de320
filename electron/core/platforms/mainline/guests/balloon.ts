/** The other two truths: what the guest was promised and is allowed, and what it says it uses itself. */
import { kibibytes, minusFloor } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { Said } from '#shared/model/guest.ts';
import type { Values } from '../values.ts';
import { parseLimit } from '../../kernel/single.ts';
import { bytes } from '#shared/units.ts';
import type { Joined } from './join.ts';
import type { Domain } from './libvirt.ts';

export interface Told {
  readonly promised?: Said;
  readonly allowed?: Said;
  readonly uses?: Said;
  readonly unknown: readonly string[];
}

const sizeOf = ({ stats }: Domain, name: string): Bytes | undefined => {
  const row = stats.get(`balloon.${name}`);
  return row === undefined || row.value < 0 ? undefined : kibibytes(row.value);
};

export function toldOf(out: Values, guest: Joined): Told {
  if (guest.kind === 'container') return toldByContainer(out, guest);
  if (guest.domain?.told) return toldByLibvirt(guest.domain, guest.domain.told);
  if (guest.proxmox) return toldByProxmox(guest);
  const memory = guest.process?.memory;
  const promised = memory && {
    bytes: memory.bytes,
    source: `-m (/proc/${String(guest.process?.pid)}/cmdline)`,
    at: memory.at,
  };
  return { ...(promised ? { promised } : {}), unknown: [whyUntold(guest)] };
}

function whyUntold({ kind, domain, process }: Joined): string {
  if (domain) return 'libvirt has not told the balloon’s figures of this guest yet.';
  if (kind === 'libvirt') {
    return 'What the balloon allows and what the guest uses is unknown: libvirt was not asked (virsh is missing, or this login may not use it).';
  }
  if (kind === 'proxmox')
    return 'What was promised to this guest is unknown: /etc/pve could not be read (it needs root or the group www-data).';
  if (process?.balloon === false)
    return 'This guest has no balloon device: it may use all it was promised, and nobody outside knows what it uses.';
  return 'What the balloon allows is known to QEMU’s monitor only, which the console does not open.';
}

function toldByLibvirt(domain: Domain, told: NonNullable<Domain['told']>): Told {
  const source = (formula: string): string => `${formula} (virsh domstats)`;
  const say = (size: Bytes | undefined, formula: string): Said | undefined =>
    size === undefined ? undefined : { bytes: size, source: source(formula), at: told.at };
  const promised = say(sizeOf(domain, 'maximum'), 'balloon.maximum');
  const allowed = say(sizeOf(domain, 'current'), 'balloon.current');
  const old = agedStatistics(domain);
  const uses = old === undefined ? usedInside(domain, told.at) : undefined;
  const unknown: string[] = [];
  if (!uses) {
    const why =
      old === undefined
        ? 'This guest sends no balloon statistics'
        : `The balloon statistics of this guest are those of ${momentOf(old)}`;
    unknown.push(
      `${why}, so what it uses inside is unknown. “virsh dommemstat DOMAIN --period 10 --live” turns them on where the guest has a balloon driver.`,
    );
  }
  return { ...(promised ? { promised } : {}), ...(allowed ? { allowed } : {}), ...(uses ? { uses } : {}), unknown };
}

/** Longer than any sensible period. With statistics off libvirt goes on telling what the guest said when it booted. */
const longestSilence = 600;

/** When the guest spoke last, in seconds, if that is too long ago to be of use. */
function agedStatistics({ stats, toldAt }: Domain): number | undefined {
  const updated = stats.get('balloon.last-update')?.value;
  if (toldAt === undefined || updated === undefined || updated === 0) return undefined;
  return toldAt - updated > longestSilence ? updated : undefined;
}

/** Nothing while last-update is 0: libvirt then has no statistics of the guest at all. */
function usedInside(domain: Domain, at: Said['at']): Said | undefined {
  const available = sizeOf(domain, 'available');
  const usable = sizeOf(domain, 'usable');
  const unused = sizeOf(domain, 'unused');
  const updated = domain.stats.get('balloon.last-update')?.value;
  const spare = usable ?? unused;
  if (available === undefined || available === 0 || spare === undefined || updated === 0) return undefined;
  const formula = usable === undefined ? 'available − unused, its cache included' : 'available − usable';
  const moment = updated === undefined ? '' : `, the guest’s statistics of ${momentOf(updated)}`;
  return { bytes: minusFloor(available, spare), source: `balloon.${formula} (virsh domstats${moment})`, at };
}

function momentOf(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime())
    ? 'an impossible time'
    : moment.toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
}

function toldByProxmox({ proxmox }: Joined): Told {
  const memory = proxmox?.memory;
  const used = proxmox?.balloon ? proxmox.used : undefined;
  const source = 'mem (/etc/pve/.rrd): by the guest’s balloon statistics, or by its process where it sends none';
  const unknown = ['What the balloon allows now is known to QEMU’s monitor only, which the console does not open.'];
  if (!proxmox?.balloon)
    unknown.splice(
      0,
      1,
      'This guest has no balloon device (balloon: 0): it may use all it was promised, and nobody outside knows what it uses.',
    );
  else if (!used)
    unknown.push('What this guest uses inside is unknown: Proxmox has written no figure for it to /etc/pve/.rrd.');
  return {
    ...(memory ? { promised: memory } : {}),
    ...(used ? { uses: { bytes: used.bytes, source, at: used.at } } : {}),
    unknown,
  };
}

/** A container has no balloon: its limit is the promise, and what it uses is what the host pays. */
function toldByContainer(out: Values, { group, proxmox }: Joined): Told {
  const file = group && out.file(`${group.directory}/memory.max`);
  const limit = file && parseLimit(file, []);
  if (file && typeof limit === 'number') {
    return { promised: { bytes: bytes(limit), source: file.path, at: file.at }, unknown: [] };
  }
  return { ...(proxmox?.memory ? { promised: proxmox.memory } : {}), unknown: [] };
}

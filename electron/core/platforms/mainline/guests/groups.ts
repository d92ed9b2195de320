/** Which control groups are guests, told by where they lie and what they are called. Pure naming, no figures. */
import type { Evidence } from '../../platform.ts';
import type { GuestKind } from '#shared/model/guest.ts';
import { decodeUnitName } from '../../kernel/cgroup-name.ts';
import { guestRoots } from '../files.ts';

export interface Group {
  /** The directory, whole. */
  readonly directory: string;
  /** Below the root of its hierarchy, beginning with `/`. */
  readonly path: string;
  readonly version: 1 | 2;
  readonly kind: GuestKind;
  readonly name: string;
  /** Number of the libvirt domain, new at each start of the guest. */
  readonly domainId?: string;
  /** Number of a Proxmox guest; for `lxc/101` only a guess until its configuration is seen. */
  readonly vmid?: string;
}

const leaf = /\/(?:memory\.[a-z_.]+|cgroup\.procs)$/;

export function findGroups(evidence: Evidence): readonly Group[] {
  const directories = new Set<string>();
  for (const path of evidence.files.keys()) {
    if (!path.startsWith(guestRoots[0])) continue;
    const found = leaf.exec(path);
    if (found) directories.add(path.slice(0, found.index));
  }
  return [...directories].flatMap((directory) => groupAt(directory) ?? []);
}

function groupAt(directory: string): Group | undefined {
  const version = directory.startsWith(guestRoots[1]) ? 1 : 2;
  const root = version === 1 ? guestRoots[1] : guestRoots[0];
  const path = `/${directory.slice(root.length)}`;
  const named = nameOf(path);
  return named && { directory, path, version, ...named };
}

type Named = Pick<Group, 'kind' | 'name' | 'domainId' | 'vmid'>;

function nameOf(path: string): Named | undefined {
  const parts = path.split('/');
  const [place, unit] = [parts[1], parts[2]];
  if (place?.startsWith('lxc.payload.') && parts.length === 2) {
    return { kind: 'container', name: place.slice('lxc.payload.'.length) };
  }
  if (place === undefined || unit === undefined || unit === '' || parts.length !== 3) return undefined;
  if (place === 'machine.slice' || place === 'machine') return machineName(unit);
  if (place === 'lxc')
    return /^\d+$/.test(unit) ? { kind: 'container', name: unit, vmid: unit } : { kind: 'container', name: unit };
  if (place === 'qemu.slice') {
    const vmid = /^(\d{1,9})\.scope$/.exec(unit)?.[1];
    return vmid === undefined ? undefined : { kind: 'proxmox', name: vmid, vmid };
  }
  const docker = place === 'system.slice' ? /^docker-([0-9a-f]{12,64})\.scope$/.exec(unit)?.[1] : undefined;
  return docker === undefined ? undefined : { kind: 'container', name: docker.slice(0, 12) };
}

/** `machine-qemu\x2d1\x2dguest1.scope`, `qemu-1-guest1.libvirt-qemu`, `libpod-ab12….scope`. */
function machineName(unit: string): Named | undefined {
  const decoded = decodeUnitName(unit.replace(/\.(?:scope|libvirt-qemu|libvirt-lxc)$/, ''));
  if (decoded === unit) return undefined;
  const machine = /^(?:machine-)?(qemu|lxc)-(\d{1,9})-([^]+)$/.exec(decoded);
  if (machine?.[2] !== undefined && machine[3] !== undefined) {
    return machine[1] === 'qemu'
      ? { kind: 'libvirt', name: machine[3], domainId: machine[2] }
      : { kind: 'container', name: machine[3] };
  }
  // Podman's monitor of a container is no guest.
  if (decoded.startsWith('libpod-conmon-')) return undefined;
  const pod = /^libpod-([0-9a-f]{12,64})$/.exec(decoded)?.[1];
  return { kind: 'container', name: pod?.slice(0, 12) ?? decoded.replace(/^machine-/, '') };
}

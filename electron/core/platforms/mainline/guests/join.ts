/**
 * One guest, many witnesses: its control group, libvirt, its QEMU process, Proxmox. Here they become one.
 * A process belongs to the group it runs in; a domain to the group with its number, or to what has its UUID, or,
 * where one side has no UUID, its name; a Proxmox configuration to the group with its number.
 */
import type { GuestKind } from '#shared/model/guest.ts';
import type { Group } from './groups.ts';
import type { Domain } from './libvirt.ts';
import type { ProxmoxGuest } from './proxmox.ts';
import type { Qemu } from './qemu.ts';
import { showableName } from '../../kernel/cgroup-name.ts';

export interface Joined {
  readonly key: string;
  readonly name: string;
  readonly kind: GuestKind;
  readonly uuid?: string;
  readonly group?: Group;
  readonly domain?: Domain;
  readonly process?: Qemu;
  readonly proxmox?: ProxmoxGuest;
}

interface Draft {
  group?: Group;
  domain?: Domain;
  process?: Qemu;
  proxmox?: ProxmoxGuest;
}

export function join(
  groups: readonly Group[],
  processes: readonly Qemu[],
  domains: readonly Domain[],
  proxmox: ReadonlyMap<string, ProxmoxGuest>,
): readonly Joined[] {
  const drafts: Draft[] = groups.map((group) => ({ group }));
  const byPath = new Map(drafts.map((draft) => [draft.group?.path ?? '', draft]));
  for (const process of processes) {
    const home = groupOf(process, byPath);
    if (home && !home.process) home.process = process;
    else if (!home) drafts.push({ process });
  }
  joinDomains(drafts, domains);
  for (const draft of drafts) {
    const vmid = draft.group?.vmid ?? draft.process?.vmid;
    const guest = vmid === undefined ? undefined : proxmox.get(vmid);
    if (guest && (draft.group === undefined || guest.container === (draft.group.kind === 'container')))
      draft.proxmox = guest;
  }
  return unique(drafts.map(finish));
}

/** The group itself or one above it: QEMU runs in `…scope/libvirt/emulator`. */
function groupOf({ cgroup }: Qemu, byPath: ReadonlyMap<string, Draft>): Draft | undefined {
  for (let path = cgroup ?? ''; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const found = byPath.get(path);
    if (found) return found;
  }
  return undefined;
}

function joinDomains(drafts: Draft[], domains: readonly Domain[]): void {
  const free = drafts.filter(({ group }) => group === undefined || group.kind === 'libvirt');
  const index = (keyOf: (draft: Draft) => string | undefined): ReadonlyMap<string, Draft> =>
    new Map(free.flatMap((draft) => (keyOf(draft) === undefined ? [] : [[keyOf(draft) ?? '', draft] as const])));
  const byId = index(({ group }) => group?.domainId);
  const byUuid = index(({ process }) => process?.uuid);
  const byName = index(({ process, group }) => process?.name ?? group?.name);
  for (const domain of domains) {
    if (!domain.running) continue;
    const named = byName.get(domain.name);
    const home =
      (domain.id === undefined ? undefined : byId.get(domain.id)) ??
      (domain.uuid === undefined ? undefined : byUuid.get(domain.uuid)) ??
      (named && (domain.uuid === undefined || named.process?.uuid === undefined) ? named : undefined);
    if (home && !home.domain) home.domain = domain;
    else drafts.push({ domain });
  }
}

function finish({ group, domain, process, proxmox }: Draft): Joined {
  const uuid = domain?.uuid ?? process?.uuid ?? proxmox?.uuid;
  const kind: GuestKind = group?.kind ?? (domain ? 'libvirt' : proxmox ? 'proxmox' : 'qemu');
  const said = proxmox?.name ?? domain?.name ?? process?.name ?? group?.name ?? '';
  const vmid = proxmox?.vmid ?? (kind === 'proxmox' ? group?.vmid : undefined);
  const key =
    vmid !== undefined
      ? `proxmox:${vmid}`
      : kind === 'libvirt' && uuid !== undefined
        ? `libvirt:${uuid}`
        : group
          ? `cgroup:${group.path}`
          : domain
            ? `libvirt:${domain.name}`
            : `qemu:${String(process?.pid ?? 0)}`;
  return {
    key,
    name: showableName(said) || '(no name)',
    kind,
    ...(uuid === undefined ? {} : { uuid }),
    ...(group ? { group } : {}),
    ...(domain ? { domain } : {}),
    ...(process ? { process } : {}),
    ...(proxmox ? { proxmox } : {}),
  };
}

/** Two guests may claim one UUID (a copied configuration); each still gets a key of its own. */
function unique(guests: readonly Joined[]): readonly Joined[] {
  const seen = new Map<string, number>();
  return guests.map((guest) => {
    const times = (seen.get(guest.key) ?? 0) + 1;
    seen.set(guest.key, times);
    return times === 1 ? guest : { ...guest, key: `${guest.key}#${String(times)}` };
  });
}

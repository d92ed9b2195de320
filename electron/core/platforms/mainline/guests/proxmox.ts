/** Proxmox guests: their configuration on this node, and what its daemon last wrote to /etc/pve/.rrd. */
import { bytes } from '#shared/units.ts';
import type { Bytes, EpochMs } from '#shared/units.ts';
import type { Evidence } from '../../platform.ts';
import { parseInteger } from '../../kernel/integer.ts';
import { proxmoxConfig, proxmoxStatus } from '../commands.ts';

export interface ProxmoxGuest {
  readonly vmid: string;
  readonly container: boolean;
  readonly name?: string;
  readonly uuid?: string;
  /** Maximum memory, by the configuration or else by .rrd. */
  readonly memory?: { readonly bytes: Bytes; readonly source: string; readonly at: EpochMs };
  /** False when the configuration says `balloon: 0`. */
  readonly balloon: boolean;
  /** As `balloon:` says, in MiB; undefined when the configuration does not say. */
  readonly least?: string;
  /** `mem` of .rrd: the guest's own figure where its balloon tells it, else an estimate from the process. */
  readonly used?: { readonly bytes: Bytes; readonly at: EpochMs };
}

type Draft = { -readonly [Key in keyof ProxmoxGuest]: ProxmoxGuest[Key] };

/** Only guests configured on this node; .rrd also lists those of the other nodes. */
export function readProxmox(evidence: Evidence): ReadonlyMap<string, ProxmoxGuest> {
  const guests = new Map<string, Draft>();
  readConfiguration(evidence, guests);
  const status = evidence.commands.get(proxmoxStatus);
  for (const line of status?.text.split('\n') ?? []) {
    // key/VMID:uptime:name:status:template:ctime:cpus:cpu:maxmem:mem:… ; U is unknown.
    const columns = line.split(':');
    const vmid = /^pve(?:2\.3-vm|-vm-[0-9.]+)\/(\d{1,9})$/.exec(columns[0] ?? '')?.[1];
    const guest = vmid === undefined ? undefined : guests.get(vmid);
    if (!guest || !status) continue;
    const [most, used] = [columns[8], columns[9]].map((column) => parseInteger(column ?? ''));
    if (guest.memory === undefined && most !== undefined && most > 0) {
      guest.memory = { bytes: bytes(most), source: 'maxmem (/etc/pve/.rrd)', at: status.at };
    }
    if (used !== undefined && used > 0) guest.used = { bytes: bytes(used), at: status.at };
  }
  return guests;
}

const setting = /^(\/etc\/pve\/(qemu-server|lxc)\/(\d{1,9})\.conf):([a-z0-9]+):\s*(.*)$/;
const snapshot = /^(\/etc\/pve\/(?:qemu-server|lxc)\/\d{1,9}\.conf):\[/;

function readConfiguration(evidence: Evidence, guests: Map<string, Draft>): void {
  const told = evidence.commands.get(proxmoxConfig);
  if (!told) return;
  const inSnapshots = new Set<string>();
  for (const line of told.text.split('\n')) {
    const opened = snapshot.exec(line)?.[1];
    if (opened !== undefined) inSnapshots.add(opened);
    const found = setting.exec(line);
    const [, path, folder, vmid, key, value] = found ?? [];
    if (path === undefined || vmid === undefined || value === undefined || inSnapshots.has(path)) continue;
    const guest = guests.get(vmid) ?? { vmid, container: folder === 'lxc', balloon: true };
    guests.set(vmid, guest);
    if (key === 'name' || key === 'hostname') guest.name = value.trim();
    else if (key === 'balloon') {
      guest.least = value.trim();
      guest.balloon = guest.least !== '0';
    } else if (key === 'memory') {
      const mebibytes = /^(?:current=)?(\d{1,9})\b/.exec(value)?.[1];
      if (mebibytes !== undefined) {
        guest.memory = { bytes: bytes(Number(mebibytes) * 2 ** 20), source: `memory (${path})`, at: told.at };
      }
    } else if (key === 'smbios1') {
      const uuid = /(?:^|,)uuid=([0-9a-fA-F-]{36})(?:,|$)/.exec(value)?.[1];
      if (uuid !== undefined) guest.uuid = uuid.toLowerCase();
    }
  }
}

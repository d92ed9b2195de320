/**
 * The live hosts as planners see them: what was read of each, and which of its guests are hosts of the console too. A
 * guest is recognised by its UUID, which it reads itself in its firmware tables or from the hypervisor.
 */
import type { HostId } from '#shared/model/host.ts';
import type { Evidence } from '#core/platforms/platform.ts';
import type { Site, Sites } from '#core/platforms/change.ts';
import type { CollectPort, HostsPort } from '#core/ports.ts';

const ownUuidFiles = ['/sys/class/dmi/id/product_uuid', '/sys/hypervisor/uuid'];
const shape = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4}-[0-9a-f]{12})$/;
/** Domain-0's own, and what boards without a number say. */
const nobody = new Set(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']);

/** As it is written, and with the first three fields byte by byte the other way round, as SMBIOS before 2.6 has them. */
function spellings(uuid: string): string[] {
  const plain = uuid.trim().toLowerCase();
  const [, time, middle, version, rest] = shape.exec(plain) ?? [];
  if (time === undefined || middle === undefined || version === undefined || nobody.has(plain)) return [];
  return [plain, `${swapped(time)}-${swapped(middle)}-${swapped(version)}-${rest}`];
}

const swapped = (hex: string): string => (hex.match(/../g) ?? []).reverse().join('');

const uuidsOf = ({ files }: Evidence): string[] =>
  ownUuidFiles.flatMap((path) => spellings(files.get(path)?.text ?? ''));

export function sitesOf(hosts: HostsPort, collect: CollectPort): Sites {
  const live = hosts.configs().flatMap(({ id, name }) => {
    const evidence = hosts.state(id).kind === 'live' ? collect.evidence(id) : undefined;
    return evidence === undefined ? [] : [{ host: id, name, evidence }];
  });
  const hostByUuid = new Map<string, HostId>();
  for (const { host, evidence } of live) for (const uuid of uuidsOf(evidence)) hostByUuid.set(uuid, host);
  return new Map(
    live.map((site): [HostId, Site] => {
      const inside = new Map<string, HostId>();
      for (const { key, uuid } of collect.guests(site.host)) {
        const host = uuid === undefined ? undefined : hostByUuid.get(uuid.toLowerCase());
        if (host !== undefined && host !== site.host) inside.set(key, host);
      }
      return [site.host, { ...site, inside }];
    }),
  );
}

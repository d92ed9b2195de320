/** Which guests a person wants to see. Pure: ten thousand rows are gone through for every change. */
import type { GuestKind } from '#shared/model/guest.ts';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostId } from '#shared/model/host.ts';
import { paidRam } from '../../parts/guest-bar.ts';

export interface GuestFilter {
  /** Words that name, host or UUID must hold, all of them. */
  readonly text: string;
  /** Hosts of a group or with a tag; undefined for all. */
  readonly hosts?: ReadonlySet<HostId>;
  readonly kind?: GuestKind;
  /** Bytes of the host's RAM. */
  readonly paysOver?: number;
  /** Waits for memory or reads pages back from swap. */
  readonly hurts: boolean;
  /** Has a truth that nobody tells. */
  readonly unknown: boolean;
}

export function filterGuests(rows: readonly GuestRow[], filter: GuestFilter): readonly GuestRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (filter.hosts === undefined || filter.hosts.has(row.host)) &&
      (filter.kind === undefined || row.kind === filter.kind) &&
      (filter.paysOver === undefined || (paidRam(row.pays) ?? 0) > filter.paysOver) &&
      (!filter.hurts || isHurt(row)) &&
      (!filter.unknown || hasUnknown(row)) &&
      words.every((word) => holds(row, word)),
  );
}

export const isHurt = (row: GuestRow): boolean => (row.pressure ?? 0) > 0 || (row.swapIn ?? 0) > 0;
export const hasUnknown = (row: GuestRow): boolean =>
  row.unknown.length > 0 || row.uses === undefined || row.allowed === undefined || row.pays.resident === undefined;

const holds = (row: GuestRow, word: string): boolean =>
  row.name.toLowerCase().includes(word) ||
  row.hostName.toLowerCase().includes(word) ||
  (row.uuid?.toLowerCase().includes(word) ?? false);

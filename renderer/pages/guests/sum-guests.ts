/** What a set of guests adds up to. A figure that no guest has is undefined, never 0. Pure. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import { paidRam } from '../../parts/guest-bar.ts';
import { hasUnknown, isHurt } from './filter-guests.ts';

export interface GuestSums {
  readonly guests: number;
  readonly hosts: number;
  readonly pays?: number;
  /** Of those guests whose promise is known. */
  readonly promised?: number;
  readonly withoutPromise: number;
  readonly saved?: number;
  readonly hurt: number;
  /** Guests of which somebody tells whether they wait for memory. */
  readonly harmTold: number;
  readonly unknown: number;
}

export function sumGuests(rows: readonly GuestRow[]): GuestSums {
  const hosts = new Set<string>();
  let pays: number | undefined;
  let promised: number | undefined;
  let saved: number | undefined;
  let withoutPromise = 0;
  let hurt = 0;
  let harmTold = 0;
  let unknown = 0;
  for (const row of rows) {
    hosts.add(row.host);
    pays = plus(pays, paidRam(row.pays));
    promised = plus(promised, row.promised?.bytes);
    saved = plus(saved, row.saved);
    if (row.promised === undefined) withoutPromise += 1;
    if (isHurt(row)) hurt += 1;
    if (row.pressure !== undefined || row.swapIn !== undefined) harmTold += 1;
    if (hasUnknown(row)) unknown += 1;
  }
  return {
    guests: rows.length,
    hosts: hosts.size,
    withoutPromise,
    hurt,
    harmTold,
    unknown,
    ...(pays === undefined ? {} : { pays }),
    ...(promised === undefined ? {} : { promised }),
    ...(saved === undefined ? {} : { saved }),
  };
}

const plus = (sum: number | undefined, part: number | undefined): number | undefined =>
  part === undefined ? sum : (sum ?? 0) + part;

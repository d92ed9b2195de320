/** The short form of an observation that every page shows for every host. */
import { add, bytes } from '#shared/units.ts';
import type { Bytes, EpochMs } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { HostSummary } from '#shared/model/host.ts';
import type { Observation } from './observe.ts';

export function summarise(at: EpochMs, seen: Observation, pressure: readonly (number | null)[]): HostSummary {
  const worst = worstGuest(seen.guests);
  return {
    at,
    signals: seen.signals,
    guests: seen.guests.length,
    pressure,
    ...(worst === undefined ? {} : { worstGuest: worst }),
  };
}

/** The guest that costs the host most, by what is known of its pages in RAM and in swap. */
function worstGuest(guests: readonly GuestReading[]): HostSummary['worstGuest'] | undefined {
  let worst: { key: string; name: string; pays: Bytes } | undefined;
  for (const { key, name, pays } of guests) {
    const known = [pays.resident, pays.compressed, pays.remote, pays.onDisk].filter((said) => said !== undefined);
    if (known.length === 0) continue;
    const sum = add(bytes(0), ...known.map((said) => said.bytes));
    if (worst === undefined || sum > worst.pays) worst = { key, name, pays: sum };
  }
  return worst;
}

/** The short form of an observation that every page shows for every host. */
import { add, bytes } from '#shared/units.ts';
import type { Bytes, EpochMs } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { HostSummary } from '#shared/model/host.ts';
import type { Observation } from './observe.ts';

export function summarise(at: EpochMs, seen: Observation, pressure: readonly (number | null)[]): HostSummary {
  const worst = worstGuest(seen.guests.map(({ reading }) => reading));
  return {
    at,
    signals: seen.signals,
    guests: seen.guests.length,
    pressure,
    ...(worst === undefined ? {} : { worstGuest: worst }),
  };
}

/** The guest that takes most of the host's RAM, resident and compressed. */
function worstGuest(
  guests: readonly Pick<GuestReading, 'key' | 'name' | 'pays'>[],
): HostSummary['worstGuest'] | undefined {
  let worst: { key: string; name: string; pays: Bytes } | undefined;
  for (const { key, name, pays } of guests) {
    if (pays.resident === undefined) continue;
    const sum = add(pays.resident.bytes, pays.compressed?.bytes ?? bytes(0));
    if (worst === undefined || sum > worst.pays) worst = { key, name, pays: sum };
  }
  return worst;
}

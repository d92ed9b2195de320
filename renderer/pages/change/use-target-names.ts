/** What targets are called: a guest by its name, a device by its own, a host by the name it is listed under. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { WishTarget } from '#shared/model/wish.ts';
import { useGuests } from '../../stores/guests.ts';
import { useHosts } from '../../stores/hosts.ts';

export function useTargetNames() {
  const hosts = useHosts();
  const guests = useGuests();

  const row = ({ host, guest }: WishTarget): GuestRow | undefined => {
    // The store's map is not reactive: the rows are what changes.
    void guests.rows;
    return guest === undefined ? undefined : guests.find(host, guest);
  };
  const host = (id: string): string => hosts.byId.get(id)?.config.name ?? id;
  const of = (target: WishTarget | undefined): string => {
    if (target === undefined) return '';
    return target.guest === undefined ? host(target.host) : (row(target)?.name ?? target.guest);
  };
  /** With its host, where that is not said beside it. */
  const full = (target: WishTarget): string =>
    target.guest === undefined ? host(target.host) : `${of(target)} on ${host(target.host)}`;

  const both = (target: WishTarget) => ({ own: of(target), full: full(target) });

  return { row, host, of, full, both };
}

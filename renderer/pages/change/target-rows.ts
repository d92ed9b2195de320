/** The lists a wizard's targets are chosen from, and the words for what is chosen. Pure. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostView } from '#shared/model/host.ts';
import type { WishTarget } from '#shared/model/wish.ts';
import { absent } from '#shared/format/absent.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { paidRam } from '../../parts/guest-bar.ts';
import { watchOnly } from '../../parts/role.ts';
import type { TableColumn } from '../../parts/table-column.ts';
import { guestRowId } from '../../stores/guests.ts';

export interface TargetRow {
  /** The same as targetId of its target. */
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  /** Undefined for a host that is not in the list any more. */
  readonly view: HostView | undefined;
  readonly guest?: GuestRow;
}

export const hostRow = (view: HostView): TargetRow => ({
  id: view.config.id,
  name: view.config.name,
  hostName: view.config.name,
  view,
});

export const guestTarget = (guest: GuestRow, view: HostView | undefined): TargetRow => ({
  id: guestRowId(guest.host, guest.key),
  name: guest.name,
  hostName: guest.hostName,
  view,
  guest,
});

const roleColumn: TableColumn<TargetRow> = {
  id: 'role',
  title: 'Console may',
  width: 7,
  about: 'Whether the host lets this console change it.',
  text: ({ view }) => (view !== undefined && watchOnly(view) === undefined ? 'change' : 'watch only'),
  sortBy: ({ view }) => (view !== undefined && watchOnly(view) === undefined ? 0 : 1),
};
const stateColumn: TableColumn<TargetRow> = { id: 'state', title: 'Connection', width: 8 };

export const hostColumns: readonly TableColumn<TargetRow>[] = [
  { id: 'name', title: 'Host', width: 14, sortBy: ({ name }) => name, text: ({ name }) => name },
  roleColumn,
  {
    id: 'group',
    title: 'Group',
    width: 9,
    sortBy: ({ view }) => view?.config.group,
    text: ({ view }) => view?.config.group ?? '',
  },
  {
    id: 'ram',
    title: 'RAM',
    width: 6,
    figure: true,
    sortBy: ({ view }) => view?.summary?.signals['memory.total'],
    text: ({ view }) => formatBytes(view?.summary?.signals['memory.total']),
  },
  {
    id: 'guests',
    title: 'Guests',
    width: 5,
    figure: true,
    sortBy: ({ view }) => view?.summary?.guests,
    text: ({ view }) => (view?.summary === undefined ? absent : count(view.summary.guests)),
  },
  stateColumn,
];

export const guestTargetColumns: readonly TableColumn<TargetRow>[] = [
  { id: 'name', title: 'Guest', width: 11, sortBy: ({ name }) => name, text: ({ name }) => name },
  { id: 'host', title: 'Host', width: 8, sortBy: ({ hostName }) => hostName, text: ({ hostName }) => hostName },
  { id: 'bar', title: 'Memory', width: 11 },
  {
    id: 'pays',
    title: 'Host pays',
    width: 6,
    figure: true,
    sortBy: ({ guest }) => guest && paidRam(guest.pays),
    text: ({ guest }) => formatBytes(guest && paidRam(guest.pays)),
  },
  {
    id: 'promised',
    title: 'Promised',
    width: 6,
    figure: true,
    sortBy: ({ guest }) => guest?.promised?.bytes,
    text: ({ guest }) => formatBytes(guest?.promised?.bytes),
  },
  roleColumn,
  stateColumn,
];

export function findTargets(rows: readonly TargetRow[], text: string): readonly TargetRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ name, hostName, view, guest }) => {
    const said = [name, hostName, view?.config.group ?? '', ...(view?.config.tags ?? []), guest?.uuid ?? '']
      .join('\n')
      .toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

/** `12 guests`, `1 host`; a device counts as a setting's place. */
export function targetsWords(targets: readonly WishTarget[]): string {
  const guests = targets.filter(({ guest }) => guest !== undefined).length;
  const [size, one, more] = guests > 0 ? [guests, 'guest', 'guests'] : [targets.length, 'host', 'hosts'];
  return `${count(size)}\u00a0${size === 1 ? one : more}`;
}

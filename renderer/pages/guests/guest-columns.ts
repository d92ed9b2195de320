/** The columns of the guests table, and what each shows of a row. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';
import { paidRam } from '../../parts/guest-bar.ts';
import type { TableColumn } from '../../parts/table-column.ts';
import { kindWords } from './guest-kinds.ts';

const bytesColumn = (
  id: string,
  title: string,
  about: string,
  width: number,
  of: (row: GuestRow) => number | undefined,
): TableColumn<GuestRow> => ({
  id,
  title,
  about,
  width,
  figure: true,
  sortBy: of,
  text: (row) => formatBytes(of(row)),
});

// Savings stand beside what they cost, so that both are on the screen together.
export const guestColumns: readonly TableColumn<GuestRow>[] = [
  { id: 'name', title: 'Guest', width: 12.5, sortBy: (row) => row.name, text: (row) => row.name },
  { id: 'host', title: 'Host', width: 8, sortBy: (row) => row.hostName, text: (row) => row.hostName },
  {
    id: 'kind',
    title: 'Kind',
    width: 7,
    hidden: true,
    sortBy: (row) => kindWords[row.kind],
    text: (row) => kindWords[row.kind],
  },
  {
    id: 'age',
    title: 'Heard',
    width: 7.25,
    about: 'When the host last told of this guest, or why it does not.',
    sortBy: (row) => row.at,
    first: 'down',
  },
  {
    id: 'bar',
    title: 'Memory',
    width: 12,
    about:
      'Outline: promised. Notch: what the balloon allows. Filled: what the host pays. Blue line: what the guest says it uses. Hatched: nobody says.',
  },
  bytesColumn('pays', 'Host pays', 'RAM of the host: resident plus compressed.', 5.75, (row) => paidRam(row.pays)),
  bytesColumn('allowed', 'Allowed', 'What the balloon allows now.', 5, (row) => row.allowed?.bytes),
  bytesColumn('uses', 'Guest uses', 'What the guest itself says it uses.', 5.75, (row) => row.uses?.bytes),
  bytesColumn('promised', 'Promised', 'The most it may ever have.', 5.5, (row) => row.promised?.bytes),
  bytesColumn(
    'saved',
    'Saved',
    'RAM that compression and the balloon keep free for this guest. Negative when keeping costs more.',
    5,
    (row) => row.saved,
  ),
  {
    id: 'pressure',
    title: 'Pressure',
    width: 5.25,
    figure: true,
    about: 'Share of the last 10 s in which some of its tasks waited for memory.',
    sortBy: (row) => row.pressure,
  },
  {
    id: 'swap-in',
    title: 'Swap-in',
    width: 5.25,
    figure: true,
    about: 'Pages per second that came back from swap of any kind.',
    sortBy: (row) => row.swapIn,
  },
  bytesColumn(
    'compressed',
    'Compressed',
    'RAM the host pays for its compressed pages.',
    6.25,
    (row) => row.pays.compressed?.bytes,
  ),
  bytesColumn('disk', 'On disk', 'Pages on a swap device and nowhere else.', 5, (row) => row.pays.onDisk?.bytes),
];

/** Harm, in words: shown in amber when there is any. */
export const harmText = {
  pressure: (row: GuestRow): string => formatPercent(row.pressure),
  swapIn: (row: GuestRow): string => formatRate(row.swapIn),
} as const;

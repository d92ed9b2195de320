/** What an administrator would say aloud about one guest. Pure. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import { formatBytes, formatBytesOf } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';
import { paidRam } from '../../parts/guest-bar.ts';

export function guestVerdict(row: GuestRow): string {
  const paid = paidRam(row.pays);
  const promised = row.promised?.bytes;
  const cost =
    paid === undefined
      ? 'What the host pays for this guest is not known'
      : promised === undefined
        ? `The host pays ${formatBytes(paid)}, and nobody says what the guest was promised`
        : `The host pays ${formatBytesOf(paid, promised)} promised`;
  const use =
    row.uses === undefined
      ? 'what the guest itself uses is not known'
      : `the guest itself uses ${formatBytes(row.uses.bytes)}`;
  return `${[cost, use, harm(row), ...savings(row)].join('; ')}.`;
}

function savings({ saved }: GuestRow): string[] {
  if (saved === undefined || saved === 0) return [];
  return saved > 0
    ? [`${formatBytes(saved)} saved`]
    : [`keeping its pages costs ${formatBytes(-saved)} more than it saves`];
}

function harm({ pressure, swapIn }: GuestRow): string {
  if (pressure !== undefined && pressure > 0)
    return `some of it waited for memory ${formatPercent(pressure)} of the last 10\u00a0s`;
  if (swapIn !== undefined && swapIn > 0) return `${formatRate(swapIn)} pages come back from swap`;
  return pressure === undefined && swapIn === undefined
    ? 'whether it waits for memory is not known'
    : 'it does not wait for memory';
}

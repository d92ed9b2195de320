/** What an administrator would say aloud about one guest. Pure. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import { formatBytes, formatBytesOf } from '../../format/bytes.ts';
import { formatPercent } from '../../format/percent.ts';
import { formatRate } from '../../format/rate.ts';
import { paidRam } from '../../parts/guest-bar.ts';

export function guestVerdict(row: GuestRow): string {
  const paid = paidRam(row.pays);
  const promised = row.promised?.bytes;
  const parts = [
    paid === undefined
      ? 'What the host pays for it is not known'
      : promised === undefined
        ? `The host pays ${formatBytes(paid)} for it, and nothing limits it`
        : `The host pays ${formatBytesOf(paid, promised)} promised`,
    row.uses === undefined ? 'what it uses itself is not known' : `it uses ${formatBytes(row.uses.bytes)} itself`,
    harm(row),
  ];
  if (row.saved !== undefined && row.saved !== 0)
    parts.push(
      row.saved > 0
        ? `${formatBytes(row.saved)} saved`
        : `keeping its pages costs ${formatBytes(-row.saved)} more than it saves`,
    );
  return `${parts.join('; ')}.`;
}

function harm({ pressure, swapIn }: GuestRow): string {
  const waits = pressure !== undefined && pressure > 0;
  const reads = swapIn !== undefined && swapIn > 0;
  if (waits) return `it waited for memory ${formatPercent(pressure)} of the last 10 s`;
  if (reads) return `${formatRate(swapIn).replace('/s', ' pages/s')} come back from swap`;
  return pressure === undefined && swapIn === undefined
    ? 'whether it waits for memory is not known'
    : 'it does not wait for memory';
}

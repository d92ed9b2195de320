/** How the figure of a signal is said. */
import type { SignalId } from '#shared/model/metric.ts';
import { absent } from '#shared/format/absent.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';

export function formatSignal(signal: SignalId, value: number | undefined | null): string {
  if (signal.startsWith('harm.psi')) return formatPercent(value);
  return signal.startsWith('harm.') ? formatRate(value) : formatBytes(value);
}

/** How far it moved, with its sign: `+1.40 GiB`, `−3.0 %`; `0` stays without. */
export function formatMove(signal: SignalId, before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return absent;
  const words = formatSignal(signal, after - before);
  return after > before ? `+${words}` : words;
}

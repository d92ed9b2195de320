/** Signals in words: what each is called and how its figure is said. */
import type { SignalId } from '#shared/model/metric.ts';
import { absent } from './absent.ts';
import { formatBytes } from './bytes.ts';
import { formatPercent } from './percent.ts';
import { formatRate } from './rate.ts';

export const signalTitles: { readonly [signal in SignalId]: string } = {
  'memory.total': 'Memory',
  'memory.available': 'Memory available',
  'swap.total': 'Swap',
  'swap.used': 'Swap used',
  'saved.compressed': 'Saved by compressing',
  'saved.merged': 'Saved by merging',
  'saved.remote': 'Kept in other machines',
  'saved.ballooned': 'Taken back by balloons',
  'capacity.ephemeral': 'Cache gained',
  'harm.psi-some': 'Some tasks wait for memory',
  'harm.psi-full': 'All tasks wait for memory',
  'harm.swap-in': 'Pages back from swap',
  'harm.swap-out': 'Pages out to swap',
  'harm.refaults': 'Refaults',
  'harm.rejects': 'Rejects',
  'harm.oom-kills': 'OOM kills',
};

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

/**
 * The lines of "savings over harm": saved memory stacked above zero, what it cost mirrored below, capacity that may
 * vanish as a dashed outline that is never part of the stack. A signal nobody tells has no line, not a zero.
 */
import type { SignalId } from '#shared/model/metric.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';
import type { ChartLine, ChartPane, TimeLine } from './chart-lines.ts';

export interface SignalLine extends TimeLine {
  readonly source?: string;
}
export type SignalLines = { readonly [signal in SignalId]?: SignalLine };

type Look = Omit<ChartLine, 'key' | 'at' | 'values' | 'source'>;

const looks: { readonly [signal in SignalId]?: Look } = {
  'saved.compressed': {
    title: 'Compressed',
    color: '--compressed',
    pane: 'saved',
    stacked: true,
    pattern: 'plain',
    format: formatBytes,
  },
  'saved.merged': {
    title: 'Merged',
    color: '--merged',
    pane: 'saved',
    stacked: true,
    pattern: 'diagonal',
    format: formatBytes,
  },
  'saved.remote': {
    title: 'Remote',
    color: '--remote',
    pane: 'saved',
    stacked: true,
    pattern: 'dots',
    format: formatBytes,
  },
  'saved.ballooned': {
    title: 'Ballooned',
    color: '--ballooned',
    pane: 'saved',
    stacked: true,
    pattern: 'grid',
    format: formatBytes,
  },
  'capacity.ephemeral': {
    title: 'Cache gained',
    color: '--ephemeral',
    pane: 'saved',
    dashed: true,
    format: formatBytes,
  },
  'harm.psi-full': {
    title: 'All tasks wait',
    color: '--harm-full',
    pane: 'stall',
    filled: true,
    pattern: 'plain',
    format: formatPercent,
  },
  'harm.psi-some': {
    title: 'Some tasks wait',
    color: '--harm-some',
    pane: 'stall',
    filled: true,
    pattern: 'plain',
    format: formatPercent,
  },
  'harm.swap-in': { title: 'Back from swap', color: '--harm-swap', pane: 'flow', format: formatRate },
  'harm.rejects': { title: 'Rejects', color: '--harm-rejects', pane: 'flow', dashed: true, format: formatRate },
};

export function savingsLines(signals: SignalLines): readonly ChartLine[] {
  return Object.entries(looks).flatMap(([signal, look]) => {
    const line = signals[signal as SignalId];
    return line === undefined ? [] : [{ key: signal, ...look, ...line }];
  });
}

export const savingsPanes: readonly ChartPane[] = [
  { id: 'saved', weight: 3, steps: 'binary', format: formatBytes, atLeast: 64 * 1024 ** 2 },
  { id: 'stall', weight: 2, mirrored: true, steps: 'percent', format: formatPercent, atLeast: 5 },
  { id: 'flow', weight: 2, side: 'right', mirrored: true, steps: 'decimal', format: formatRate, atLeast: 10 },
];

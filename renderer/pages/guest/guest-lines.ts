/**
 * The lines that a guest's charts show, from the catalogue: which of its metrics are kept over time, and how each is
 * drawn. Pure; the page reads the series.
 */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import type { ChartLine, TimeLine } from '../../parts/chart-lines.ts';
import { measuredCharts, type MeasuredChart } from '../../parts/measure-charts.ts';
import type { SignalLines } from '../../parts/savings-lines.ts';

export type ReadLine = (metric: string) => TimeLine;
type Look = Pick<ChartLine, 'title' | 'color' | 'stacked' | 'pattern' | 'dashed'>;

/** Every platform charts the truths about its guests under these ids. */
const truthLooks: Readonly<Record<string, Look>> = {
  'guest.resident': { title: 'Resident', color: '--resident', stacked: true, pattern: 'plain' },
  'guest.compressed': { title: 'Compressed', color: '--compressed', stacked: true, pattern: 'diagonal' },
  'guest.remote': { title: 'In another machine’s RAM', color: '--remote', stacked: true, pattern: 'dots' },
  'guest.on-disk': { title: 'On disk', color: '--on-disk', stacked: true, pattern: 'horizontal' },
  'guest.uses': { title: 'Guest uses', color: '--accent' },
  'guest.allowed': { title: 'Balloon allows', color: '--ballooned', dashed: true },
  'guest.promised': { title: 'Promised', color: '--muted', dashed: true },
};

const hasValues = (line: TimeLine): boolean => line.values.some((value) => value !== null);

export function truthChart(read: ReadLine): readonly ChartLine[] {
  return Object.entries(truthLooks).flatMap(([key, look]) => {
    const line = read(key);
    return hasValues(line) ? [{ key, ...look, ...line, format: formatBytes }] : [];
  });
}

/** The guest's own savings and harm, for the chart that every page opens with. */
export function guestSignals(entries: readonly CatalogueEntry[], read: ReadLine): SignalLines {
  const found: Record<string, TimeLine> = {};
  for (const { id, signal, instance } of entries) {
    if (signal === undefined || instance !== 'guest') continue;
    const line = read(id);
    if (hasValues(line)) found[signal] = line;
  }
  return found;
}

/** Picked metrics, one chart for each way of measuring. */
export const pickedCharts = (entries: readonly CatalogueEntry[], read: ReadLine): readonly MeasuredChart[] =>
  measuredCharts(entries.map((entry) => ({ key: entry.id, title: entry.title, metric: entry, line: read(entry.id) })));

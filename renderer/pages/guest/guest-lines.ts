/**
 * The lines that a guest's charts show, from the catalogue: which of its metrics are kept over time, and how each is
 * drawn. Pure; the page reads the series.
 */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import { formatBytes } from '../../format/bytes.ts';
import { formatMetric } from '../../format/metric.ts';
import { formatPercent } from '../../format/percent.ts';
import { formatRate } from '../../format/rate.ts';
import type { ChartLine, ChartPane, TimeLine } from '../../parts/chart-lines.ts';
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

export interface PickedChart {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly pane: ChartPane;
}

const pickColors = ['--accent', '--compressed', '--merged', '--remote', '--on-disk', '--ballooned', '--harm-rejects'];

/** Picked metrics, one chart for each way of measuring: bytes with bytes, rates with rates. */
export function pickedCharts(entries: readonly CatalogueEntry[], read: ReadLine): readonly PickedChart[] {
  const groups = new Map<string, CatalogueEntry[]>();
  for (const entry of entries) {
    const measure = `${entry.unit} ${entry.kind}`;
    groups.set(measure, [...(groups.get(measure) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) => {
    const first = group[0];
    if (first === undefined) return [];
    const lines = group.map((entry, index): ChartLine => {
      const dashed = index >= pickColors.length;
      return {
        key: entry.id,
        title: entry.title,
        color: pickColors[index % pickColors.length] ?? '--accent',
        ...(dashed ? { dashed } : {}),
        ...read(entry.id),
        format: (value) => formatMetric(value, entry),
      };
    });
    return [{ title: measureWords(first), lines, pane: paneFor(first) }];
  });
}

function measureWords({ unit, kind }: CatalogueEntry): string {
  if (kind === 'counter')
    return unit === 'microseconds' ? 'Share of time' : `${unitWords[unit] ?? 'Events'} per second`;
  return unitWords[unit] ?? 'Count';
}

const unitWords: { readonly [unit in CatalogueEntry['unit']]?: string } = {
  bytes: 'Memory',
  pages: 'Pages',
  count: 'Count',
  percent: 'Percent',
};

function paneFor(entry: CatalogueEntry): ChartPane {
  const bytes = entry.unit === 'bytes' && entry.kind !== 'counter';
  const percent = entry.unit === 'percent' || (entry.unit === 'microseconds' && entry.kind === 'counter');
  return {
    id: 'all',
    weight: 1,
    steps: entry.unit === 'bytes' ? 'binary' : percent ? 'percent' : 'decimal',
    format: bytes
      ? formatBytes
      : percent
        ? formatPercent
        : entry.kind === 'counter'
          ? rateOf(entry)
          : formatMetricOf(entry),
  };
}

const rateOf =
  (entry: CatalogueEntry) =>
  (value: number): string =>
    entry.unit === 'bytes' ? formatMetric(value, entry) : formatRate(value);
const formatMetricOf =
  (entry: CatalogueEntry) =>
  (value: number): string =>
    formatMetric(value, entry);

/**
 * Lines of any metrics as charts, one for each way of measuring: bytes with bytes, rates with rates. The guest page and
 * the history draw what was picked this way. Pure.
 */
import type { MetricDef } from '#shared/model/metric.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatMetric } from '../format/metric.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';
import type { ChartLine, ChartPane, TimeLine } from './chart-lines.ts';

export type Measure = Pick<MetricDef, 'unit' | 'kind'>;

export interface MeasuredLine {
  readonly key: string;
  readonly title: string;
  readonly metric: Measure;
  readonly line: TimeLine;
  readonly source?: string;
  /** The same series at an earlier time: drawn dashed beside this one, in the same colour. */
  readonly earlier?: { readonly title: string; readonly line: TimeLine };
}

export interface MeasuredChart {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly pane: ChartPane;
}

const inks = ['--accent', '--compressed', '--merged', '--remote', '--on-disk', '--ballooned', '--harm-rejects'];
/** More lines than inks cannot be told apart: they get a chart of their own. */
const mostLines = inks.length;

export function measuredCharts(measured: readonly MeasuredLine[]): readonly MeasuredChart[] {
  const groups = new Map<string, MeasuredLine[]>();
  const counts = new Map<string, number>();
  for (const one of measured) {
    const measure = `${one.metric.unit} ${one.metric.kind === 'counter' ? 'rate' : 'level'}`;
    const before = counts.get(measure) ?? 0;
    counts.set(measure, before + 1);
    const id = `${measure} ${Math.floor(before / mostLines) + 1}`;
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return [...groups].flatMap(([id, group]) => {
    const metric = group[0]?.metric;
    if (metric === undefined) return [];
    const part = id.slice(id.lastIndexOf(' ') + 1);
    const title = measureWords(metric) + (part === '1' ? '' : ` (${part})`);
    return [{ id, title, lines: group.flatMap(linesOf), pane: paneFor(metric) }];
  });
}

function linesOf({ key, title, metric, line, source, earlier }: MeasuredLine, index: number): ChartLine[] {
  const look = {
    color: inks[index] ?? '--accent',
    format: (value: number | null | undefined) => formatMetric(value, metric),
    ...(source === undefined ? {} : { source }),
  };
  return [
    { key, title, ...look, ...line },
    ...(earlier === undefined
      ? []
      : // Without a band: two of one colour could not be told apart.
        [{ key: `${key} earlier`, title: earlier.title, ...look, dashed: true, ...valuesOnly(earlier.line) }]),
  ];
}

const valuesOnly = ({ at, values }: TimeLine): TimeLine => ({ at, values });

const unitWords: { readonly [unit in MetricDef['unit']]?: string } = {
  bytes: 'Memory',
  pages: 'Pages',
  count: 'Count',
  percent: 'Percent',
  microseconds: 'Time',
  milliseconds: 'Time',
  seconds: 'Time',
  flag: 'On or off',
};

function measureWords({ unit, kind }: Measure): string {
  if (kind !== 'counter') return unitWords[unit] ?? 'Count';
  if (unit === 'microseconds') return 'Share of time';
  return unit === 'count' ? 'Events per second' : `${unitWords[unit] ?? 'Events'} per second`;
}

function paneFor(metric: Measure): ChartPane {
  const rate = metric.kind === 'counter';
  const percent = metric.unit === 'percent' || (metric.unit === 'microseconds' && rate);
  return {
    id: 'all',
    weight: 1,
    steps: metric.unit === 'bytes' ? 'binary' : percent ? 'percent' : 'decimal',
    format: axisFormat(metric, percent),
    // Less than a percent has no words for steps of an axis, and does not deserve a whole chart.
    ...(percent ? { atLeast: 1 } : {}),
  };
}

function axisFormat(metric: Measure, percent: boolean): (value: number) => string {
  if (percent) return formatPercent;
  if (metric.unit === 'bytes' && metric.kind !== 'counter') return formatBytes;
  if (metric.kind === 'counter' && metric.unit !== 'bytes') return formatRate;
  return (value) => formatMetric(value, metric);
}

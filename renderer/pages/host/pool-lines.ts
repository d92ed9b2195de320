/** The charts of one group of metrics: lines that share a unit share a chart. Pure. */
import type { MetricUnit } from '#shared/model/metric.ts';
import { formatMetric } from '../../format/metric.ts';
import type { ChartLine, ChartPane, TimeLine } from '../../parts/chart-lines.ts';
import type { MetricGroup } from './metric-groups.ts';

export interface PoolChart {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly panes: readonly ChartPane[];
}

const inks = ['--compressed', '--merged', '--remote', '--ephemeral', '--ballooned', '--on-disk'];
/** More lines than inks cannot be told apart: they get a chart of their own. */
const mostLines = inks.length;

export function poolCharts(
  group: MetricGroup,
  lineOf: (metric: string, instance: string) => TimeLine,
): readonly PoolChart[] {
  const charts = new Map<string, { title: string; unit: MetricUnit; rate: boolean; lines: ChartLine[] }>();
  const counts = new Map<string, number>();
  for (const { entry, value } of group.rows) {
    if (!entry.charted) continue;
    const line = lineOf(entry.id, value.instance);
    // What stood at zero all the time is said by the table.
    if (!line.values.some((figure) => figure !== null && figure !== 0)) continue;
    const rate = entry.kind === 'counter';
    const sort = `${entry.unit} ${rate}`;
    const before = counts.get(sort) ?? 0;
    counts.set(sort, before + 1);
    const key = `${sort} ${Math.floor(before / mostLines)}`;
    const chart = charts.get(key) ?? { title: titleOf(entry.unit, rate), unit: entry.unit, rate, lines: [] };
    charts.set(key, chart);
    chart.lines.push({
      key: `${entry.id} ${value.instance}`,
      title: value.instance === '' ? entry.title : `${entry.title} ${value.instance}`,
      color: inks[chart.lines.length] ?? '--resident',
      at: line.at,
      values: line.values,
      source: value.source,
      format: (figure) => formatMetric(figure, entry),
    });
  }
  return [...charts].map(([id, { title, unit, rate, lines }]) => ({
    id,
    title,
    lines,
    panes: [
      {
        id: `${unit} ${rate}`,
        weight: 1,
        steps: unit === 'bytes' ? 'binary' : unit === 'percent' ? 'percent' : 'decimal',
        format: (figure) => formatMetric(figure, { unit, kind: rate ? 'counter' : 'level' }),
      },
    ],
  }));
}

function titleOf(unit: MetricUnit, rate: boolean): string {
  const words: { readonly [unit in MetricUnit]?: string } = {
    bytes: 'Memory',
    pages: 'Pages',
    percent: 'Percent',
    microseconds: 'Time',
    milliseconds: 'Time',
    seconds: 'Time',
  };
  if (rate && unit === 'microseconds') return 'Share of time';
  return rate ? `${words[unit] ?? 'Events'} per second` : (words[unit] ?? 'Counts');
}

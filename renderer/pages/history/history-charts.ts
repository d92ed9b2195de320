/** From chosen series and the core's answers to charts: together, or each host and guest beside the others. Pure. */
import type { HistoryKey } from '#shared/model/history.ts';
import { formatDuration } from '../../format/duration.ts';
import { meansWords } from '../../parts/chart-resolution.ts';
import { measuredCharts, type MeasuredChart, type MeasuredLine } from '../../parts/measure-charts.ts';
import { metricInfo, withInstance, type Catalogue } from './history-metrics.ts';
import { entityId, isFleet, seriesId, type HistoryView } from './history-query.ts';
import type { EarlierLines } from './use-history-series.ts';
import type { HistoryAnswer, HistoryLine } from './read-history.ts';

export interface ChartInput {
  readonly view: Pick<HistoryView, 'series' | 'apart'>;
  readonly answer: HistoryAnswer;
  readonly earlier: EarlierLines | undefined;
  readonly catalogue: Catalogue;
  readonly nameOf: (key: HistoryKey) => string;
}

export interface HistoryChart extends MeasuredChart {
  readonly resolution: string | undefined;
}

/** One column of charts: everything, or one host or guest. Rows of all columns stand beside each other. */
export interface ChartColumn {
  readonly id: string;
  /** Empty where there is one column. */
  readonly name: string;
  /** Per row: undefined where this one is not measured so. */
  readonly charts: readonly (HistoryChart | undefined)[];
}

export const entitiesOf = (series: readonly HistoryKey[]): readonly HistoryKey[] => [
  ...new Map(series.map((key) => [entityId(key), key])).values(),
];

export function chartColumns(input: ChartInput): readonly ChartColumn[] {
  const { series, apart } = input.view;
  const entities = entitiesOf(series);
  if (!apart || entities.length < 2)
    return [{ id: 'all', name: '', charts: chartsOf(series, entities.length > 1, input) }];
  const each = entities.map((entity) => ({
    id: entityId(entity),
    name: input.nameOf(entity),
    charts: chartsOf(
      series.filter((key) => entityId(key) === entityId(entity)),
      false,
      input,
    ),
  }));
  const rows = [...new Set(each.flatMap(({ charts }) => charts.map(({ id }) => id)))];
  const tops = new Map(
    rows.map((id) => [id, topOf(each.flatMap(({ charts }) => charts.filter((one) => one.id === id)))]),
  );
  return each.map(({ charts, ...column }) => ({
    ...column,
    charts: rows.map((id) =>
      sameScale(
        charts.find((one) => one.id === id),
        tops.get(id) ?? 0,
      ),
    ),
  }));
}

function chartsOf(series: readonly HistoryKey[], named: boolean, input: ChartInput): readonly HistoryChart[] {
  const { answer, earlier, catalogue, nameOf } = input;
  const lines = series.map((key): MeasuredLine => {
    const id = seriesId(key);
    const info = metricInfo(key.metric, catalogue);
    const line = answer.lines.get(id);
    const before = earlier?.lines.get(id);
    const title = withInstance(info.title, key.instance) + (named ? `, ${nameOf(key)}` : '');
    return {
      key: id,
      title,
      metric: info.measure,
      line: line ?? { at: [], values: [] },
      source: sourceOf(key, nameOf(key)),
      ...(earlier === undefined || before === undefined
        ? {}
        : { earlier: { title: `${title}, ${earlier.words}`, line: before } }),
    };
  });
  return measuredCharts(lines).map((chart) => ({
    ...chart,
    resolution: resolutionWords(chart.lines.flatMap(({ key }) => answer.lines.get(key) ?? [])),
  }));
}

function sourceOf(key: HistoryKey, name: string): string {
  if (isFleet(key)) return key.metric.startsWith('signal.harm.') ? 'the worst of all hosts' : 'the sum over all hosts';
  return `${key.metric}${key.instance === '' ? '' : ` ${key.instance}`} of ${name}`;
}

/** `a reading every 5 s`, `means of 5 min`: the coarsest of the lines; undefined where there is none. */
export function resolutionWords(lines: readonly HistoryLine[]): string | undefined {
  const coarsest = [...lines].sort((a, b) => b.resolution.stepMs - a.resolution.stepMs)[0];
  if (coarsest === undefined) return undefined;
  const { tier, stepMs } = coarsest.resolution;
  const asRead = tier === 'raw' && coarsest.low === undefined;
  return asRead ? `a reading every ${formatDuration(stepMs)}` : meansWords(stepMs);
}

function topOf(charts: readonly HistoryChart[]): number {
  let top = 0;
  for (const { lines } of charts)
    for (const { values, high } of lines)
      for (const value of high ?? values) if (value !== null && value > top) top = value;
  return top;
}

/** Columns are compared by eye: the same height has to mean the same. */
function sameScale(chart: HistoryChart | undefined, top: number): HistoryChart | undefined {
  return chart === undefined || top === 0
    ? chart
    : { ...chart, pane: { ...chart.pane, atLeast: Math.max(top, chart.pane.atLeast ?? 0) } };
}

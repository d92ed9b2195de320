/** What a metric of the history is called, how it is measured and where it is listed. Signals have no catalogue entry. Pure. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { HistoryColumn } from '#shared/model/history.ts';
import { signals, type MetricId, type SignalId } from '#shared/model/metric.ts';
import { signalTitles } from '#shared/model/titles.ts';
import type { Measure } from '../../parts/measure-charts.ts';
import { signalPrefix } from '../../stores/series.ts';
import { groupName } from '../host/metric-groups.ts';

export interface MetricInfo {
  readonly title: string;
  readonly group: string;
  readonly measure: Measure;
  readonly help: string;
}

export type Catalogue = ReadonlyMap<MetricId, CatalogueEntry>;

const signalGroup = 'Savings, cost and memory';
const isSignal = (name: string): name is SignalId => signals.some((signal) => signal === name);

export function metricInfo(metric: MetricId, catalogue: Catalogue, kind: HistoryColumn['kind'] = 'level'): MetricInfo {
  const signal = metric.startsWith(signalPrefix) ? metric.slice(signalPrefix.length) : '';
  if (isSignal(signal))
    return { title: signalTitles[signal], group: signalGroup, measure: measureOf(signal), help: '' };
  const entry = catalogue.get(metric);
  // From a platform that this console does not know, or not any more.
  if (entry === undefined)
    return { title: metric, group: groupName(metric), measure: { unit: 'count', kind }, help: '' };
  return { title: entry.title, group: groupName(metric), measure: entry, help: entry.help };
}

/** Rates of signals are kept as levels that are per second already. */
function measureOf(signal: SignalId): Measure {
  if (signal.startsWith('harm.psi')) return { unit: 'percent', kind: 'level' };
  if (!signal.startsWith('harm.')) return { unit: 'bytes', kind: 'level' };
  return { unit: /swap|refaults/.test(signal) ? 'pages' : 'count', kind: 'counter' };
}

export interface MetricChoice extends HistoryColumn {
  readonly title: string;
  readonly help: string;
}
export interface MetricChoices {
  readonly group: string;
  readonly choices: readonly MetricChoice[];
}

/** What the fleet as a whole has: the signals, put together over its hosts. */
export const fleetColumns: readonly HistoryColumn[] = signals.map((signal) => ({
  metric: signalPrefix + signal,
  instance: '',
  kind: 'level',
}));

/** Columns by group, signals first, then as the catalogue orders them; every word of the search must be found. */
export function metricChoices(
  columns: readonly HistoryColumn[],
  catalogue: Catalogue,
  search: string,
): readonly MetricChoices[] {
  const wanted = search.trim().toLowerCase().split(/\s+/);
  const order = new Map([...catalogue.keys()].map((id, index) => [id, index]));
  const signalOrder = new Map(signals.map((signal, index) => [signalPrefix + signal, index - signals.length]));
  const rank = ({ metric }: HistoryColumn): number => signalOrder.get(metric) ?? order.get(metric) ?? Infinity;
  const groups = new Map<string, MetricChoice[]>();
  for (const column of [...columns].sort((a, b) => rank(a) - rank(b) || compare(a.instance, b.instance))) {
    const info = metricInfo(column.metric, catalogue, column.kind);
    const title = withInstance(info.title, column.instance);
    const text = `${title} ${column.metric} ${info.group}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const choices = groups.get(info.group) ?? [];
    groups.set(info.group, choices);
    choices.push({ ...column, title, help: info.help });
  }
  return [...groups].map(([group, choices]) => ({ group, choices }));
}

export const withInstance = (title: string, instance: string): string =>
  instance === '' ? title : `${title} ${instance}`;

const compare = new Intl.Collator(undefined, { numeric: true }).compare;

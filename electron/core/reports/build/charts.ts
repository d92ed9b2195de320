/** The charts of reports: savings over harm of hosts or a guest, savings by mechanism, the truths about a guest. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { HistoryEvent, HistoryKey, HistorySeries, Resolution } from '#shared/model/history.ts';
import type { Mechanism } from '#shared/model/ledger.ts';
import { mechanisms } from '#shared/model/ledger.ts';
import type { HostId } from '#shared/model/host.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { ReportChart, ReportChartLine } from '#shared/model/report.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { durationText } from '../format.ts';
import { mechanismLooks } from '../words.ts';
import type { BuildContext } from './context.ts';
import { chartPoints, markersOf } from './context.ts';

type Look = Omit<ReportChartLine, 'at' | 'values'>;
type Line = Pick<ReportChartLine, 'at' | 'values'>;

const signalLooks: { readonly [signal in SignalId]?: Look } = {
  'saved.compressed': { title: 'Compressed', look: 'compressed', pane: 'saved', stacked: true },
  'saved.merged': { title: 'Merged', look: 'merged', pane: 'saved', stacked: true },
  'saved.remote': { title: 'Remote', look: 'remote', pane: 'saved', stacked: true },
  'saved.ballooned': { title: 'Ballooned', look: 'ballooned', pane: 'saved', stacked: true },
  'capacity.ephemeral': { title: 'Cache gained', look: 'ephemeral', pane: 'saved', dashed: true },
  'harm.psi-full': { title: 'All tasks wait', look: 'harm-full', pane: 'stall' },
  'harm.psi-some': { title: 'Some tasks wait', look: 'harm-some', pane: 'stall' },
  'harm.swap-in': { title: 'Back from swap', look: 'harm-swap', pane: 'flow' },
  'harm.rejects': { title: 'Rejects', look: 'harm-rejects', pane: 'flow', dashed: true },
};

const savingsPanes: ReportChart['panes'] = [
  { id: 'saved', title: 'Memory saved', unit: 'bytes' },
  { id: 'stall', title: 'Time spent waiting for memory', unit: 'percent', mirrored: true },
  { id: 'flow', title: 'Pages per second', unit: 'rate', mirrored: true },
];

/** Every platform names the truths about its guests `guest.<word>`, with its own id before it or without. */
const truthLooks: { readonly [word: string]: Look } = {
  resident: { title: 'Resident', look: 'resident', pane: 'truths', stacked: true },
  compressed: { title: 'Compressed', look: 'compressed', pane: 'truths', stacked: true },
  remote: { title: 'In another machine’s RAM', look: 'remote', pane: 'truths', stacked: true },
  'on-disk': { title: 'On disk', look: 'on-disk', pane: 'truths', stacked: true },
  uses: { title: 'Guest uses', look: 'accent', pane: 'truths' },
  allowed: { title: 'Balloon allows', look: 'ballooned', pane: 'truths', dashed: true },
  promised: { title: 'Promised', look: 'muted', pane: 'truths', dashed: true },
};

export const resolutionText = ({ tier, stepMs }: Resolution): string =>
  tier === 'raw' ? `readings every ${durationText(stepMs / 1000)}` : `means of ${durationText(stepMs / 1000)}`;

const told = ({ values }: Line): boolean => values.some((value) => value !== null);

/** Panes without a line are left out; a chart without lines is no chart. */
function chartOf(chart: ReportChart): ReportChart | undefined {
  const panes = chart.panes.filter(({ id }) => chart.lines.some(({ pane }) => pane === id));
  return panes.length === 0 ? undefined : { ...chart, panes };
}

/** Savings over harm, of one host or of all of them together. */
export async function savingsChart(
  { sources, from, to }: BuildContext,
  id: string,
  title: string,
  hosts: readonly HostId[],
  events: readonly HistoryEvent[],
): Promise<ReportChart | undefined> {
  const table = await sources.history.fleet(hosts, from, to, chartPoints);
  const lines = Object.entries(signalLooks).flatMap(([signal, look]) => {
    const values = table.signals[signal];
    const line = { at: table.at, values: values ?? [] };
    return told(line) ? [{ ...look, ...line }] : [];
  });
  const resolution = resolutionText(table);
  return chartOf({ id, title, from, to, resolution, panes: savingsPanes, lines, markers: markersOf(events) });
}

export interface MechanismSlice {
  readonly at: number;
  /** Net bytes, as a ledger of that slice alone says. */
  readonly byMechanism: { readonly [mechanism in Mechanism]?: number };
}

/** What each mechanism saved, slice by slice of the span. */
export function mechanismChart(
  { from, to }: BuildContext,
  slices: readonly MechanismSlice[],
  sliceMs: number,
  events: readonly HistoryEvent[],
): ReportChart | undefined {
  const at = slices.map((slice) => slice.at);
  const lines = mechanisms.flatMap((mechanism): ReportChartLine[] => {
    const values = slices.map(({ byMechanism }) => byMechanism[mechanism] ?? null);
    // What was nothing the whole time is in the table, and no line on the chart.
    if (!values.some((value) => value !== null && value !== 0)) return [];
    return [
      { title: mechanismTitles[mechanism], look: mechanismLooks[mechanism], pane: 'net', stacked: true, at, values },
    ];
  });
  return chartOf({
    id: 'saved-by-mechanism',
    title: 'Saved, by mechanism',
    from,
    to,
    resolution: `means of ${durationText(sliceMs / 1000)}`,
    panes: [{ id: 'net', title: 'Memory saved, net', unit: 'bytes' }],
    lines,
    markers: markersOf(events),
  });
}

export interface GuestCharts {
  readonly truths?: ReportChart | undefined;
  readonly savings?: ReportChart | undefined;
}

/** The truths about a guest over time, and what it saves over what that costs it. `index` makes the ids unique. */
export async function guestCharts(
  { sources, from, to }: BuildContext,
  host: HostId,
  guest: string,
  index: number,
  events: readonly HistoryEvent[],
): Promise<GuestCharts> {
  const { history, catalogue } = sources;
  const wanted = new Map(catalogue.filter(isDrawn).map((entry) => [entry.id, entry]));
  const columns = await history.columns({ host, guest }, from, to);
  const keys = columns
    .filter(({ metric, instance }) => instance === '' && wanted.has(metric))
    .map(({ metric, instance }): HistoryKey => ({ host, guest, metric, instance }));
  if (keys.length === 0) return {};
  const table = await history.series(keys, from, to, chartPoints);
  const draw = (lookOf: (entry: CatalogueEntry) => Look | undefined): ReportChartLine[] =>
    table.series.filter(told).flatMap((series: HistorySeries) => {
      const entry = wanted.get(series.metric);
      const look = entry === undefined ? undefined : lookOf(entry);
      return look === undefined ? [] : [{ ...look, at: series.at, values: series.values }];
    });
  const common = { from, to, resolution: resolutionText(table), markers: markersOf(events) };
  return {
    truths: chartOf({
      ...common,
      id: `truths-${index}`,
      title: 'What the host pays, what the balloon allows, what the guest uses',
      panes: [{ id: 'truths', title: 'Memory', unit: 'bytes' }],
      lines: inOrder(
        draw(({ id }) => truthLooks[truthOf(id) ?? '']),
        Object.values(truthLooks),
      ),
    }),
    savings: chartOf({
      ...common,
      id: `savings-${index}`,
      title: 'Savings over harm',
      panes: savingsPanes,
      lines: inOrder(
        draw(({ signal }) => signal && signalLooks[signal]),
        Object.values(signalLooks),
      ),
    }),
  };
}

/** `resident` of `guest.resident` and of `xen-tmem.guest.resident`. */
export const truthOf = (metric: string): string | undefined => /(?:^|\.)guest\.([a-z-]+)$/.exec(metric)?.[1];

const isDrawn = ({ id, instance, signal }: CatalogueEntry): boolean =>
  instance === 'guest' && (signal !== undefined || truthLooks[truthOf(id) ?? ''] !== undefined);

function inOrder(lines: readonly ReportChartLine[], looks: readonly (Look | undefined)[]): ReportChartLine[] {
  const place = (line: ReportChartLine): number => looks.findIndex((look) => look?.look === line.look);
  return lines.toSorted((a, b) => place(a) - place(b));
}

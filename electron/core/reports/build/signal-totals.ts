/** What the signals of each host came to over a span: means, extremes and how long they are known. */
import type { Coverage, HistoryEvent, SeriesTotals } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { signals } from '#shared/model/metric.ts';
import type { ReportSources } from '../sources.ts';

export interface SignalTotals {
  get(host: HostId, signal: SignalId): SeriesTotals | undefined;
  readonly coverage: readonly Coverage[];
  readonly events: readonly HistoryEvent[];
  readonly damaged: number;
}

const metricOf = (signal: SignalId): string => `signal.${signal}`;

export async function signalTotals(
  { history }: Pick<ReportSources, 'history'>,
  hosts: readonly HostId[],
  from: number,
  to: number,
  wanted: readonly SignalId[] = signals,
): Promise<SignalTotals> {
  const { totals, coverage, events, damaged } = await history.totals({
    hosts,
    guests: false,
    metrics: wanted.map(metricOf),
    from,
    to,
  });
  const byKey = new Map(totals.filter(({ guest }) => guest === '').map((one) => [`${one.host}\n${one.metric}`, one]));
  return { get: (host, signal) => byKey.get(`${host}\n${metricOf(signal)}`), coverage, events, damaged };
}

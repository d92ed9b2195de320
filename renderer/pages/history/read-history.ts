/** Asks the core for series of hosts, guests and the fleet over one span. Called by use-history-series.ts. */
import type { HistoryKey, Resolution } from '#shared/model/history.ts';
import type { Link } from '../../door/link.ts';
import type { TimeLine } from '../../parts/chart-lines.ts';
import type { TimeSpan } from '../../parts/time-view.ts';
import { signalPrefix } from '../../stores/series.ts';
import { isFleet, seriesId } from './history-query.ts';

export interface HistoryLine extends TimeLine {
  readonly resolution: Resolution;
}

export interface HistoryAnswer {
  /** By series id; a series without a figure in the span is not in it. */
  readonly lines: ReadonlyMap<string, HistoryLine>;
  /** Pieces on the disk that could not be read. */
  readonly damaged: number;
}

/** About as many as a chart is wide in pixels: the lowest and highest of each step are in the band. */
const points = 1000;

export async function readHistory(
  link: Pick<Link, 'call'>,
  keys: readonly HistoryKey[],
  span: TimeSpan,
): Promise<HistoryAnswer> {
  const ask = { from: Math.floor(span.from), to: Math.ceil(span.to), points };
  const single = keys.filter((key) => !isFleet(key));
  const together = keys.filter(isFleet);
  const [table, fleet] = await Promise.all([
    single.length === 0 ? undefined : link.call('history.series', { keys: single, ...ask }),
    together.length === 0 ? undefined : link.call('history.fleet', { hosts: [], ...ask }),
  ]);
  const lines = new Map<string, HistoryLine>();
  if (table !== undefined)
    for (const { at, values, low, high, ...key } of table.series)
      lines.set(seriesId(key), {
        at,
        values,
        ...(low === undefined || high === undefined ? {} : { low, high }),
        resolution: { tier: table.tier, stepMs: table.stepMs },
      });
  if (fleet !== undefined)
    for (const key of together) {
      const values = fleet.signals[key.metric.slice(signalPrefix.length)];
      if (values?.some((value) => value !== null))
        lines.set(seriesId(key), { at: fleet.at, values, resolution: { tier: fleet.tier, stepMs: fleet.stepMs } });
    }
  return { lines, damaged: (table?.damaged ?? 0) + (fleet?.damaged ?? 0) };
}

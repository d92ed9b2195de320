/** What the history is told besides figures: that a host rebooted, or that counters began anew. Called by collect.ts. */
import type { HistoryEvent } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { MetricId } from '#shared/model/metric.ts';
import type { EpochMs } from '#shared/units.ts';
import type { Catalogue } from './catalogue.ts';
import type { Observation } from './observe.ts';

/** A sentence names so many counters. */
const mostNamed = 3;

export function eventOf(
  host: { readonly id: HostId; readonly name: string },
  at: EpochMs,
  { rebooted, resets }: Pick<Observation, 'rebooted' | 'resets'>,
  catalogue: Catalogue,
): HistoryEvent | undefined {
  if (rebooted)
    return { at, kind: 'reboot', host: host.id, words: `${host.name} rebooted; all of its counters began anew.` };
  if (resets.length === 0) return undefined;
  const words = `On ${host.name}, ${named(resets, catalogue)} began anew without a reboot.`;
  return { at, kind: 'reset', host: host.id, words };
}

function named(resets: readonly MetricId[], catalogue: Catalogue): string {
  const titles = [...new Set(resets)]
    .slice(0, mostNamed)
    .map((metric) => `“${catalogue.find(metric)?.title ?? metric}”`);
  const more = resets.length - titles.length;
  const all = more > 0 ? [...titles, `${more} more`] : titles;
  const last = all.pop() ?? '';
  return all.length === 0 ? `the counter ${last}` : `the counters ${all.join(', ')} and ${last}`;
}

/** Ways into the history from the pages of hosts and guests: the same figures, over the same span. Pure. */
import type { RouteLocationRaw } from 'vue-router';
import type { EntityKey } from '#shared/model/history.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { signalPrefix } from '../../stores/series.ts';
import { historyRoute } from './history-query.ts';

/** What "savings over harm" draws. */
const signatureSignals: readonly SignalId[] = [
  'saved.compressed',
  'saved.merged',
  'saved.remote',
  'saved.ballooned',
  'capacity.ephemeral',
  'harm.psi-some',
  'harm.psi-full',
  'harm.swap-in',
  'harm.rejects',
];

/** @param known signals it has figures of; all of the chart's where none is known. */
export function hostHistory(host: string, lastSeconds: number, known: readonly string[] = []): RouteLocationRaw {
  const drawn = signatureSignals.filter((signal) => known.includes(signal));
  return guestHistory(
    { host, guest: '' },
    lastSeconds,
    (drawn.length === 0 ? signatureSignals : drawn).map((signal) => signalPrefix + signal),
  );
}

export const guestHistory = (entity: EntityKey, lastSeconds: number, metrics: readonly string[]): RouteLocationRaw =>
  historyRoute({
    series: metrics.map((metric) => ({ ...entity, metric, instance: '' })),
    span: { last: lastSeconds },
  });

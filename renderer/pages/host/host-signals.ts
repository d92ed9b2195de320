/** A host's signals over time, for the signature chart. Pure. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import { signals, type SignalId } from '#shared/model/metric.ts';
import type { CurrentValue } from '#shared/model/reading.ts';
import type { TimeLine } from '../../parts/chart-lines.ts';
import type { SignalLine, SignalLines } from '../../parts/savings-lines.ts';

/**
 * @param lineOf a host signal's line as far as it is known.
 * @param values the last reading: tells where the figures of a signal come from.
 */
export function hostSignals(
  lineOf: (signal: SignalId) => TimeLine,
  catalogue: readonly CatalogueEntry[],
  values: readonly CurrentValue[],
): SignalLines {
  const sources = new Map(values.map((value) => [value.metric, value.source]));
  const result: { [signal in SignalId]?: SignalLine } = {};
  for (const signal of signals) {
    const line = lineOf(signal);
    if (!line.values.some((value) => value !== null)) continue;
    const told = catalogue.filter((entry) => entry.signal === signal && entry.instance !== 'guest');
    const source = told.flatMap((entry) => sources.get(entry.id) ?? []).join(' + ');
    result[signal] = source === '' ? line : { ...line, source };
  }
  return result;
}

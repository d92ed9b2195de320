/**
 * A history in memory for tests of the ledger: spans made of readings of real kernels, or of figures written down.
 * Between two readings a level counts as the mean of both and a counter as what it grew by, as in the real store.
 */
import { platforms } from '#core/platforms/index.ts';
import type { Platform, Reading } from '#core/platforms/platform.ts';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { catalogueOf } from '#core/ledger/known.ts';
import { ledgerOf } from '#core/ledger/ledger.ts';
import type { LedgerQuery, LedgerSources } from '#core/ledger/ledger.ts';
import type { TotalsQuery } from '#core/ports.ts';
import type { Coverage, HistoryEntity, HistoryEvent, HistoryTotals, SeriesTotals } from '#shared/model/history.ts';
import type { HostLedger, Ledger, LedgerEntry, LedgerScope } from '#shared/model/ledger.ts';
import type { MetricValue } from '#shared/model/metric.ts';
import { listRecordings, readRecording } from '../../../support/recordings.ts';

export const catalogue = catalogueOf(platforms);
export const hour = 3_600_000;

/** What every platform reads in a recording of a real kernel. */
export function stateOf(name: string): Reading {
  const recording = listRecordings().find((one) => one.name === name);
  if (recording === undefined) throw new Error(`no recording ${name}`);
  const capture = parseDump(readRecording(recording));
  const readings = platforms.map((platform) => platform.read(capture));
  return {
    values: readings.flatMap(({ values }) => values),
    guests: readings.flatMap(({ guests }) => guests),
    troubles: [],
  };
}

/** A host over a span of one hour: from one state to the other. */
export function between(host: string, before: Reading, after: Reading, spanMs = hour): HistoryTotals {
  const numbers = ({ values, guests }: Reading): ReadonlyMap<string, MetricValue & { readonly guest: string }> =>
    new Map(
      [
        ...values.map((value) => ({ ...value, guest: '' })),
        ...guests.flatMap(({ key, values: own }) => own.map((value) => ({ ...value, instance: '', guest: key }))),
      ].map((value) => [`${value.guest}|${value.metric}|${value.instance}`, value]),
    );
  const first = numbers(before);
  const totals = [...numbers(after)].flatMap(([key, { metric, instance, guest, value: last }]): SeriesTotals[] => {
    const def = catalogue.get(metric);
    const start = first.get(key)?.value;
    if (!def?.charted || typeof last !== 'number' || typeof start !== 'number') return [];
    const base = { host, guest, metric, instance, coveredMs: spanMs };
    if (def.kind === 'counter')
      return last < start ? [] : [{ ...base, kind: 'counter', increase: last - start, peak: (last - start) / 3600 }];
    const [low, high] = [Math.min(start, last), Math.max(start, last)];
    return [{ ...base, kind: 'level', mean: (start + last) / 2, low, high, first: start, last }];
  });
  const names = new Map(after.guests.map(({ key, name }) => [key, name]));
  const coverage = [...new Set(totals.map(({ guest }) => guest))].map((guest): Coverage => ({
    host,
    guest,
    name: names.get(guest) ?? host,
    coveredMs: spanMs,
    gaps: 0,
    longestGapMs: 0,
  }));
  return { totals, coverage, events: [], damaged: 0 };
}

type Told = Readonly<Record<string, number | Partial<SeriesTotals>>>;

/** Figures written down: means of levels, increases of counters, by `metric` or `metric@device`. */
export function told(host: string, figures: Told, guest = '', coveredMs = hour): HistoryTotals {
  const totals = Object.entries(figures).map(([key, figure]): SeriesTotals => {
    const [metric = '', instance = ''] = key.split('@');
    const kind = catalogue.get(metric)?.kind;
    if (kind === undefined || kind === 'setting') throw new Error(`${metric} is not kept over time`);
    const given = typeof figure === 'number' ? {} : figure;
    const amount = typeof figure === 'number' ? figure : 0;
    return kind === 'counter'
      ? { host, guest, metric, instance, kind, coveredMs, increase: amount, ...given }
      : { host, guest, metric, instance, kind, coveredMs, mean: amount, last: amount, ...given };
  });
  const coverage = [{ host, guest, name: guest === '' ? host : guest, coveredMs, gaps: 0, longestGapMs: 0 }];
  return { totals, coverage, events: [], damaged: 0 };
}

export const together = (...parts: readonly HistoryTotals[]): HistoryTotals => ({
  totals: parts.flatMap(({ totals }) => totals),
  coverage: parts.flatMap(({ coverage }) => coverage),
  events: parts.flatMap(({ events }) => events),
  damaged: parts.reduce((sum, { damaged }) => sum + damaged, 0),
});

export const withEvents = (totals: HistoryTotals, ...events: readonly HistoryEvent[]): HistoryTotals => ({
  ...totals,
  events,
});

export interface Asked extends Partial<Omit<LedgerSources, 'history'>> {
  readonly query?: Partial<LedgerQuery>;
  /** Filled with what the history was asked. */
  readonly queries?: TotalsQuery[];
  /** What the history says of who was seen when. */
  readonly entities?: readonly HistoryEntity[];
  readonly platforms?: readonly Platform[];
}

/** The ledger of that history; it is given only what it asks for, as the store does. */
export function ledger(
  known: HistoryTotals,
  { query = {}, queries = [], entities = [], ...more }: Asked = {},
): Promise<Ledger> {
  return ledgerOf(
    { hosts: [], guests: true, from: 0, to: hour, ...query },
    {
      platforms,
      money: { pricePerGiBMonth: 0, currency: 'EUR' },
      lab: false,
      hostName: () => undefined,
      wanted: () => [],
      ...more,
      history: {
        entities: () => Promise.resolve(entities),
        totals: (asked) => {
          queries.push(asked);
          const wanted = ({ host, guest }: { readonly host: string; readonly guest: string }): boolean =>
            (asked.hosts.length === 0 || asked.hosts.includes(host)) && (asked.guests || guest === '');
          return Promise.resolve({
            ...known,
            totals: known.totals.filter((one) => wanted(one) && asked.metrics.includes(one.metric)),
            coverage: known.coverage.filter(wanted),
          });
        },
      },
    },
  );
}

export function hostIn({ hosts }: Ledger, name: string): HostLedger {
  const found = hosts.find((host) => host.name === name);
  if (found === undefined) throw new Error(`no host ${name} in the ledger`);
  return found;
}

/** The one entry of a mechanism and part. */
export function entryIn(
  scope: LedgerScope,
  mechanism: LedgerEntry['mechanism'],
  part: LedgerEntry['part'],
): LedgerEntry {
  const found = scope.entries.filter((entry) => entry.mechanism === mechanism && entry.part === part);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${String(found.length)} entries of ${mechanism}, ${part}, in ${scope.name}`);
  return only;
}

export const has = (scope: LedgerScope, mechanism: LedgerEntry['mechanism'], part: LedgerEntry['part']): boolean =>
  scope.entries.some((entry) => entry.mechanism === mechanism && entry.part === part);

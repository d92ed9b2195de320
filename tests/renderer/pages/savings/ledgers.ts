/** Ledgers as the core would answer them, for tests of pages: two hosts that save, one of them at a loss with KSM. */
import type {
  FigureUnit,
  HarmEntry,
  HostLedger,
  Ledger,
  LedgerEntry,
  LedgerFigure,
  LedgerScope,
  LedgerTerm,
} from '#shared/model/ledger.ts';
import { epochMs } from '#shared/units.ts';
import { GiB, noon } from '../../../support/host-view.ts';

export const day = 86_400_000;
export const from = noon - 30 * day;

export const term = (name: string, value: number, given: Partial<LedgerTerm> = {}): LedgerTerm => ({
  name,
  metric: `meminfo.${name}`,
  title: `Title of ${name}`,
  unit: 'bytes',
  how: 'mean',
  value,
  source: `/proc/meminfo, ${name}`,
  ...given,
});
export const figure = (value: number, formula: string, terms: readonly LedgerTerm[], unit: FigureUnit = 'bytes') =>
  ({ value, unit, formula, terms }) satisfies LedgerFigure;

export function zswapEntry(host: string, given: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    host,
    guest: '',
    instance: '',
    mechanism: 'zswap',
    part: 'saved',
    title: 'Compressed by zswap',
    gross: figure(40 * GiB, 'Zswapped', [term('Zswapped', 40 * GiB)]),
    overhead: figure(10 * GiB, 'Zswap', [term('Zswap', 10 * GiB)]),
    net: figure(30 * GiB, 'Zswapped − Zswap', [term('Zswapped', 40 * GiB), term('Zswap', 10 * GiB)]),
    coveredMs: 29 * day,
    notes: ['Swapped pages that are kept compressed are not on a disk.'],
    ...given,
  };
}
/** Of a mechanism whose kernel tells only what comes out. */
function withoutOverhead(entry: LedgerEntry, net: LedgerFigure): LedgerEntry {
  const { host, guest, instance, mechanism, part, title, coveredMs, notes } = entry;
  return { host, guest, instance, mechanism, part, title, gross: net, net, coveredMs, notes };
}
export const ksmEntry = (host: string): LedgerEntry => {
  const profit = figure(-201_384_320, 'general_profit', [
    term('general_profit', -201_384_320, { source: '/sys/kernel/mm/ksm/general_profit' }),
  ]);
  return withoutOverhead(zswapEntry(host, { mechanism: 'ksm', title: 'Merged by KSM', notes: [] }), profit);
};
export const capacityEntry = (host: string): LedgerEntry => {
  const kept = figure(5 * GiB, 'pages × P', [term('pages', 1_310_720, { unit: 'pages' }), term('P', 4096)]);
  const cache = { mechanism: 'tmem-ephemeral', part: 'capacity', title: 'Cache in tmem' } as const;
  return withoutOverhead(zswapEntry(host, cache), kept);
};

export const pressure = (percent: number): HarmEntry => ({
  harm: 'psi-some',
  title: 'Some tasks waited',
  figure: figure(percent, 'some', [term('some', percent, { unit: 'percent' })], 'percent'),
  peak: 23,
  notes: ['The worst of 2 hosts, db-1.'],
});
export const kills = (count: number): HarmEntry => ({
  harm: 'oom-kills',
  title: 'OOM kills',
  figure: figure(count, 'oom_kill', [term('oom_kill', count, { unit: 'count', how: 'increase' })], 'count'),
  notes: [],
});

const sumNet = (entries: readonly LedgerEntry[], part: string): number | undefined => {
  const mine = entries.filter((entry) => entry.part === part);
  return mine.length === 0 ? undefined : mine.reduce((sum, { net }) => sum + net.value, 0);
};
export function scope(name: string, entries: readonly LedgerEntry[], given: Partial<LedgerScope> = {}): LedgerScope {
  const saved = sumNet(entries, 'saved');
  const capacity = sumNet(entries, 'capacity');
  return {
    name,
    host: `id-${name}`,
    guest: '',
    entries,
    harm: [pressure(0.4)],
    sums: {
      ...(saved === undefined ? {} : { saved }),
      ...(capacity === undefined ? {} : { capacity }),
      byMechanism: {},
    },
    coveredMs: 29 * day,
    ...given,
  };
}
export const hostLedger = (name: string, entries: readonly LedgerEntry[], given: Partial<HostLedger> = {}) =>
  ({
    ...scope(name, entries),
    ram: 256 * GiB,
    overcommit: figure(1.5, 'promised ÷ RAM', [term('promised', 384 * GiB), term('RAM', 256 * GiB)], 'ratio'),
    guests: [],
    ...given,
  }) satisfies HostLedger;

export function ledger(given: Partial<Ledger> = {}): Ledger {
  const hosts = given.hosts ?? [
    hostLedger('db-1', [zswapEntry('id-db-1'), ksmEntry('id-db-1'), capacityEntry('id-db-1')]),
    hostLedger('db-2', [zswapEntry('id-db-2')]),
  ];
  const entries = hosts.flatMap((host) => host.entries);
  const saved = sumNet(entries, 'saved');
  const capacity = sumNet(entries, 'capacity');
  return {
    from: epochMs(from),
    to: epochMs(noon),
    lab: false,
    hosts,
    sums: {
      ...(saved === undefined ? {} : { saved }),
      ...(capacity === undefined ? {} : { capacity }),
      byMechanism: {},
    },
    harm: [pressure(0.4)],
    ram: 512 * GiB,
    quality: {
      covered: 1,
      gaps: 0,
      longestGapMs: 0,
      reboots: 0,
      resets: 0,
      missing: [],
      damaged: 0,
      notes: [],
    },
    events: [],
    ...given,
  };
}

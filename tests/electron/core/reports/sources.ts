/** A small fleet for tests of reports: three hosts, a ledger worked out by hand, and a history that repeats it. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { HistoryEntity, HistoryEvent, SeriesTotals } from '#shared/model/history.ts';
import type {
  Harm,
  HarmEntry,
  HostLedger,
  Ledger,
  LedgerEntry,
  LedgerFigure,
  LedgerPart,
  LedgerScope,
  LedgerSums,
  Mechanism,
} from '#shared/model/ledger.ts';
import type { ReportKind, ReportRequest } from '#shared/model/report.ts';
import { epochMs } from '#shared/units.ts';
import type { ReportSources } from '#core/reports/sources.ts';

export const GiB = 1024 ** 3;
export const hour = 3_600_000;
export const from = Date.UTC(2026, 10, 23, 0);
export const to = Date.UTC(2026, 10, 24, 0);

export function request(kind: ReportKind, given: Partial<ReportRequest> = {}): ReportRequest {
  return { kind, span: { from, to }, hosts: [], guests: [], plans: [], formats: ['json'], ...given };
}

export function figureOf(value: number, unit: LedgerFigure['unit'], name = 'term'): LedgerFigure {
  return {
    value,
    unit,
    formula: name,
    terms: [
      {
        name,
        metric: `test.${name}`,
        title: `The ${name}`,
        unit: 'bytes',
        how: 'mean',
        value,
        source: `/proc/${name}`,
      },
    ],
  };
}

export function entryOf(
  host: string,
  mechanism: Mechanism,
  part: LedgerPart,
  gross: number,
  overhead: number | undefined,
  guest = '',
): LedgerEntry {
  const unit = part === 'reads-avoided' || part === 'writes-avoided' ? 'pages' : 'bytes';
  return {
    host,
    guest,
    instance: '',
    mechanism,
    part,
    title: `${mechanism} ${part}`,
    gross: figureOf(gross, unit, 'Zswapped'),
    ...(overhead === undefined ? {} : { overhead: figureOf(overhead, unit, 'Zswap') }),
    net: { ...figureOf(gross - (overhead ?? 0), unit, 'Zswapped'), formula: 'Zswapped − Zswap' },
    coveredMs: 24 * hour,
    notes: [],
  };
}

export const harmEntry = (harm: Harm, value: number, peak?: number): HarmEntry => ({
  harm,
  title: harm,
  figure: figureOf(value, harm.startsWith('psi') ? 'percent' : harm === 'oom-kills' ? 'count' : 'pages', harm),
  ...(peak === undefined ? {} : { peak }),
  notes: [],
});

const total = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
};

/** As the ledger room adds up: parts never to each other. */
function sumsOf(entries: readonly LedgerEntry[]): LedgerSums {
  const net = (part: LedgerPart): number | undefined =>
    total(entries.filter((entry) => entry.part === part).map((entry) => entry.net.value));
  const saved = entries.filter(({ part }) => part === 'saved');
  const byMechanism: { [mechanism in Mechanism]?: number } = {};
  for (const { mechanism, net: own } of saved) byMechanism[mechanism] = (byMechanism[mechanism] ?? 0) + own.value;
  const sums = {
    saved: net('saved'),
    gross: total(saved.map(({ gross }) => gross.value)),
    overhead: total(saved.map(({ overhead }) => overhead?.value)),
    capacity: net('capacity'),
    moved: net('moved'),
    lent: net('lent'),
    readsAvoided: net('reads-avoided'),
    writesAvoided: net('writes-avoided'),
  };
  return {
    ...(Object.fromEntries(Object.entries(sums).filter(([, value]) => value !== undefined)) as object),
    byMechanism,
  };
}

export function scopeOf(
  name: string,
  entries: readonly LedgerEntry[],
  harm: readonly HarmEntry[],
  guest = '',
): LedgerScope {
  return { name, host: `id-${name}`, guest, entries, harm, sums: sumsOf(entries), coveredMs: 24 * hour };
}

export function hostOf(
  name: string,
  entries: readonly LedgerEntry[],
  harm: readonly HarmEntry[],
  given: Partial<HostLedger> = {},
): HostLedger {
  return { ...scopeOf(name, entries, harm), ram: 64 * GiB, guests: [], ...given };
}

export function ledgerOfHosts(hosts: readonly HostLedger[], given: Partial<Ledger> = {}): Ledger {
  const sums = sumsOf(hosts.flatMap(({ entries }) => entries));
  const perMonth = ((sums.saved ?? 0) / GiB) * 3.5;
  return {
    from: epochMs(from),
    to: epochMs(to),
    lab: false,
    hosts,
    sums,
    harm: [
      harmEntry('psi-some', Math.max(...hosts.map((host) => valueOf(host, 'psi-some'))), 40),
      harmEntry(
        'swap-ins',
        hosts.reduce((sum, host) => sum + valueOf(host, 'swap-ins'), 0),
        120,
      ),
      harmEntry(
        'rejects',
        hosts.reduce((sum, host) => sum + valueOf(host, 'rejects'), 0),
      ),
      harmEntry(
        'oom-kills',
        hosts.reduce((sum, host) => sum + valueOf(host, 'oom-kills'), 0),
      ),
    ],
    ram: hosts.length * 64 * GiB,
    ...(hosts.length === 0 ? {} : priced(perMonth)),
    quality: {
      covered: 0.98,
      gaps: 2,
      longestGapMs: 20 * 60_000,
      reboots: 1,
      resets: 0,
      missing: [],
      damaged: 0,
      notes: ['Readings cover 98 % of the time.'],
    },
    events,
    ...given,
  };
}

const priced = (perMonth: number): Pick<Ledger, 'overcommit' | 'money'> => ({
  overcommit: { ...figureOf(1.4, 'ratio', 'promised'), formula: 'promised ÷ RAM' },
  money: {
    amount: perMonth / 30.4375,
    perMonth,
    currency: 'EUR',
    pricePerGiBMonth: 3.5,
    assumption: 'The price of 3.5 EUR is the one of the settings.',
  },
});

const valueOf = ({ harm }: HostLedger, wanted: Harm): number =>
  harm.find((one) => one.harm === wanted)?.figure.value ?? 0;

export const events: readonly HistoryEvent[] = [
  {
    at: epochMs(from + 6 * hour),
    kind: 'change',
    host: '',
    words: 'Compress swapped pages, begun by ann@desk.',
    plan: 'plan-a',
    letter: 'A',
    hosts: ['id-db-1'],
  },
  { at: epochMs(from + 9 * hour), kind: 'reboot', host: 'id-db-2', words: 'db-2 was booted again.' },
];

/** 41.3 GiB and a bit, so that no figure is a round one. */
export const usualHosts = (): readonly HostLedger[] => [
  hostOf(
    'db-1',
    [
      entryOf('id-db-1', 'zswap', 'saved', 12.345 * GiB + 17, 3.2 * GiB),
      entryOf('id-db-1', 'zswap', 'writes-avoided', 1_234_567, undefined),
      entryOf('id-db-1', 'ksm', 'saved', 0.25 * GiB, 0.75 * GiB),
    ],
    [
      harmEntry('psi-some', 12.4, 40),
      harmEntry('swap-ins', 54_321, 120),
      harmEntry('rejects', 400_000),
      harmEntry('oom-kills', 0),
    ],
    {
      guests: [
        {
          ...scopeOf(
            'erp',
            [entryOf('id-db-1', 'zswap', 'saved', 4 * GiB, GiB, 'libvirt:erp')],
            [harmEntry('psi-some', 3)],
          ),
          host: 'id-db-1',
          guest: 'libvirt:erp',
        },
        {
          ...scopeOf('shop', [entryOf('id-db-1', 'balloon', 'saved', 2 * GiB, undefined, 'libvirt:shop')], []),
          host: 'id-db-1',
          guest: 'libvirt:shop',
        },
      ],
    },
  ),
  hostOf(
    'db-2',
    [
      entryOf('id-db-2', 'balloon', 'saved', 6 * GiB, undefined),
      entryOf('id-db-2', 'ramster', 'moved', 2.5 * GiB, undefined),
      entryOf('id-db-2', 'tmem-ephemeral', 'capacity', 1.5 * GiB, undefined),
    ],
    [harmEntry('psi-some', 0.4, 5), harmEntry('swap-ins', 0), harmEntry('oom-kills', 0)],
  ),
  hostOf('web-1', [], [harmEntry('psi-some', 0), harmEntry('oom-kills', 0)]),
];

export const usualLedger = (): Ledger => ledgerOfHosts(usualHosts());

const entity = (host: string, guest: string, name: string): HistoryEntity => ({
  host: `id-${host}`,
  guest,
  name,
  hostName: host,
  firstAt: epochMs(from - hour),
  lastAt: epochMs(to),
});

const names = ['db-1', 'db-2', 'web-1'];
const entities = [
  ...names.map((name) => entity(name, '', name)),
  entity('db-1', 'libvirt:erp', 'erp'),
  entity('db-1', 'libvirt:shop', 'shop'),
];

const points = Array.from({ length: 24 }, (_, index) => epochMs(from + index * hour));

/** Means of signals by host and of truths by guest, as `totals` answers them. */
export const means: { readonly [key: string]: number } = {
  'id-db-1||signal.memory.total': 64 * GiB,
  'id-db-1||signal.saved.compressed': 9 * GiB,
  'id-db-1||signal.harm.psi-some': 12.4,
  'id-db-1||signal.harm.swap-in': 10,
  'id-db-1||signal.harm.oom-kills': 2 / (24 * 3600),
  'id-db-2||signal.memory.total': 64 * GiB,
  'id-db-2||signal.harm.psi-some': 0.4,
  'id-db-1|libvirt:erp|guest.promised': 8 * GiB,
  'id-db-1|libvirt:erp|guest.allowed': 6 * GiB,
  'id-db-1|libvirt:erp|guest.uses': 2 * GiB,
  'id-db-1|libvirt:erp|guest.resident': 3 * GiB,
};

const catalogue: readonly CatalogueEntry[] = ['promised', 'allowed', 'uses', 'resident'].map((word) => ({
  id: `guest.${word}`,
  title: word,
  unit: 'bytes',
  kind: 'level',
  instance: 'guest',
  help: '',
  charted: true,
  platform: 'mainline',
}));

export interface Given extends Partial<Omit<ReportSources, 'history'>> {
  readonly history?: Partial<ReportSources['history']>;
}

export function reportSources(given: Given = {}): ReportSources {
  const { history, ...rest } = given;
  return {
    ledger: async ({ hosts }) =>
      ledgerOfHosts(usualHosts().filter(({ host }) => hosts.length === 0 || hosts.includes(host))),
    hosts: () =>
      names.map((name) => ({ id: `id-${name}`, name, address: `${name}.example.net`, group: 'prod', tags: ['db'] })),
    guests: () => [],
    plans: () => [],
    catalogue,
    interval: 5000,
    lab: false,
    who: 'ann@desk',
    version: '1.2.3',
    money: { pricePerGiBMonth: 3.5, currency: 'EUR' },
    ...rest,
    history: {
      status: () => ({
        state: 'recording',
        file: '/data/history.sqlite',
        bytes: 1,
        budgetBytes: 2,
        tiers: [{ tier: 'minute', from: epochMs(from - hour), to: epochMs(to), bytes: 4096 }],
      }),
      entities: async () => entities,
      columns: async ({ host, guest }) =>
        Object.keys(means).flatMap((key) => {
          const [of, whose, metric = ''] = key.split('|');
          return of === host && whose === guest ? [{ metric, instance: '', kind: 'level' as const }] : [];
        }),
      series: async (keys, begin, end) => ({
        tier: 'minute',
        stepMs: hour,
        from: epochMs(begin),
        to: epochMs(end),
        damaged: 0,
        series: keys.map((key) => ({
          ...key,
          kind: 'level' as const,
          at: points,
          values: points.map(() => means[`${key.host}|${key.guest}|${key.metric}`] ?? null),
        })),
      }),
      fleet: async () => ({
        tier: 'minute',
        stepMs: hour,
        at: points,
        hosts: points.map(() => 3),
        damaged: 0,
        signals: {
          'saved.compressed': points.map((_, index) => (index === 3 ? null : index * GiB)),
          'harm.psi-some': points.map(() => 2),
          'saved.merged': points.map(() => null),
        },
      }),
      totals: async ({ hosts, metrics, guests, from: begin, to: end }) => ({
        totals: Object.entries(means).flatMap(([key, mean]): SeriesTotals[] => {
          const [host = '', guest = '', metric = ''] = key.split('|');
          if (!metrics.includes(metric) || (hosts.length > 0 && !hosts.includes(host)) || (guest !== '' && !guests))
            return [];
          const same = { mean, low: mean / 2, high: mean, last: mean };
          return [{ host, guest, metric, instance: '', kind: 'level', coveredMs: end - begin, ...same }];
        }),
        coverage: entities.map(({ host, guest, name }) => ({
          host,
          guest,
          name,
          coveredMs: end - begin,
          gaps: 0,
          longestGapMs: 0,
        })),
        events,
        damaged: 0,
      }),
      events: async () => events,
      ...history,
    },
  };
}

/**
 * The savings ledger of a span: asks the history once for every metric that a rule names, does the rules for each host
 * and guest, and puts the hosts together. watch.ts and the command line call it; nothing else computes a saving.
 */
import { epochMs } from '#shared/units.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Coverage, HistoryTotals, SeriesTotals } from '#shared/model/history.ts';
import type { HostLedger, Ledger, LedgerScope } from '#shared/model/ledger.ts';
import type { MetricId } from '#shared/model/metric.ts';
import type { MoneySettings } from '#shared/model/settings.ts';
import type { Platform } from '#core/platforms/platform.ts';
import type { HistoryPort } from '#core/ports.ts';
import { entriesOf, harmOf } from './entries.ts';
import { harmTogether } from './harm.ts';
import { catalogueOf, hostPlace, HostTotals } from './known.ts';
import { moneyOf } from './money.ts';
import { lengthOf, qualityOf } from './quality.ts';
import type { Recorded } from './quality.ts';
import { ratioOf, ratioTogether } from './ratios.ts';
import type { KnownRatio } from './ratios.ts';
import { allRules, metricsOf } from './rules.ts';
import type { AllRules } from './rules.ts';
import { sumsOf, sumsTogether, total } from './sums.ts';

export interface LedgerQuery {
  /** All when empty, those that are gone among them. */
  readonly hosts: readonly HostId[];
  readonly guests: boolean;
  readonly from: number;
  readonly to: number;
}

export interface LedgerSources {
  readonly history: Pick<HistoryPort, 'totals' | 'entities'>;
  readonly platforms: readonly Platform[];
  readonly money: MoneySettings;
  readonly lab: boolean;
  hostName(host: HostId): string | undefined;
  /** Hosts of the inventory: those without readings are missing. */
  wanted(): readonly HostId[];
}

export async function ledgerOf(query: LedgerQuery, sources: LedgerSources): Promise<Ledger> {
  const { history, platforms, money, lab } = sources;
  const { from, to } = query;
  const rules = allRules(platforms);
  const catalogue = catalogueOf(platforms);
  const [totals, entities] = await Promise.all([
    history.totals({ ...query, metrics: metricsOf(rules, catalogue) }),
    history.entities(),
  ]);
  const names = new Map(entities.map(({ host, guest, name }) => [keyOf({ host, guest }), name]));
  const nameOf = (host: HostId): string => sources.hostName(host) ?? names.get(keyOf({ host, guest: '' })) ?? host;
  const byHost = seriesByHost(totals);
  const asked = [...new Set(query.hosts.length > 0 ? query.hosts : [...sources.wanted(), ...byHost.keys()])];
  const known: KnownHost[] = [];
  for (const host of asked) {
    const told = byHost.get(host);
    if (told === undefined) continue;
    const series = new HostTotals(host, catalogue, told.series);
    const guestName = (guest: string): string | undefined => names.get(keyOf({ host, guest }));
    known.push(await hostLedger(series, rules, told.coverage, nameOf(host), guestName));
  }
  known.sort((a, b) => byName(a.ledger, b.ledger));
  const hosts = known.map(({ ledger }) => ledger);
  const sums = sumsTogether(hosts.map((host) => host.sums));
  const ram = total(hosts.map((host) => host.ram));
  const overcommit = ratioTogether(
    known.flatMap(({ overcommit: one }) => one ?? []),
    overcommitSides,
  );
  const effective = ratioTogether(
    known.flatMap(({ effective: one }) => one ?? []),
    effectiveSides,
  );
  const watched = new Set(sources.wanted());
  const lives = new Map(entities.flatMap((one) => (one.guest === '' ? [[one.host, one] as const] : [])));
  /** Of a host that is gone only up to its last reading: whoever took its place is another host. */
  const recorded = (host: HostId): Recorded => {
    const { firstAt, lastAt } = lives.get(host) ?? { firstAt: from, lastAt: to };
    return { from: Math.max(from, firstAt), to: watched.has(host) ? to : Math.min(to, lastAt) };
  };
  const inMoney = moneyOf(
    hosts.map(({ host, sums: { saved } }) => ({ saved, recordedMs: lengthOf(recorded(host)) })),
    money,
  );
  return {
    from: epochMs(from),
    to: epochMs(to),
    lab,
    hosts,
    sums,
    harm: harmTogether(hosts.flatMap((host) => host.harm.map((entry) => ({ whose: host.name, entry })))),
    ...(ram === undefined ? {} : { ram }),
    ...(overcommit === undefined ? {} : { overcommit }),
    ...(effective === undefined ? {} : { effective }),
    ...(inMoney === undefined ? {} : { money: inMoney }),
    quality: qualityOf({ totals, hosts: asked, from, to, nameOf, recorded }),
    events: totals.events,
  };
}

const overcommitSides = {
  part: { name: 'promised', title: 'Promised to guests at most' },
  whole: { name: 'RAM', title: 'RAM for guests' },
};
const effectiveSides = {
  part: { name: 'current', title: 'Allowed to guests now' },
  whole: { name: 'taken', title: 'RAM that guests take' },
};

interface OfHost {
  readonly series: SeriesTotals[];
  readonly coverage: Coverage[];
}

function seriesByHost({ totals, coverage }: HistoryTotals): ReadonlyMap<HostId, OfHost> {
  const hosts = new Map<HostId, OfHost>();
  const of = (host: HostId): OfHost => {
    const found = hosts.get(host) ?? { series: [], coverage: [] };
    hosts.set(host, found);
    return found;
  };
  for (const one of coverage) if (one.coveredMs > 0) of(one.host).coverage.push(one);
  for (const one of totals) hosts.get(one.host)?.series.push(one);
  return hosts;
}

/** The same order on every machine, and `host-9` before `host-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => compare(a.name, b.name);

const keyOf = ({ host, guest }: { readonly host: HostId; readonly guest: string }): string => `${host}\n${guest}`;

interface KnownHost {
  readonly ledger: HostLedger;
  readonly overcommit: KnownRatio | undefined;
  readonly effective: KnownRatio | undefined;
}

/** Thousands of guests are worked through in pieces, so that hosts are read meanwhile. */
const guestsAtOnce = 100;
const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function hostLedger(
  series: HostTotals,
  rules: AllRules,
  coverage: readonly Coverage[],
  name: string,
  guestName: (guest: string) => string | undefined,
): Promise<KnownHost> {
  await others();
  const own = coverage.find(({ guest }) => guest === '');
  const guests: LedgerScope[] = [];
  for (const { guest, name: named, coveredMs } of coverage) {
    if (guest === '') continue;
    if ((guests.length + 1) % guestsAtOnce === 0) await others();
    guests.push(scopeOf(series, rules, guest, guestName(guest) ?? named, coveredMs));
  }
  guests.sort(byName);
  const ram = ramOf(series, rules.ram);
  const overcommit = ratioOf(rules.overcommit, series);
  const effective = ratioOf(rules.effective, series);
  const ledger = {
    ...scopeOf(series, rules, '', name, own?.coveredMs ?? 0),
    ...(ram === undefined ? {} : { ram }),
    ...(overcommit === undefined ? {} : { overcommit: overcommit.figure }),
    ...(effective === undefined ? {} : { effective: effective.figure }),
    guests,
  };
  return { ledger, overcommit, effective };
}

function scopeOf(series: HostTotals, rules: AllRules, guest: string, name: string, coveredMs: number): LedgerScope {
  const entries = entriesOf(rules, series, guest, coveredMs);
  const harm = harmTogether(harmOf(rules, series, guest).map((entry) => ({ whose: name, entry })));
  return { name, host: series.host, guest, entries, harm, sums: sumsOf(entries), coveredMs };
}

/** Of several platforms the first that tells. */
const ramOf = (series: HostTotals, metrics: readonly MetricId[]): number | undefined =>
  metrics.map((metric) => series.find(metric, hostPlace)?.mean).find((value) => value !== undefined);

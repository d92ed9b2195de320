/**
 * The savings ledger: per mechanism what a span of time saved, gross and net, beside what it cost. Every figure carries
 * its formula and the raw counters it came from. Stocks (bytes) are means over the time that is known; flows (pages)
 * are sums. What a guest has is part of what its host has: the two are never added.
 */
import type { EpochMs } from '#shared/units.ts';
import type { HistoryEvent } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { MetricId, MetricUnit } from '#shared/model/metric.ts';

export const mechanisms = [
  'zswap',
  'zram',
  'ksm',
  'balloon',
  'zcache',
  'tmem-persistent',
  'tmem-ephemeral',
  'ramster',
  'cleancache',
  'frontswap',
] as const;
export type Mechanism = (typeof mechanisms)[number];

export const ledgerParts = [
  /** Memory that is not needed. */
  'saved',
  /** Extra cache that may vanish: never part of what is saved. */
  'capacity',
  /** Kept in another machine's RAM: not needed here, spent there. */
  'moved',
  /** This machine's RAM that holds pages of others. */
  'lent',
  'reads-avoided',
  'writes-avoided',
] as const;
export type LedgerPart = (typeof ledgerParts)[number];

/** One raw value in a formula. */
export interface LedgerTerm {
  /** As it stands in the formula. */
  readonly name: string;
  readonly metric: MetricId;
  readonly title: string;
  readonly unit: MetricUnit;
  /** How the span became one value: mean over known time, sum of what was counted, the last reading, a constant. */
  readonly how: 'mean' | 'increase' | 'last' | 'constant';
  readonly value: number;
  /** File and field it is read from. */
  readonly source: string;
}

export type FigureUnit = 'bytes' | 'pages' | 'percent' | 'ratio' | 'count' | 'seconds' | 'milliseconds';

export interface LedgerFigure {
  readonly value: number;
  readonly unit: FigureUnit;
  /** Over the names of the terms: `Zswapped − Zswap`. Putting the terms in gives `value`. */
  readonly formula: string;
  readonly terms: readonly LedgerTerm[];
}

export interface LedgerEntry {
  readonly host: HostId;
  /** The guest's key; '' for the host. */
  readonly guest: string;
  /** The device, where the mechanism is one; else ''. */
  readonly instance: string;
  readonly mechanism: Mechanism;
  readonly part: LedgerPart;
  readonly title: string;
  readonly gross: LedgerFigure;
  /** What keeping it takes; undefined where the kernel does not tell: `net` is then the gross figure, and a note says so. */
  readonly overhead?: LedgerFigure;
  readonly net: LedgerFigure;
  /** Milliseconds of the span for which the terms are known. */
  readonly coveredMs: number;
  /** What to know when reading it: sentences. */
  readonly notes: readonly string[];
}

export const harms = [
  'psi-some',
  'psi-full',
  'refaults',
  'swap-ins',
  'stall-per-swap-in',
  'rejects',
  'oom-kills',
] as const;
export type Harm = (typeof harms)[number];

export interface HarmEntry {
  readonly harm: Harm;
  readonly title: string;
  /** Mean percent of time for PSI, counts for the others. */
  readonly figure: LedgerFigure;
  /** The worst short spell: percent, or per second. */
  readonly peak?: number;
  readonly notes: readonly string[];
}

/** Bytes are means over the span. `undefined` where nothing tells. */
export interface LedgerSums {
  readonly saved?: number;
  readonly gross?: number;
  readonly overhead?: number;
  readonly capacity?: number;
  readonly moved?: number;
  readonly lent?: number;
  /** Pages. */
  readonly readsAvoided?: number;
  readonly writesAvoided?: number;
  /** Net bytes by mechanism, part `saved` only. */
  readonly byMechanism: { readonly [mechanism in Mechanism]?: number };
}

export interface LedgerScope {
  readonly name: string;
  readonly host: HostId;
  readonly guest: string;
  readonly entries: readonly LedgerEntry[];
  readonly harm: readonly HarmEntry[];
  readonly sums: LedgerSums;
  readonly coveredMs: number;
}

export interface HostLedger extends LedgerScope {
  readonly ram?: number;
  /** Promised to guests against what the host has; with its definition as the formula. */
  readonly overcommit?: LedgerFigure;
  /** Given to guests now against what they take of the host's RAM. */
  readonly effective?: LedgerFigure;
  readonly guests: readonly LedgerScope[];
}

export interface LedgerMoney {
  /** Mean net GiB × months × price, for as long as each host is recorded within the span. */
  readonly amount: number;
  readonly perMonth: number;
  readonly currency: string;
  readonly pricePerGiBMonth: number;
  /** One sentence: whose price, of what, and what is left out. */
  readonly assumption: string;
}

export interface LedgerQuality {
  /** 0…1: time with readings over all hosts and the whole span. */
  readonly covered: number;
  /** 0…1: the same over the time since each host was first read, which is what readings could have covered. */
  readonly coveredSince?: number;
  /** Time before a host's first reading ever is none. */
  readonly gaps: number;
  readonly longestGapMs: number;
  readonly reboots: number;
  readonly resets: number;
  /** Hosts of the selection without any reading in the span. */
  readonly missing: readonly string[];
  readonly damaged: number;
  /** What it means for the figures: sentences. */
  readonly notes: readonly string[];
}

export interface Ledger {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Figures of the lab, which are simulated. */
  readonly lab: boolean;
  readonly hosts: readonly HostLedger[];
  readonly sums: LedgerSums;
  /** Summed over hosts for counts; the worst host for PSI, which its note names. */
  readonly harm: readonly HarmEntry[];
  readonly ram?: number;
  /** Over the hosts of which both sides are known. */
  readonly overcommit?: LedgerFigure;
  readonly effective?: LedgerFigure;
  readonly money?: LedgerMoney;
  readonly quality: LedgerQuality;
  readonly events: readonly HistoryEvent[];
}

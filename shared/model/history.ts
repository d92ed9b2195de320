/**
 * What was seen over time and is kept on the disk: raw readings for days, minutes for months, hours for years. A
 * counter is kept as what it grew by from one reading to the next, so a reset or a reboot is a gap and never a spike.
 */
import type { EpochMs } from '#shared/units.ts';
import type { HostId } from '#shared/model/host.ts';
import type { MetricId } from '#shared/model/metric.ts';

export const tiers = ['raw', 'minute', 'hour'] as const;
export type Tier = (typeof tiers)[number];

/** Whose figures they are: a guest's by its key, the host's own under ''. */
export interface EntityKey {
  readonly host: HostId;
  readonly guest: string;
}

/** Hosts and guests that have a history, also those that are gone. */
export interface HistoryEntity extends EntityKey {
  /** As it was called last. */
  readonly name: string;
  readonly hostName: string;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
}

/** One column of an entity. Signals of a host are `signal.<name>`. */
export interface HistoryColumn {
  readonly metric: MetricId;
  /** A device's name; '' for the host or guest itself. */
  readonly instance: string;
  readonly kind: 'level' | 'counter';
}

export interface HistoryKey extends EntityKey {
  readonly metric: MetricId;
  readonly instance: string;
}

/** Levels as the mean of each step, counters as their rate per second. null is a gap. */
export interface HistorySeries extends HistoryKey {
  readonly kind: 'level' | 'counter';
  /** The step's beginning; for raw readings the moment itself. */
  readonly at: readonly EpochMs[];
  readonly values: readonly (number | null)[];
  /** Lowest and highest within each step; left out where a step is one reading. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** How fine the points are: the tier they were read from, and the time from one to the next. */
export interface Resolution {
  readonly tier: Tier;
  /** Milliseconds from point to point; for raw readings the interval between them. */
  readonly stepMs: number;
}

export interface HistoryTable extends Resolution {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Only series that have at least one point in the span. */
  readonly series: readonly HistorySeries[];
  /** Pieces on the disk that could not be read and were left out. */
  readonly damaged: number;
}

/** Signals of hosts put together: `saved.*`, `capacity.*`, `memory.*` and `swap.*` summed, `harm.*` as the worst host's. */
export interface FleetHistory extends Resolution {
  readonly at: readonly EpochMs[];
  readonly signals: { readonly [signal: string]: readonly (number | null)[] };
  /** How many hosts told something at each point. */
  readonly hosts: readonly number[];
  readonly damaged: number;
}

/** One series over a whole span. */
export interface SeriesTotals extends HistoryKey {
  readonly kind: 'level' | 'counter';
  /** Milliseconds of the span for which it is known. */
  readonly coveredMs: number;
  /** Levels: weighted by time. */
  readonly mean?: number;
  readonly low?: number;
  readonly high?: number;
  readonly first?: number;
  readonly last?: number;
  /** Counters: the sum of all that is known to have been counted. */
  readonly increase?: number;
  /** The part of it that grew over a silence, or in a time that is not known: not in `coveredMs`. Left out when it is 0. */
  readonly loose?: number;
  /** Counters: the highest rate per second. */
  readonly peak?: number;
}

export interface Coverage extends EntityKey {
  readonly name: string;
  /** Milliseconds of the span with readings. */
  readonly coveredMs: number;
  readonly gaps: number;
  readonly longestGapMs: number;
}

export const historyEventKinds = [
  'reboot',
  /** A counter began anew without a reboot. */
  'reset',
  'change',
  'change-undone',
  /** The console's clock was set back: what was written under later times is superseded. */
  'clock-back',
  /** Recording stopped (full disk, budget) and went on. */
  'paused',
  'resumed',
] as const;
export type HistoryEventKind = (typeof historyEventKinds)[number];

export interface HistoryEvent {
  readonly at: EpochMs;
  readonly kind: HistoryEventKind;
  /** '' for the console itself, or for a change of several hosts. */
  readonly host: HostId;
  /** One sentence. */
  readonly words: string;
  /** For changes. */
  readonly plan?: string;
  readonly letter?: string;
  readonly hosts?: readonly HostId[];
}

export interface HistoryTotals {
  readonly totals: readonly SeriesTotals[];
  readonly coverage: readonly Coverage[];
  readonly events: readonly HistoryEvent[];
  readonly damaged: number;
}

export interface HistoryStatus {
  /** `off`: nothing is recorded and nothing can be read until the console starts anew; `because` says why. */
  readonly state: 'opening' | 'recording' | 'paused' | 'off';
  readonly because?: string;
  /** 0…1 while an older history is brought up to date. */
  readonly progress?: number;
  /** Empty when it is kept in memory only. */
  readonly file: string;
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Of each tier that holds anything. */
  readonly tiers: readonly {
    readonly tier: Tier;
    readonly from: EpochMs;
    readonly to: EpochMs;
    readonly bytes: number;
  }[];
}

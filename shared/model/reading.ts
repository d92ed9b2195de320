/** The last reading of a host in full: every value with its source, and what the host said, file by file. */
import type { EpochMs } from '#shared/units.ts';
import type { HostId } from '#shared/model/host.ts';
import type { MetricValue } from '#shared/model/metric.ts';
import type { PoolReading } from '#shared/model/pool.ts';

export interface RawFile {
  /** A path, or `$ words` for a command. */
  readonly source: string;
  readonly text: string;
  readonly at: EpochMs;
}

export interface UnreadFile {
  readonly source: string;
  readonly why: 'absent' | 'refused' | 'failed';
  readonly words: string;
}

/** A value and how fast it moves. */
export interface CurrentValue extends MetricValue {
  /** Per second, for counters, once two readings are there. */
  readonly rate?: number;
  readonly at: EpochMs;
}

export interface HostReading {
  readonly host: HostId;
  readonly at: EpochMs;
  readonly values: readonly CurrentValue[];
  readonly pools: readonly PoolReading[];
  readonly files: readonly RawFile[];
  readonly unread: readonly UnreadFile[];
  /** Files that were there and made no sense, as sentences. */
  readonly troubles: readonly string[];
}

/**
 * What a platform is: pure functions from the agent's text to typed values.
 * A platform has no clock, no I/O and no memory of its own; `collect/` calls it, `inspect` calls it, tests call it.
 */
import type { EpochMs } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { ClusterReading } from '#shared/model/cluster.ts';
import type { KnobDef } from '#shared/model/knob.ts';
import type { MetricDef, MetricValue } from '#shared/model/metric.ts';
import type { PoolReading } from '#shared/model/pool.ts';
import type { Planner } from './change.ts';
import type { LedgerRules } from './ledger.ts';

/**
 * How often the console asks for a set or command: every tick, at most every ten seconds (commands that cost a
 * process and whose figures are no fresher than that), every minute, or once after connecting.
 */
export type Cadence = 'tick' | '10s' | 'minute' | 'connect';

/** Files read as they are. A `*` may stand for one directory name, never for the file's own name. */
export interface FileSet {
  readonly kind: 'files';
  readonly name: string;
  readonly every: Cadence;
  readonly files: readonly string[];
}

/** Control groups: each directory matched by `dirs`, times each leaf name. */
export interface GroupSet {
  readonly kind: 'groups';
  readonly name: string;
  readonly every: Cadence;
  readonly dirs: readonly string[];
  readonly leaves: readonly string[];
  /** Lines to keep, by their first word, of leaves that are tables (`memory.stat`); other leaves are kept whole. */
  readonly keys: readonly string[];
}

/** One fixed, read-only command. `script` is POSIX sh, written by us; it is skipped where `needs` is not on the PATH. */
export interface FixedCommand {
  readonly name: string;
  readonly every: Cadence;
  readonly needs: string;
  /** The words shown as `$ …`. */
  readonly shown: string;
  readonly script: string;
}

/** What one file said, whole, with the place it came from. */
export interface FileText {
  readonly path: string;
  /** The lines, without their prefix, joined by `\n`; no final newline. */
  readonly text: string;
  /** Number of the first line in the capture it was read from (1-based). */
  readonly line: number;
  /** The console's clock when the answer arrived; the capture's own time, or 0, for a saved file. */
  readonly at: EpochMs;
}

/** What one command said. `status` is undefined when the capture does not tell. */
export interface CommandText {
  readonly command: string;
  readonly text: string;
  readonly line: number;
  readonly at: EpochMs;
  readonly status: number | undefined;
}

export type Unread = 'absent' | 'refused' | 'failed';

/** Everything known of one host at one moment: the newest text of every file and command. */
export interface Evidence {
  readonly files: ReadonlyMap<string, FileText>;
  readonly commands: ReadonlyMap<string, CommandText>;
  /** Files that a probe could not read, with the kernel's or grep's own words. */
  readonly unread: ReadonlyMap<string, { readonly why: Unread; readonly words: string }>;
  /** Page size of the host in bytes; 4096 when the capture does not tell. */
  readonly pageSize: number;
}

export interface Detection {
  readonly presence: 'full' | 'partial' | 'none';
  /** Sentences for an operator: what was found, what is missing and how to get it. */
  readonly because: readonly string[];
}

/** A file that was there and could not be understood. It spoils its own metrics only. */
export interface ReadTrouble {
  readonly path: string;
  readonly line: number;
  readonly words: string;
}

export interface Reading {
  readonly values: readonly MetricValue[];
  readonly guests: readonly GuestReading[];
  readonly pools?: readonly PoolReading[];
  readonly clusters?: readonly ClusterReading[];
  readonly troubles: readonly ReadTrouble[];
}

export interface Platform {
  readonly id: string;
  readonly title: string;
  readonly sets: readonly (FileSet | GroupSet)[];
  readonly commands: readonly FixedCommand[];
  readonly catalogue: readonly MetricDef[];
  /** What can be set, with ranges and traps; none where the platform only reads. */
  readonly knobs?: readonly KnobDef[];
  /** How it is changed; a platform without one only reads. */
  readonly planner?: Planner;
  /** What it saves and what that costs; a platform without it only shows. */
  readonly ledger?: LedgerRules;
  detect(evidence: Evidence): Detection;
  read(evidence: Evidence): Reading;
}

/** What the rooms of the core ask of each other. Plain functions and small interfaces; `core.ts` fits them together. */
import type { ConnectionState, HostConfig, HostFacts, HostId, MissingRight } from '#shared/model/host.ts';
import type {
  EntityKey,
  FleetHistory,
  HistoryColumn,
  HistoryEntity,
  HistoryEvent,
  HistoryKey,
  HistoryStatus,
  HistoryTable,
  HistoryTotals,
} from '#shared/model/history.ts';
import type { MetricId, SignalId } from '#shared/model/metric.ts';
import type { EpochMs } from '#shared/units.ts';
import type { Evidence } from './platforms/platform.ts';

/** Time as the core sees it: tests hand in their own. */
export interface Clock {
  now(): EpochMs;
  /** Runs once after `ms`; the function it returns cancels it. Never keeps the process alive by itself. */
  after(ms: number, run: () => void): () => void;
}

export interface Log {
  info(words: string, facts?: Record<string, unknown>): void;
  warn(words: string, facts?: Record<string, unknown>): void;
  /** A bug: with the error, so that the stack is kept. */
  bug(words: string, error: unknown): void;
}

/** What the agent can be asked. Names are those of the platforms' sets and commands. */
export type AgentVerb =
  | { readonly verb: 'read' | 'probe'; readonly set: string }
  | { readonly verb: 'run'; readonly command: string }
  | { readonly verb: 'ping' }
  | ChangeVerb;

/** Changing a host: agent/README.md, "Changing". All but `get` and `drift` want an operator's agent. */
export type ChangeVerb =
  | { readonly verb: 'get'; readonly knob: string; readonly instance: string }
  /** What is written down to survive, and what is so now. */
  | { readonly verb: 'drift' }
  | { readonly verb: 'begin'; readonly plan: string }
  | {
      readonly verb: 'step';
      readonly plan: string;
      readonly knob: string;
      readonly instance: string;
      readonly from: string;
      readonly to: string;
      /** What becomes of it in the file that survives: nothing, written down as this instance, or its line dropped. */
      readonly keep: { readonly kind: 'no' } | { readonly kind: 'as' | 'drop'; readonly instance: string };
    }
  | { readonly verb: 'arm' | 'extend'; readonly plan: string; readonly seconds: number }
  /** `step` counts from 1, in the order in which they were told. */
  | { readonly verb: 'write'; readonly plan: string; readonly step: number }
  | { readonly verb: 'keep' | 'undo' | 'status' | 'forget'; readonly plan: string }
  | { readonly verb: 'plans' }
  /** Writes down what is so now, of what is written down. */
  | { readonly verb: 'accept' }
  /** Puts the root-owned copy and its replay unit in place. */
  | { readonly verb: 'install'; readonly script: string };

/** The whole answer between `=begin` and `=end`, lines joined by `\n`. */
export interface AgentAnswer {
  readonly text: string;
  readonly at: EpochMs;
}

/** A live connection to one host's agent. Requests may overlap; they are answered in order. */
export interface AgentLink {
  readonly host: HostId;
  readonly facts: HostFacts;
  /** Sets and commands this agent knows. */
  readonly offers: ReadonlySet<string>;
  /**
   * Rejects with a ProblemError: agent-refused, agent-garbled, agent-too-much, timed-out, host-gone; for changes also
   * knob-conflict (another value than expected), not-found (it is not there), knob-refused (the kernel or the tool said
   * no: its words), plan-busy (another plan is armed on the host), read-only.
   */
  ask(request: AgentVerb): Promise<AgentAnswer>;
}

/** The hosts room as the others see it. */
export interface HostsPort {
  configs(): readonly HostConfig[];
  config(host: HostId): HostConfig | undefined;
  state(host: HostId): ConnectionState;
  facts(host: HostId): HostFacts | undefined;
  /** Told when a host goes live (with its link) or stops being so (without). */
  onLink(listen: (host: HostId, link: AgentLink | undefined) => void): void;
  /** Told when configuration or state changed, or the host was removed. */
  onChange(listen: (host: HostId) => void): void;
  /** Readings that the login may not take, as the collector found them. */
  setMissing(host: HostId, missing: readonly MissingRight[]): void;
  /** The collector could not get an answer: the link is dropped and brought up again. */
  reportDead(host: HostId, why: unknown): void;
}

/** The collecting room as the others see it. */
export interface CollectPort {
  /** The newest texts of a host; undefined for one that was never read. Current until the next round, not a copy. */
  evidence(host: HostId): Evidence | undefined;
  /** Asks a live host now for all that moves while it is connected. Rejects with the link's problem. */
  renew(host: HostId): Promise<void>;
  /** The guests of a host, as they were seen last. */
  guests(host: HostId): readonly { readonly key: string; readonly name: string; readonly uuid?: string | undefined }[];
  /** Signals of a host over time on one axis, from that moment on; null is a gap. */
  signals(host: HostId, signals: readonly SignalId[], from: number): SignalTable;
  /** When the host was read last; undefined for one that was never read. */
  seenAt(host: HostId): EpochMs | undefined;
  /** Milliseconds between two readings. */
  interval(): number;
}

export interface SignalTable {
  readonly at: readonly number[];
  /** In the order that was asked for. */
  readonly columns: readonly (readonly (number | null)[])[];
}

/** One of the console's own files. Both reject with a ProblemError that names the file and says what to do. */
export interface TextFile {
  readonly path: string;
  /** The whole text, undefined when there is no such file. Rejects: file-unreadable. */
  read(): Promise<string | undefined>;
  /** All or nothing, on the disk when it resolves; a failure leaves the old text. Rejects: file-unwritable, disk-full. */
  write(text: string): Promise<void>;
}

/** A value kept in one of the console's own files. */
export interface JsonFile<T> {
  /** Never rejects for what the file holds: a file that cannot be used is told as a notice, and answers undefined. */
  load(): Promise<T | undefined>;
  /** Rejects: file-unwritable, disk-full. */
  save(value: T): Promise<void>;
}

/** Values kept in a folder of the console's own, each in a file under its name. */
export interface JsonFolder<T> {
  /** Those that can be used; each of the others is told as a notice. Rejects: file-unreadable. */
  load(): Promise<ReadonlyMap<string, T>>;
  /** All or nothing, one after the other. Rejects: file-unwritable, disk-full. */
  save(name: string, value: T): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A file of lines that only grows. */
export interface AppendFile {
  readonly path: string;
  /** The whole text, '' when there is no such file. Rejects: file-unreadable. */
  read(): Promise<string>;
  /** Adds it, on the disk when it resolves; a failure leaves the file as it was. Rejects: file-unwritable, disk-full. */
  append(text: string): Promise<void>;
  /** Moves what stands behind the last line break to a file beside it; answers its path, undefined when nothing does. */
  cutTornLine(): Promise<string | undefined>;
  /** Another answer than before when anybody changed the file. */
  mark(): Promise<string>;
}

/** In a tick: this counter was not read anew. NaN is a gap: not told, or begun anew. */
export const held = Infinity;

/** One host or guest at one moment. */
export interface HistoryRow {
  /** '' for the host itself. */
  readonly guest: string;
  readonly name: string;
  /** The same array as long as the columns are the same: whoever gets many rows may compare by identity. */
  readonly columns: readonly HistoryColumn[];
  /** Levels as they are; counters as what they grew by since they were read last. NaN or `held` where there is none. */
  readonly values: Float64Array;
}

export interface HistoryTick {
  readonly host: HostId;
  readonly hostName: string;
  readonly at: EpochMs;
  /** Milliseconds between two readings when it was taken. */
  readonly intervalMs: number;
  readonly rows: readonly HistoryRow[];
}

export interface TotalsQuery {
  /** All when empty. */
  readonly hosts: readonly HostId[];
  /** Guests as well as hosts. */
  readonly guests: boolean;
  readonly metrics: readonly MetricId[];
  readonly from: number;
  readonly to: number;
}

/** What was seen over time. Nothing of it rejects while it is off: answers are then empty. */
export interface HistoryPort {
  /** Takes a tick; on the disk within a second. Never blocks and never throws: what cannot be kept is told by `status`. */
  record(tick: HistoryTick): void;
  mark(event: HistoryEvent): void;
  status(): HistoryStatus;
  entities(): Promise<readonly HistoryEntity[]>;
  columns(entity: EntityKey, from: number, to: number): Promise<readonly HistoryColumn[]>;
  series(keys: readonly HistoryKey[], from: number, to: number, points: number): Promise<HistoryTable>;
  fleet(hosts: readonly HostId[], from: number, to: number, points: number): Promise<FleetHistory>;
  totals(query: TotalsQuery): Promise<HistoryTotals>;
  events(hosts: readonly HostId[], from: number, to: number): Promise<readonly HistoryEvent[]>;
}

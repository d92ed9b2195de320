/** What the rooms of the core ask of each other. Plain functions and small interfaces; `core.ts` fits them together. */
import type { ConnectionState, HostConfig, HostFacts, HostId, MissingRight } from '#shared/model/host.ts';
import type { EpochMs } from '#shared/units.ts';

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
  | { readonly verb: 'ping' };

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
  /** Rejects with a ProblemError: agent-refused, agent-garbled, agent-too-much, timed-out, host-gone. */
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

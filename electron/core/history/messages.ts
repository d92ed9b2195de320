/**
 * What history.ts and its worker say to each other: one request, one answer, in turn. A list of columns is told once
 * and named by a number afterwards: a fleet would else send the same thousands of names each round.
 */
import type { HistoryColumn, HistoryEvent, HistoryStatus } from '#shared/model/history.ts';
import type { HistorySettings } from '#shared/model/settings.ts';
import type { HistoryPort } from '#core/ports.ts';

export interface SentRow {
  readonly guest: string;
  readonly name: string;
  readonly columns: number;
  readonly values: Float64Array;
}

export interface SentTick {
  readonly host: string;
  readonly hostName: string;
  readonly at: number;
  readonly intervalMs: number;
  readonly rows: readonly SentRow[];
}

export interface Batch {
  /** Forget the lists told so far: their numbers begin anew. */
  readonly forget: boolean;
  readonly columns: readonly { readonly id: number; readonly list: readonly HistoryColumn[] }[];
  readonly ticks: readonly SentTick[];
  readonly events: readonly HistoryEvent[];
}

export type Question = 'entities' | 'columns' | 'series' | 'fleet' | 'totals' | 'events';

export type Request =
  | { readonly what: 'open'; readonly now: number }
  | { readonly what: 'record'; readonly batch: Batch; readonly now: number }
  /** Goes on with what is due, also when nothing is recorded. */
  | { readonly what: 'work'; readonly now: number }
  | { readonly what: 'settings'; readonly settings: HistorySettings; readonly now: number }
  | { readonly what: 'ask'; readonly question: Question; readonly args: readonly unknown[]; readonly now: number }
  | { readonly what: 'snapshot'; readonly path: string; readonly now: number }
  | { readonly what: 'close' };

export type Usage = Pick<HistoryStatus, 'bytes' | 'budgetBytes' | 'tiers'>;

export interface Answer {
  readonly id: number;
  /** `open`: it is written. `passing`: try again later. `newer`: never. `gone`: nothing is open that could answer. */
  readonly state: 'open' | 'passing' | 'newer' | 'gone';
  readonly because?: string;
  readonly usage?: Usage;
  /** Where a damaged file was put. */
  readonly setAside?: string;
  readonly value?: unknown;
  /** A bug, with its words. */
  readonly bug?: unknown;
}

export type FromWorker =
  Answer | { readonly progress: number } | { readonly warn: string; readonly facts: Record<string, unknown> };

export interface WorkerOptions {
  /** `writes` holds the file, `reads` answers questions beside it. */
  readonly role: 'writes' | 'reads';
  readonly file: string | undefined;
  readonly settings: HistorySettings;
}

/** What each question answers while nothing is open. */
export type Answers = { [Name in Question]: Awaited<ReturnType<HistoryPort[Name]>> };

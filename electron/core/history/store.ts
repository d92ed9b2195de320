/**
 * The history in one SQLite file, synchronous: records, packs, rolls, removes, and answers every question. The worker
 * runs it; tests and benchmarks use it directly. Throws what SQLite throws: faults.ts says what that means.
 */
import { DatabaseSync } from 'node:sqlite';
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
import type { HistorySettings } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import type { HistoryTick, TotalsQuery } from '#core/ports.ts';
import { Chores } from './chores.ts';
import { Dictionary } from './dictionary.ts';
import { writeEvent } from './events.ts';
import type { ExportQuery, ExportRow } from './export-rows.ts';
import { makePrivate } from './private-file.ts';
import { Queries } from './queries.ts';
import { Recorder } from './recorder.ts';
import { migrations, prepareToWrite, transaction } from './schema.ts';
import type { Migration } from './schema.ts';
import { Tables } from './tables.ts';

export interface StoreOptions {
  /** undefined: in memory. */
  readonly file: string | undefined;
  readonly settings: HistorySettings;
  /** Readings of a host that are packed together; sixty unless told. */
  readonly chunkTicks?: number;
  readonly migrations?: readonly Migration[];
  /** 0 to 1, while an older file is brought up to date. */
  progress?(part: number): void;
  warn?(words: string, facts: Record<string, unknown>): void;
}

const mebibyte = 1024 * 1024;
/** What is in memory must leave room for the rest. */
const mostInMemory = 128 * mebibyte;

export class HistoryStore {
  readonly #db: DatabaseSync;
  readonly #tables: Tables;
  readonly #dictionary: Dictionary;
  readonly #recorder: Recorder;
  readonly #chores: Chores;
  readonly #queries: Queries;
  readonly #inMemory: boolean;
  #settings: HistorySettings;
  #setBack: { readonly was: number; readonly hosts: Set<string> } | undefined;

  /** Makes the file when there is none. Throws NewerHistory, and what SQLite throws. */
  constructor(options: StoreOptions) {
    const { file, settings, chunkTicks = 60, warn = () => undefined } = options;
    this.#inMemory = file === undefined;
    this.#settings = settings;
    if (file !== undefined) makePrivate(file);
    this.#db = new DatabaseSync(file ?? ':memory:');
    try {
      prepareToWrite(this.#db, options.migrations ?? migrations, options.progress ?? (() => undefined));
      this.#tables = new Tables(this.#db);
      this.#dictionary = new Dictionary(this.#db);
      this.#recorder = new Recorder({
        tables: this.#tables,
        dictionary: this.#dictionary,
        chunkTicks,
        warn,
        onSetBack: (host, at, was) => this.#onSetBack(host, at, was),
      });
      this.#chores = new Chores({
        db: this.#db,
        tables: this.#tables,
        dictionary: this.#dictionary,
        recorder: this.#recorder,
        chunkTicks,
        warn,
      });
      this.#queries = new Queries(this.#db, this.#tables, this.#dictionary);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** One transaction: on the disk when it returns; when it throws, nothing of it is kept. */
  record(ticks: readonly HistoryTick[]): void {
    this.#write(() => {
      for (const tick of ticks) {
        const host = this.#recorder.record(tick);
        if (host !== undefined) this.#chores.packOverdue(host);
      }
    });
  }

  mark(events: readonly HistoryEvent[]): void {
    this.#write(() => {
      for (const event of events) writeEvent(this.#tables, event);
    });
  }

  /** One bounded piece of what is due: packing a host, rolling an hour, removing what is too old. False: nothing is. */
  work(now: number): boolean {
    return this.#write(() => this.#chores.doOne(now, this.#settings, this.budgetBytes));
  }

  /** Nothing is left that could make room for more. */
  get overBudget(): boolean {
    return this.#chores.overBudget;
  }

  get budgetBytes(): number {
    const budget = this.#settings.diskMiB * mebibyte;
    return this.#inMemory ? Math.min(budget, mostInMemory) : budget;
  }

  set settings(settings: HistorySettings) {
    this.#settings = settings;
    this.#chores.lookAgain();
  }

  entities(): readonly HistoryEntity[] {
    return this.#queries.entities();
  }

  columns(entity: EntityKey, from: number, to: number): readonly HistoryColumn[] {
    return this.#queries.columns(entity, from, to);
  }

  series(keys: readonly HistoryKey[], from: number, to: number, points: number): HistoryTable {
    return this.#queries.series(keys, from, to, points);
  }

  fleet(hosts: readonly string[], from: number, to: number, points: number): FleetHistory {
    return this.#queries.fleet(hosts, from, to, points);
  }

  totals(query: TotalsQuery): HistoryTotals {
    return this.#queries.totals(query);
  }

  events(hosts: readonly string[], from: number, to: number): readonly HistoryEvent[] {
    return this.#queries.events(hosts, from, to);
  }

  rows(query: ExportQuery): Generator<readonly ExportRow[]> {
    return this.#queries.rows(query);
  }

  usage(): Pick<HistoryStatus, 'bytes' | 'budgetBytes' | 'tiers'> {
    return { ...this.#queries.usage(), budgetBytes: this.budgetBytes };
  }

  /** For copies of the file. */
  get db(): DatabaseSync {
    return this.#db;
  }

  close(): void {
    if (!this.#db.isOpen) return;
    // The write-ahead log goes into the file, so that the file alone is the history.
    if (!this.#inMemory) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  #write<Result>(work: () => Result): Result {
    try {
      return transaction(this.#db, work);
    } catch (error) {
      // What is in memory may speak of rows that were rolled back.
      this.#recorder.forget();
      this.#dictionary.forget();
      this.#chores.forget();
      throw error;
    }
  }

  /** The clock is the console's own: one event says it of all hosts. */
  #onSetBack(host: string, at: number, was: number): void {
    const same = this.#setBack !== undefined && !this.#setBack.hosts.has(host) && was <= this.#setBack.was;
    if (same) {
      this.#setBack?.hosts.add(host);
      return;
    }
    this.#setBack = { was: was + 60_000, hosts: new Set([host]) };
    const words = `The console's clock was set back from ${new Date(was).toISOString()}: readings under later times were replaced.`;
    writeEvent(this.#tables, { at: epochMs(at), kind: 'clock-back', host: '', words });
  }
}

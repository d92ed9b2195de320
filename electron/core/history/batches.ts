/**
 * Ticks on their way to the worker: gathered, bounded, and each list of columns told once. Used by history.ts.
 */
import type { HistoryColumn, HistoryEvent } from '#shared/model/history.ts';
import type { HistoryTick } from '#core/ports.ts';
import type { Batch } from './messages.ts';

/** While an older history is brought up to date, or the disk is slow; then the oldest are left out. */
const most = { ticks: 5000, values: 4_000_000, events: 20_000 };
/** Lists of columns that are known to the worker; hosts whose devices come and go have many. */
const mostLists = 5000;

export class Batches {
  readonly #warn: (words: string, facts: Record<string, unknown>) => void;
  #ticks: HistoryTick[] = [];
  #values = 0;
  #events: HistoryEvent[] = [];
  #known = new Map<readonly HistoryColumn[], number>();
  #full = false;

  constructor(warn: (words: string, facts: Record<string, unknown>) => void) {
    this.#warn = warn;
  }

  get waiting(): boolean {
    return this.#ticks.length > 0 || this.#events.length > 0;
  }

  add(tick: HistoryTick): void {
    this.#ticks.push(tick);
    this.#values += valuesIn(tick);
    while (this.#ticks.length > 1 && (this.#ticks.length > most.ticks || this.#values > most.values)) {
      this.#values -= valuesIn(this.#ticks.shift() as HistoryTick);
      if (!this.#full) this.#warn('history cannot keep up: the oldest readings that wait are left out', {});
      this.#full = true;
    }
  }

  mark(event: HistoryEvent): void {
    this.#events.push(event);
    if (this.#events.length > most.events) this.#events.shift();
  }

  clear(): void {
    this.#ticks = [];
    this.#values = 0;
    this.#events = [];
  }

  take(): Batch {
    const forget = this.#known.size > mostLists;
    if (forget) this.#known = new Map();
    const columns: { id: number; list: readonly HistoryColumn[] }[] = [];
    const idOf = (list: readonly HistoryColumn[]): number => {
      let id = this.#known.get(list);
      if (id === undefined) {
        id = this.#known.size;
        this.#known.set(list, id);
        columns.push({ id, list });
      }
      return id;
    };
    const ticks = this.#ticks.map(({ rows, ...tick }) => ({
      ...tick,
      rows: rows.map(({ columns: list, ...row }) => ({ ...row, columns: idOf(list) })),
    }));
    const events = this.#events;
    this.clear();
    this.#full = false;
    return { forget, columns, ticks, events };
  }

  /** The worker is a new one, and knows no lists. */
  begin(): void {
    this.#known = new Map();
  }
}

const valuesIn = ({ rows }: HistoryTick): number => rows.reduce((sum, { values }) => sum + values.length, 0);

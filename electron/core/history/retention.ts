/**
 * What goes, and when: each tier after its days, and the oldest readings first, the finest first, when the file has
 * grown to its budget. Works in small pieces, so that recording never waits long. Called by the store.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { HistorySettings } from '#shared/model/settings.ts';
import type { Tier } from '#shared/model/history.ts';
import { sizeOf } from './schema.ts';
import type { Tables } from './tables.ts';
import { dayMs, hourMs, minuteMs, startOf } from './time.ts';

/** Rows that are removed in one go. */
const batch = 400;
/** Parts of the budget: from where room is made, and how far. */
const full = 0.97;
const roomy = 0.94;

const spans = {
  raw: { begin: 't0', bytes: 'chunk', lengthMs: 0 },
  minute: { begin: 't0', bytes: 'steps', lengthMs: hourMs },
  hour: { begin: 't0', bytes: 'steps', lengthMs: dayMs },
} as const;

interface Oldest {
  readonly id: number;
  readonly end: number;
  readonly size: number;
}

export class Retention {
  readonly #db: DatabaseSync;
  readonly #tables: Tables;
  #makingRoom = false;

  constructor(db: DatabaseSync, tables: Tables) {
    this.#db = db;
    this.#tables = tables;
  }

  /** The newest reading of all hosts, packed or rolled; undefined when there is none. */
  newestAt(): number | undefined {
    const newest = Math.max(...(['raw', 'minute', 'hour'] as const).map((tier) => this.#tables.tier(tier).lastAt ?? 0));
    return newest > 0 ? newest : undefined;
  }

  /** Removes some of what is past its days; false when nothing is. */
  expire(settings: HistorySettings, now: number): boolean {
    const days: Record<Tier, number> = {
      raw: settings.rawDays,
      minute: settings.minuteDays,
      hour: settings.hourDays,
    };
    // Readings that are not rolled yet would leave nothing behind.
    const rolled = this.#rolledUpTo();
    return (['raw', 'minute', 'hour'] as const).some((tier) => {
      const before = now - days[tier] * dayMs;
      return this.#remove(tier, tier === 'raw' ? Math.min(before, rolled) : before);
    });
  }

  /**
   * Below the budget again: `enough`; removed something: `more`; `roll` when readings could go once they are rolled;
   * `full` when nothing is left that could.
   */
  makeRoom(budget: number, now: number, force: boolean): 'enough' | 'more' | 'roll' | 'full' {
    const { bytes, free } = sizeOf(this.#db);
    const used = bytes - free;
    if (used <= budget * (this.#makingRoom ? roomy : full)) {
      this.#makingRoom = false;
      // The file itself shrinks only when it is larger than it may be; else what is free is used again.
      if (bytes <= budget || free === 0) return 'enough';
      this.#db.exec('PRAGMA incremental_vacuum(256)');
      return 'more';
    }
    this.#makingRoom = true;
    // The newest minutes stay, whatever the budget.
    const newest = startOf(now, minuteMs) - 10 * minuteMs;
    if (this.#remove('raw', Math.min(this.#rolledUpTo(), newest))) return 'more';
    if (!force && this.#hasRaw(newest)) return 'roll';
    if (force && this.#remove('raw', newest)) return 'more';
    if (this.#remove('minute', this.#rolledUpTo()) || this.#remove('hour', startOf(now, dayMs))) return 'more';
    return used > budget ? 'full' : 'enough';
  }

  /** Pieces and hosts of which nothing is left. True when there were any. */
  forgetGone(before: number): boolean {
    const gone = this.#tables
      .sql(
        `DELETE FROM piece WHERE id IN (SELECT id FROM piece p WHERE last_at < ?
           AND NOT EXISTS (SELECT 1 FROM raw WHERE piece = p.id) AND NOT EXISTS (SELECT 1 FROM minute WHERE piece = p.id)
           AND NOT EXISTS (SELECT 1 FROM hour WHERE piece = p.id) AND NOT EXISTS (SELECT 1 FROM j WHERE host = p.host)
           LIMIT ${batch})`,
      )
      .run(before);
    this.#tables.sql('DELETE FROM event WHERE at < ?').run(before);
    return Number(gone.changes) > 0;
  }

  /** All readings before this moment have been rolled. */
  #rolledUpTo(): number {
    return Number(this.#tables.sql('SELECT min(hour) AS hour FROM due').get()?.['hour'] ?? Infinity);
  }

  #hasRaw(before: number): boolean {
    return (
      this.#tables.sql('SELECT 1 FROM (SELECT t1 FROM raw ORDER BY id LIMIT 1) WHERE t1 < ?').get(before) !== undefined
    );
  }

  /** Rows are numbered as they were made, so the first ones are the oldest. */
  #remove(tier: Tier, before: number): boolean {
    const { lengthMs, bytes } = spans[tier];
    const end = tier === 'raw' ? 't1 + 1' : `t0 + ${lengthMs}`;
    const oldest = this.#tables
      .sql(`SELECT id, ${end} AS end, length(${bytes}) AS size FROM ${tier} ORDER BY id LIMIT ${batch}`)
      .all() as unknown as Oldest[];
    const past = oldest.filter((row) => row.end <= before);
    // A row that is younger than those behind it must not hold them up for ever; it holds them up until its time.
    if (past.length === 0) return false;
    const drop = this.#tables.sql(`DELETE FROM ${tier} WHERE id = ?`);
    let size = 0;
    let lost = 0;
    for (const row of past) {
      drop.run(row.id);
      size += row.size;
      lost = Math.max(lost, row.end);
    }
    this.#tables.grew(tier, -size);
    this.#tables.lost(tier, lost);
    return true;
  }
}

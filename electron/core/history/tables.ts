/**
 * The history's rows of bytes: chunks, steps, journal rows and what is known of each tier as a whole. Keeps no state
 * beyond prepared statements; used by whatever records, packs, rolls, removes and reads.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Tier } from '#shared/model/history.ts';
import { tiers } from '#shared/model/history.ts';

export interface JournalRow {
  readonly seq: number;
  readonly at: number;
  readonly layout: number;
  readonly signals: Uint8Array;
  readonly rest: Uint8Array;
}

export interface ChunkRow {
  readonly id: number;
  readonly t0: number;
  readonly t1: number;
  readonly shape: number;
  readonly chunk: Uint8Array;
}

export interface StepRow {
  readonly id: number;
  /** Beginning of the hour, or the day. */
  readonly t0: number;
  readonly shape: number;
  readonly steps: Uint8Array;
}

export interface TierRow {
  readonly bytes: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  /** Something from before this moment was removed: of what is older, not all is there. */
  readonly lostBefore: number;
}

export type StepTier = Exclude<Tier, 'raw'>;

export class Tables {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) this.#statements.set(text, (statement = this.#db.prepare(text)));
    return statement;
  }

  journal(host: number): readonly JournalRow[] {
    return this.sql('SELECT seq, at, layout, signals, rest FROM j WHERE host = ? ORDER BY seq').all(
      host,
    ) as unknown as JournalRow[];
  }

  journalSignals(host: number): readonly JournalRow[] {
    return this.sql("SELECT seq, at, layout, signals, x'' AS rest FROM j WHERE host = ? ORDER BY seq").all(
      host,
    ) as unknown as JournalRow[];
  }

  layout(id: number): Uint8Array | undefined {
    return this.sql('SELECT pieces FROM layout WHERE id = ?').get(id)?.['pieces'] as Uint8Array | undefined;
  }

  /** Of a piece, those that reach into [from, to), in order. They do not overlap. */
  chunks(piece: number, from: number, to: number): readonly ChunkRow[] {
    return this.sql('SELECT id, t0, t1, shape, chunk FROM raw WHERE piece = ? AND t1 >= ? AND t0 < ? ORDER BY t1').all(
      piece,
      from,
      to,
    ) as unknown as ChunkRow[];
  }

  steps(tier: StepTier, piece: number, from: number, to: number): readonly StepRow[] {
    return this.sql(`SELECT id, t0, shape, steps FROM ${tier} WHERE piece = ? AND t0 >= ? AND t0 < ? ORDER BY t0`).all(
      piece,
      from,
      to,
    ) as unknown as StepRow[];
  }

  putSteps(tier: StepTier, piece: number, t0: number, shape: number, steps: Uint8Array): void {
    const before = this.sql(`SELECT length(steps) AS size FROM ${tier} WHERE piece = ? AND t0 = ?`).get(piece, t0);
    this.sql(
      `INSERT INTO ${tier} (piece, t0, shape, steps) VALUES (?, ?, ?, ?)
       ON CONFLICT (piece, t0) DO UPDATE SET shape = excluded.shape, steps = excluded.steps`,
    ).run(piece, t0, shape, steps);
    this.grew(tier, steps.length - Number(before?.['size'] ?? 0));
  }

  dropSteps(tier: StepTier, { id, steps }: StepRow): void {
    this.sql(`DELETE FROM ${tier} WHERE id = ?`).run(id);
    this.grew(tier, -steps.length);
  }

  dueHours(host: number): ReadonlySet<number> {
    const rows = this.sql('SELECT hour FROM due WHERE host = ?').all(host);
    return new Set(rows.map(({ hour }) => hour as number));
  }

  tier(tier: Tier): TierRow {
    const row = this.sql('SELECT bytes, first_at, last_at, lost_before FROM tier WHERE tier = ?').get(
      tiers.indexOf(tier),
    );
    return {
      bytes: Number(row?.['bytes'] ?? 0),
      firstAt: (row?.['first_at'] as number | null) ?? undefined,
      lastAt: (row?.['last_at'] as number | null) ?? undefined,
      lostBefore: Number(row?.['lost_before'] ?? 0),
    };
  }

  grew(tier: Tier, bytes: number): void {
    this.sql('UPDATE tier SET bytes = max(0, bytes + ?) WHERE tier = ?').run(bytes, tiers.indexOf(tier));
  }

  reaches(tier: Tier, from: number, to: number): void {
    this.sql(
      `UPDATE tier SET first_at = min(coalesce(first_at, ?1), ?1), last_at = max(coalesce(last_at, ?2), ?2)
       WHERE tier = ?3`,
    ).run(from, to, tiers.indexOf(tier));
  }

  lost(tier: Tier, before: number): void {
    this.sql(
      `UPDATE tier SET lost_before = max(lost_before, ?1), first_at = max(first_at, ?1), last_at = max(last_at, ?1)
       WHERE tier = ?2`,
    ).run(before, tiers.indexOf(tier));
  }
}

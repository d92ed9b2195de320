/**
 * The console's clock was set back: what is recorded from now on takes the place of what was recorded under later
 * times. Removes of one host all that stands at or after a moment, in every tier. Called by recorder.ts, within the
 * transaction of the tick that comes now.
 */
import { decodeChunk, encodeChunk } from './codec/raw-chunk.ts';
import { Damaged } from './codec/bytes.ts';
import { headOf } from './codec/block.ts';
import { firstSteps } from './codec/steps.ts';
import { decodeSteps, encodeSteps } from './codec/step-chunk.ts';
import type { Dictionary, Piece } from './dictionary.ts';
import type { ChunkRow, StepRow, StepTier, Tables } from './tables.ts';
import { dayMs, hourMs, minuteMs, startOf } from './time.ts';

/** A clock that is this far behind what was recorded is not believed: what it would replace never comes back. */
const mostReplaced = dayMs;

/** What is recorded now would take the place of more than a day of readings. */
export class ClockBehind extends Error {
  readonly at: number;
  readonly newest: number;

  constructor(at: number, newest: number) {
    super(`the clock says ${new Date(at).toISOString()}, the newest reading is of ${new Date(newest).toISOString()}`);
    this.at = at;
    this.newest = newest;
  }
}

/** Throws ClockBehind. Where nothing was recorded nothing is lost: a clock that was years ahead for a minute may go back. */
export function checkSetBack(tables: Tables, host: number, at: number, newest: number): void {
  if (newest - at <= mostReplaced) return;
  const pieces = 'piece IN (SELECT id FROM piece WHERE host = ?1) AND t0 >= ?2';
  const found = tables
    .sql(
      `SELECT min(t0) AS first FROM (SELECT min(t0) AS t0 FROM raw WHERE ${pieces}
         UNION ALL SELECT min(t0) FROM hour WHERE ${pieces} UNION ALL SELECT min(at) FROM j WHERE host = ?1 AND at >= ?2)`,
    )
    .get(host, at)?.['first'];
  if (newest - Number(found ?? newest) > mostReplaced) throw new ClockBehind(at, newest);
}

export function setBack(tables: Tables, dictionary: Dictionary, host: number, at: number): void {
  const gone = tables
    .sql('SELECT coalesce(sum(length(signals) + length(rest)), 0) AS size FROM j WHERE host = ? AND at >= ?')
    .get(host, at);
  tables.grew('raw', -Number(gone?.['size'] ?? 0));
  tables.sql('DELETE FROM j WHERE host = ? AND at >= ?').run(host, at);
  for (const piece of dictionary.pieces(host)) {
    for (const row of tables.chunks(piece.id, at, Infinity)) cutChunk(tables, dictionary, row, at);
    for (const row of tables.steps('minute', piece.id, startOf(at, hourMs), Infinity))
      cutSteps(tables, dictionary, 'minute', piece, row, at);
    for (const row of tables.steps('hour', piece.id, startOf(at, dayMs), Infinity))
      cutSteps(tables, dictionary, 'hour', piece, row, at);
    const last = tables.sql('SELECT max(t1) AS last FROM raw WHERE piece = ?').get(piece.id)?.['last'] ?? 0;
    tables
      .sql('UPDATE piece SET first_at = min(first_at, ?1), last_at = ?2 WHERE id = ?3 AND last_at >= ?1')
      .run(at, Math.min(at, Number(last)), piece.id);
  }
  tables.sql('DELETE FROM due WHERE host = ? AND hour > ?').run(host, at);
  // From before this moment nothing is lost that was not lost already; what comes is whole.
  tables.sql('UPDATE tier SET last_at = min(last_at, ?1), lost_before = min(lost_before, ?1)').run(at);
}

function cutChunk(tables: Tables, dictionary: Dictionary, row: ChunkRow, at: number): void {
  const remove = (): void => {
    tables.sql('DELETE FROM raw WHERE id = ?').run(row.id);
    tables.grew('raw', -row.chunk.length);
  };
  if (row.t0 >= at) return remove();
  try {
    const block = decodeChunk(row.chunk, dictionary.shape(row.shape));
    const head = headOf(
      block,
      block.times.findIndex((time) => time >= at),
    );
    const chunk = encodeChunk(head);
    tables.sql('UPDATE raw SET t1 = ?, chunk = ? WHERE id = ?').run(head.times.at(-1) as number, chunk, row.id);
    tables.grew('raw', chunk.length - row.chunk.length);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    remove();
  }
}

function cutSteps(
  tables: Tables,
  dictionary: Dictionary,
  tier: StepTier,
  { id }: Piece,
  row: StepRow,
  at: number,
): void {
  if (row.t0 >= at) return tables.dropSteps(tier, row);
  try {
    const steps = decodeSteps(row.steps, dictionary.shape(row.shape));
    const stepMs = tier === 'minute' ? minuteMs : hourMs;
    const count = steps.begins.filter((begin) => begin + stepMs <= at).length;
    if (count === 0) return tables.dropSteps(tier, row);
    tables.putSteps(tier, id, row.t0, row.shape, encodeSteps(firstSteps(steps, count)));
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    tables.dropSteps(tier, row);
  }
}

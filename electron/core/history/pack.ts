/**
 * Packing: the journal's rows of one host become a chunk for each of its pieces, and go, in one transaction. Called
 * by the store when a host has enough of them, or has been silent for long.
 */
import { joinBlocks } from './codec/block.ts';
import { encodeChunk } from './codec/raw-chunk.ts';
import type { Dictionary } from './dictionary.ts';
import type { HostState } from './host-state.ts';
import { replay } from './replay.ts';
import type { Tables } from './tables.ts';

/** Rows of the journal that could not be read and are gone with it. */
export function packHost(tables: Tables, dictionary: Dictionary, host: HostState): number {
  const { id } = host.entry;
  const rows = tables.journal(id);
  const { blocks, damaged } = replay(rows, tables, dictionary, dictionary.pieces(id), 'all');
  let grown = 0;
  for (const [piece, parts] of blocks) {
    const columns = new Set(parts.flatMap(({ shape }) => shape.columns));
    const only = parts.length === 1 ? parts[0]?.shape : undefined;
    const block = joinBlocks(parts, only ?? dictionary.shapeOf([...columns]));
    const chunk = encodeChunk(block);
    const [t0, t1] = [block.times[0] as number, block.times.at(-1) as number];
    tables
      .sql('INSERT INTO raw (piece, t0, t1, shape, chunk) VALUES (?, ?, ?, ?, ?)')
      .run(piece, t0, t1, block.shape.id, chunk);
    tables.sql('UPDATE piece SET last_at = max(last_at, ?) WHERE id = ?').run(t1, piece);
    grown += chunk.length;
  }
  for (const { signals, rest } of rows) grown -= signals.length + rest.length;
  tables.grew('raw', grown);
  tables.sql('DELETE FROM j WHERE host = ?').run(id);
  tables.sql('DELETE FROM layout WHERE host = ?').run(id);
  const [first, last] = [rows[0]?.at, rows.at(-1)?.at];
  if (first !== undefined && last !== undefined) tables.reaches('raw', first, last);
  return damaged;
}

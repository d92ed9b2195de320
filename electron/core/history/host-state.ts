/**
 * What recording knows of a host between two ticks, and how it is found again in the tables after a start. Used by
 * recorder.ts and by what is due (chores.ts).
 */
import type { HistoryColumn } from '#shared/model/history.ts';
import { Allowance, most } from './admission.ts';
import type { Dictionary, HostEntry, Part, Piece, Shape } from './dictionary.ts';
import type { PieceState } from './journal-tick.ts';
import { replay } from './replay.ts';
import type { Tables } from './tables.ts';

/** Which columns of a row go into a piece. */
export interface Cut {
  readonly part: Part;
  readonly shape: Shape;
  readonly places: readonly number[];
}

export interface HostState {
  readonly entry: HostEntry;
  name: string;
  /** The newest reading; 0 when there is none. */
  lastAt: number;
  /** Of the journal: its rows, their values, the oldest. */
  rows: number;
  values: number;
  oldestAt: number;
  /** Rows at which it is packed. */
  packAt: number;
  readonly due: Set<number>;
  readonly pieces: Map<string, Piece>;
  readonly names: Map<number, string>;
  /** What is known of each piece, also of those that the newest tick did not tell. */
  states: Map<number, PieceState>;
  /** As in the newest row; undefined when the next row must begin a run. */
  run: readonly PieceState[] | undefined;
  layout: number;
  /** Of the host's own rows, and of its guests'. */
  readonly hostCuts: WeakMap<readonly HistoryColumn[], readonly Cut[]>;
  readonly guestCuts: WeakMap<readonly HistoryColumn[], readonly Cut[]>;
  /** What was read before this moment says nothing of when a counter grew. */
  setBackTo: number;
  readonly columns: Allowance;
  readonly guests: Allowance;
}

export interface HostOptions {
  readonly tables: Tables;
  readonly dictionary: Dictionary;
  /** Readings of a host that are packed together. */
  readonly chunkTicks: number;
  warn(words: string, facts: Record<string, unknown>): void;
}

export const pieceKey = (guest: string, part: Part): string => `${part}${guest}`;

/** Adds the host when it is new. */
export function loadHost({ tables, dictionary, chunkTicks, warn }: HostOptions, key: string, name: string): HostState {
  const entry = dictionary.host(key) ?? dictionary.addHost(key, name.slice(0, most.name));
  const own = tables.sql('SELECT name FROM host WHERE id = ?').get(entry.id);
  const pieces = dictionary.pieces(entry.id);
  const known = tables.sql('SELECT id, name, last_at FROM piece WHERE host = ?').all(entry.id);
  const rows = tables.journal(entry.id);
  const { states, damaged } = replay(rows, tables, dictionary, pieces, 'all');
  if (damaged > 0) warn('journal rows that cannot be read are left out', { host: key, rows: damaged });
  return {
    entry,
    name: String(own?.['name'] ?? ''),
    lastAt: rows.at(-1)?.at ?? known.reduce((last, row) => Math.max(last, Number(row['last_at'])), 0),
    rows: rows.length,
    values: 0,
    oldestAt: rows[0]?.at ?? 0,
    // Hosts that begin together do not pack together.
    packAt: Math.ceil(chunkTicks / 3) + ((entry.id * 17) % chunkTicks),
    due: new Set(tables.dueHours(entry.id)),
    pieces: new Map(pieces.map((piece) => [pieceKey(piece.guest, piece.part), piece])),
    names: new Map(known.map((row) => [row['id'] as number, row['name'] as string])),
    states: new Map(states?.map((state) => [state.piece.id, state])),
    run: states,
    layout: rows.at(-1)?.layout ?? 0,
    hostCuts: new WeakMap(),
    guestCuts: new WeakMap(),
    setBackTo: 0,
    columns: new Allowance(most.newColumns),
    guests: new Allowance(most.newGuests),
  };
}

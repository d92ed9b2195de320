/**
 * The journal's rows of one host as blocks, one for each piece and run of rows. Used to pack them, to go on after a
 * start, and by every query that reaches into the last minutes.
 */
import type { Block } from './codec/block.ts';
import { ByteReader, Damaged } from './codec/bytes.ts';
import type { ByteWriter } from './codec/bytes.ts';
import { partOf } from './dictionary.ts';
import type { Dictionary, Piece, Shape } from './dictionary.ts';
import { advance, readState, readTick, readValues } from './journal-tick.ts';
import type { PieceState } from './journal-tick.ts';
import type { JournalRow, Tables } from './tables.ts';

export interface Replay {
  /** By the piece's number, in order of time. */
  readonly blocks: ReadonlyMap<number, readonly Block[]>;
  /** The pieces of the newest row, as the next row continues them; undefined when no further row can. */
  readonly states: readonly PieceState[] | undefined;
  readonly damaged: number;
}

export type LayoutEntry = { readonly piece: Piece; readonly shape: Shape };

interface Run {
  readonly state: PieceState;
  readonly prevAt: number;
  readonly leads: Float64Array;
  readonly times: number[];
  readonly intervals: number[];
  readonly rows: Float64Array[];
}

/** @param only `signals` reads no more than the rows' heads */
export function replay(
  rows: readonly JournalRow[],
  tables: Tables,
  dictionary: Dictionary,
  pieces: readonly Piece[],
  only: 'signals' | 'all',
): Replay {
  const blocks = new Map<number, Block[]>();
  const layouts = new Map<number, readonly LayoutEntry[]>();
  let runs: Run[] | undefined;
  let layoutOfRun = 0;
  let damaged = 0;
  const finish = (): void => {
    for (const run of runs ?? []) {
      const { id } = run.state.piece;
      const known = blocks.get(id);
      if (known === undefined) blocks.set(id, [blockOf(run)]);
      else known.push(blockOf(run));
    }
    runs = undefined;
  };
  const layoutOf = (id: number): readonly LayoutEntry[] => {
    let layout = layouts.get(id);
    if (layout === undefined) layouts.set(id, (layout = readLayout(tables.layout(id), dictionary, pieces)));
    return layout;
  };
  for (const row of rows) {
    try {
      const tick = readTick(row);
      const rest = only === 'all' ? tick.rest() : undefined;
      const bytesOf = ({ part }: Piece): ByteReader | undefined => (part === partOf.signals ? tick.signals : rest);
      if (tick.key) {
        finish();
        layoutOfRun = row.layout;
        const begun: Run[] = [];
        for (const { piece, shape } of layoutOf(row.layout)) {
          const bytes = bytesOf(piece);
          if (bytes === undefined) continue;
          const state = readState(bytes, piece, shape, row.at);
          const leads = state.told.slice();
          begun.push({ state, prevAt: state.prevAt, leads, times: [], intervals: [], rows: [] });
          take(begun.at(-1) as Run, row.at, tick.intervalMs, readValues(bytes, state.last));
        }
        runs = begun;
      } else if (runs === undefined || row.layout !== layoutOfRun) throw new Damaged('no key row');
      else {
        // Read whole before any of it counts: a row that ends early must not leave its pieces at different moments.
        const values = runs.map(({ state }) => readValues(bytesOf(state.piece) as ByteReader, state.last));
        runs.forEach((run, index) => take(run, row.at, tick.intervalMs, values[index] as Float64Array));
      }
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      damaged += 1;
      finish();
    }
  }
  const states = runs?.map(({ state }) => state);
  finish();
  return { blocks, states, damaged };
}

function take(run: Run, at: number, intervalMs: number, values: Float64Array): void {
  run.times.push(at);
  run.intervals.push(intervalMs);
  run.rows.push(values);
  advance(run.state, at, intervalMs, values);
}

function blockOf({ state, prevAt, leads, times, intervals, rows }: Run): Block {
  return {
    shape: state.shape,
    times: Float64Array.from(times),
    intervals: Float64Array.from(intervals),
    prevAt,
    lead: (column) => leads[column] ?? 0,
    column: (column) => {
      const values = new Float64Array(rows.length);
      for (let index = 0; index < rows.length; index++) values[index] = (rows[index] as Float64Array)[column] as number;
      return values;
    },
  };
}

function readLayout(bytes: Uint8Array | undefined, dictionary: Dictionary, pieces: readonly Piece[]): LayoutEntry[] {
  if (bytes === undefined) throw new Damaged('no layout');
  const known = new Map(pieces.map((piece) => [piece.id, piece]));
  const reader = new ByteReader(bytes);
  const entries: LayoutEntry[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const piece = known.get(reader.varint());
    const shape = dictionary.shape(reader.varint());
    if (piece === undefined) throw new Damaged('no piece');
    entries.push({ piece, shape });
  }
  return entries;
}

export function writeLayout(out: ByteWriter, entries: readonly LayoutEntry[]): Uint8Array {
  out.varint(entries.length);
  for (const { piece, shape } of entries) {
    out.varint(piece.id);
    out.varint(shape.id);
  }
  return out.take();
}

/**
 * Takes ticks into the journal: finds the pieces and columns a tick speaks of, tells each value as what moved since
 * the tick before, and keeps what is needed to go on. Whatever fails here is rolled back by the store, which then
 * calls `forget`: what is in memory may name rows that were never written.
 */
import type { HistoryColumn } from '#shared/model/history.ts';
import type { HistoryRow, HistoryTick } from '#core/ports.ts';
import { fitValue, isFitColumn, most } from './admission.ts';
import { ByteWriter } from './codec/bytes.ts';
import { partOf } from './dictionary.ts';
import type { Part, Piece, Shape } from './dictionary.ts';
import { loadHost, pieceKey } from './host-state.ts';
import type { Cut, HostOptions, HostState } from './host-state.ts';
import { advance, encodeTick, freshState } from './journal-tick.ts';
import type { PieceState } from './journal-tick.ts';
import { writeLayout } from './replay.ts';
import { checkSetBack, setBack } from './set-back.ts';
import { hourMs, startOf } from './time.ts';

export interface RecorderOptions extends HostOptions {
  /** A host's clock went back from `was`. */
  onSetBack(host: string, at: number, was: number): void;
}

const isSignal = ({ metric }: HistoryColumn): boolean => metric.startsWith('signal.');
const latest = 8.64e15;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #hosts = new Map<string, HostState>();
  readonly #out = new ByteWriter();
  #loaded = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  forget(): void {
    this.#hosts.clear();
    this.#loaded = false;
  }

  /** Those that have something in the journal or to be rolled, also when they are not watched any more. */
  hosts(): Iterable<HostState> {
    if (!this.#loaded) {
      const { tables, dictionary } = this.#options;
      const rows = tables.sql('SELECT DISTINCT host FROM j UNION SELECT DISTINCT host FROM due').all();
      const busy = new Set(rows.map(({ host }) => host));
      for (const { id, key } of dictionary.hosts()) if (busy.has(id)) this.#host(key, '');
      this.#loaded = true;
    }
    return this.#hosts.values();
  }

  /** Answers the host as it is now; undefined when the tick told nothing that could be kept. Throws ClockBehind. */
  record(tick: HistoryTick): HostState | undefined {
    const at = Math.round(tick.at);
    if (!(at > 0 && at <= latest)) return undefined;
    const intervalMs = Math.min(Math.max(Math.round(tick.intervalMs), 1), 86_400_000);
    const { tables } = this.#options;
    let host = this.#host(tick.host, tick.hostName);
    if (tick.hostName !== host.name && tick.hostName !== '') {
      host.name = tick.hostName.slice(0, most.name);
      tables.sql('UPDATE host SET name = ? WHERE id = ?').run(host.name, host.entry.id);
    }
    if (at <= host.lastAt) host = this.#setBack(host, at);
    const { states, values } = this.#take(host, tick.rows, at);
    if (states.length === 0) return undefined;
    const key = host.run === undefined || !sameRun(host.run, states);
    if (key) host.layout = this.#layout(host, states);
    const row = encodeTick(at, intervalMs, key, states, values);
    tables
      .sql('INSERT INTO j (host, at, layout, signals, rest) VALUES (?, ?, ?, ?, ?)')
      .run(host.entry.id, at, host.layout, row.signals, row.rest);
    tables.grew('raw', row.signals.length + row.rest.length);
    host.run = states;
    states.forEach((state, index) => advance(state, at, intervalMs, values[index] as Float64Array));
    if (host.rows === 0) host.oldestAt = at;
    host.lastAt = at;
    host.rows += 1;
    host.values += values.reduce((sum, { length }) => sum + length, 0);
    const hour = startOf(at, hourMs);
    if (!host.due.has(hour)) {
      tables.sql('INSERT OR IGNORE INTO due (host, hour) VALUES (?, ?)').run(host.entry.id, hour);
      host.due.add(hour);
    }
    return host;
  }

  #host(key: string, name: string): HostState {
    let host = this.#hosts.get(key);
    if (host === undefined) this.#hosts.set(key, (host = loadHost(this.#options, key, name)));
    return host;
  }

  /** The tick's pieces in its order, each with its values on its shape. */
  #take(host: HostState, rows: readonly HistoryRow[], at: number): Taken {
    const taken: Taken = { states: [], values: [] };
    const seen = new Set<Piece>();
    let guestColumns = 0;
    for (const row of rows) {
      if (row.guest.length > most.guest) continue;
      if (row.guest !== '') guestColumns += row.columns.length;
      if (guestColumns > most.guestColumns) {
        this.#options.warn('a host tells of more guests than are kept', { host: host.entry.key });
        break;
      }
      for (const cut of this.#cuts(host, row, at)) {
        const piece = this.#piece(host, row, cut.part, at);
        if (piece === undefined || seen.has(piece)) continue;
        seen.add(piece);
        const values = new Float64Array(cut.places.length);
        for (let index = 0; index < values.length; index++)
          values[index] = fitValue(row.values[cut.places[index] as number] ?? NaN, cut.shape.counters[index] === true);
        taken.states.push(this.#state(host, piece, cut.shape));
        taken.values.push(values);
      }
    }
    return taken;
  }

  #cuts(host: HostState, { guest, columns }: HistoryRow, at: number): readonly Cut[] {
    const cache = guest === '' ? host.hostCuts : host.guestCuts;
    const known = cache.get(columns);
    if (known !== undefined) return known;
    const ids = new Map<number, number>();
    columns.slice(0, most.hostColumns).forEach((column, place) => {
      const id = isFitColumn(column) ? this.#column(host, column, at) : undefined;
      if (id !== undefined && !ids.has(id)) ids.set(id, place);
    });
    const parts = guest === '' ? ([partOf.entity, partOf.signals] as const) : ([partOf.entity] as const);
    const cuts = parts.flatMap((part): Cut[] => {
      const own = [...ids].filter(
        ([, place]) => parts.length === 1 || isSignal(columns[place] as HistoryColumn) === (part === partOf.signals),
      );
      if (own.length === 0 && part === partOf.signals) return [];
      const shape = this.#options.dictionary.shapeOf(own.map(([id]) => id));
      return [{ part, shape, places: own.map(([, place]) => place) }];
    });
    cache.set(columns, cuts);
    return cuts;
  }

  #column(host: HostState, column: HistoryColumn, at: number): number | undefined {
    const { dictionary, warn } = this.#options;
    const known = dictionary.columnId(column);
    if (known !== undefined) return known;
    if (host.columns.take(at)) return dictionary.addColumn(column);
    warn('a host tells of more new columns than are kept', { host: host.entry.key });
    return undefined;
  }

  #piece(host: HostState, { guest, name }: HistoryRow, part: Part, at: number): Piece | undefined {
    const key = pieceKey(guest, part);
    const { dictionary, tables, warn } = this.#options;
    const fit = name.slice(0, most.name);
    let piece = host.pieces.get(key);
    if (piece === undefined) {
      if (!host.guests.take(at)) {
        warn('a host tells of more new guests than are kept', { host: host.entry.key });
        return undefined;
      }
      piece = dictionary.addPiece({ host: host.entry.id, guest, part }, fit, at);
      host.pieces.set(key, piece);
    } else if (host.names.get(piece.id) !== fit)
      tables.sql('UPDATE piece SET name = ? WHERE id = ?').run(fit, piece.id);
    host.names.set(piece.id, fit);
    return piece;
  }

  /** What is known of the piece, on the shape it has now. */
  #state(host: HostState, piece: Piece, shape: Shape): PieceState {
    const known = host.states.get(piece.id);
    if (known?.shape.id === shape.id) return known;
    const last = this.#options.tables.sql('SELECT first_at, last_at FROM piece WHERE id = ?').get(piece.id);
    // A piece that was just added has its first reading now: there is nothing before it.
    const before = host.lastAt > 0 && Number(last?.['last_at']) <= host.lastAt ? Number(last?.['last_at']) : 0;
    const state = freshState(piece, shape, known?.prevAt ?? before);
    if (state.prevAt < host.setBackTo) state.told.fill(0);
    if (known !== undefined)
      shape.columns.forEach((column, index) => {
        const own = known.shape.indexOf(column);
        if (own !== undefined) state.told[index] = known.told[own] as number;
      });
    host.states.set(piece.id, state);
    return state;
  }

  #layout(host: HostState, states: readonly PieceState[]): number {
    const { lastInsertRowid } = this.#options.tables
      .sql('INSERT INTO layout (host, pieces) VALUES (?, ?)')
      .run(host.entry.id, writeLayout(this.#out, states));
    return Number(lastInsertRowid);
  }

  #setBack(host: HostState, at: number): HostState {
    const { tables, dictionary, onSetBack } = this.#options;
    checkSetBack(tables, host.entry.id, at, host.lastAt);
    if (at < host.lastAt) onSetBack(host.entry.key, at, host.lastAt);
    setBack(tables, dictionary, host.entry.id, at);
    const { key } = host.entry;
    this.#hosts.delete(key);
    const left = this.#host(key, host.name);
    left.setBackTo = at;
    // The time in which a counter grew that is told now is not the time from what is left to now.
    for (const { told } of left.states.values()) told.fill(0);
    left.run = undefined;
    return left;
  }
}

interface Taken {
  readonly states: PieceState[];
  readonly values: Float64Array[];
}

const sameRun = (before: readonly PieceState[], now: readonly PieceState[]): boolean =>
  before.length === now.length && before.every((state, index) => state === now[index]);

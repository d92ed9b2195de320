/**
 * What stands in the history's tables under a short number: hosts, their pieces (the host itself, its signals, each
 * guest), columns, and lists of columns. Used by whatever reads or writes the tables.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { HistoryColumn } from '#shared/model/history.ts';
import { ByteReader, ByteWriter, unzigzag, zigzag } from './codec/bytes.ts';

/** A list of columns. Guests of a kind share one. */
export interface Shape {
  readonly id: number;
  /** Numbers of columns. */
  readonly columns: readonly number[];
  readonly counters: readonly boolean[];
  indexOf(column: number): number | undefined;
}

/** A host's signals are a piece of their own: what is asked of the whole fleet then reads little. */
export const partOf = { entity: 0, signals: 1 } as const;
export type Part = (typeof partOf)[keyof typeof partOf];

export interface Piece {
  readonly id: number;
  readonly host: number;
  readonly guest: string;
  readonly part: Part;
}

export interface HostEntry {
  readonly id: number;
  readonly key: string;
}

type Row = Record<string, number | string | Uint8Array>;

const pieceOf = ({ id, host, guest, part }: Row): Piece => ({
  id: id as number,
  host: host as number,
  guest: guest as string,
  part: part as Part,
});

export class Dictionary {
  readonly #db: DatabaseSync;
  readonly #columns = new Map<number, HistoryColumn>();
  readonly #columnIds = new Map<string, number>();
  readonly #shapes = new Map<number, Shape>();
  readonly #shapesByText = new Map<string, Shape>();
  readonly #statements = new Map<string, StatementSync>();
  readonly #writer = new ByteWriter();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** What was looked up or added since the last commit may not be there: forgets all of it. */
  forget(): void {
    this.#columns.clear();
    this.#columnIds.clear();
    this.#shapes.clear();
    this.#shapesByText.clear();
  }

  hosts(): readonly HostEntry[] {
    return this.#prepared('SELECT id, key FROM host').all() as unknown as HostEntry[];
  }

  host(key: string): HostEntry | undefined {
    return this.#prepared('SELECT id, key FROM host WHERE key = ?').get(key) as HostEntry | undefined;
  }

  addHost(key: string, name: string): HostEntry {
    const { lastInsertRowid } = this.#prepared('INSERT INTO host (key, name) VALUES (?, ?)').run(key, name);
    return { id: Number(lastInsertRowid), key };
  }

  piece(host: number, guest: string, part: Part): Piece | undefined {
    const row = this.#prepared('SELECT id, host, guest, part FROM piece WHERE host = ? AND guest = ? AND part = ?');
    const found = row.get(host, guest, part) as Row | undefined;
    return found === undefined ? undefined : pieceOf(found);
  }

  pieces(host: number): readonly Piece[] {
    const rows = this.#prepared('SELECT id, host, guest, part FROM piece WHERE host = ? ORDER BY id').all(host);
    return (rows as Row[]).map(pieceOf);
  }

  addPiece(piece: Omit<Piece, 'id'>, name: string, at: number): Piece {
    const { lastInsertRowid } = this.#prepared(
      'INSERT INTO piece (host, guest, part, name, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(piece.host, piece.guest, piece.part, name, at, at);
    return { ...piece, id: Number(lastInsertRowid) };
  }

  column(id: number): HistoryColumn {
    const known = this.#columns.get(id);
    if (known !== undefined) return known;
    const row = this.#prepared('SELECT metric, instance, counter FROM col WHERE id = ?').get(id) as Row | undefined;
    if (row === undefined) throw new Error(`column ${id} is not in the dictionary`);
    const column: HistoryColumn = {
      metric: row['metric'] as string,
      instance: row['instance'] as string,
      kind: row['counter'] === 1 ? 'counter' : 'level',
    };
    this.#columns.set(id, column);
    return column;
  }

  columnId({ metric, instance, kind }: HistoryColumn): number | undefined {
    const text = `${kind} ${metric} ${instance}`;
    const known = this.#columnIds.get(text);
    if (known !== undefined) return known;
    const row = this.#prepared('SELECT id FROM col WHERE metric = ? AND instance = ? AND counter = ?').get(
      metric,
      instance,
      kind === 'counter' ? 1 : 0,
    );
    const id = row?.['id'] as number | undefined;
    if (id !== undefined) this.#columnIds.set(text, id);
    return id;
  }

  addColumn(column: HistoryColumn): number {
    const { metric, instance, kind } = column;
    const { lastInsertRowid } = this.#prepared('INSERT INTO col (metric, instance, counter) VALUES (?, ?, ?)').run(
      metric,
      instance,
      kind === 'counter' ? 1 : 0,
    );
    return Number(lastInsertRowid);
  }

  /** All columns whose metric begins so. */
  columnsBeginning(prefix: string): readonly number[] {
    const rows = this.#prepared('SELECT id FROM col WHERE metric >= ? AND metric < ? ORDER BY id').all(
      prefix,
      `${prefix}\u{10ffff}`,
    );
    return (rows as Row[]).map(({ id }) => id as number);
  }

  columnsNamed(metric: string): readonly number[] {
    const rows = this.#prepared('SELECT id FROM col WHERE metric = ? ORDER BY id').all(metric);
    return (rows as Row[]).map(({ id }) => id as number);
  }

  shape(id: number): Shape {
    const known = this.#shapes.get(id);
    if (known !== undefined) return known;
    const row = this.#prepared('SELECT columns FROM shape WHERE id = ?').get(id) as Row | undefined;
    if (row === undefined) throw new Error(`shape ${id} is not in the dictionary`);
    return this.#keep(id, readList(row['columns'] as Uint8Array));
  }

  /** The shape of these columns; added when there is none. */
  shapeOf(columns: readonly number[]): Shape {
    const text = columns.join();
    const known = this.#shapesByText.get(text);
    if (known !== undefined) return known;
    let before = 0;
    this.#writer.varint(columns.length);
    for (const column of columns) {
      this.#writer.varint(zigzag(column - before));
      before = column;
    }
    const list = this.#writer.take();
    const found = this.#prepared('SELECT id FROM shape WHERE columns = ?').get(list);
    const id = found?.['id'] ?? this.#prepared('INSERT INTO shape (columns) VALUES (?)').run(list).lastInsertRowid;
    return this.#keep(Number(id), columns);
  }

  /** One that is written nowhere: for an answer. */
  passingShape(columns: readonly number[]): Shape {
    return this.#shape(0, columns);
  }

  #shape(id: number, columns: readonly number[]): Shape {
    const places = new Map(columns.map((column, index) => [column, index]));
    const counters = columns.map((column) => this.column(column).kind === 'counter');
    return { id, columns, counters, indexOf: (column) => places.get(column) };
  }

  #keep(id: number, columns: readonly number[]): Shape {
    const shape = this.#shape(id, columns);
    // A host whose devices come and go has many: those not used lately are read again.
    if (this.#shapes.size > mostShapes) {
      this.#shapes.clear();
      this.#shapesByText.clear();
    }
    this.#shapes.set(id, shape);
    this.#shapesByText.set(columns.join(), shape);
    return shape;
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

const mostShapes = 2000;

function readList(bytes: Uint8Array): number[] {
  const reader = new ByteReader(bytes);
  const columns: number[] = [];
  let before = 0;
  for (let left = reader.varint(); left > 0; left--) columns.push((before += unzigzag(reader.varint())));
  return columns;
}

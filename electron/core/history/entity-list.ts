/** Hosts and guests that have a history, with their names and when they were seen. Used by queries.ts. */
import type { HistoryEntity } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import { ByteReader } from './codec/bytes.ts';
import type { Dictionary, Piece } from './dictionary.ts';
import type { Tables } from './tables.ts';

/** A host or guest with its pieces. */
export interface Entry {
  readonly host: string;
  readonly hostName: string;
  readonly guest: string;
  readonly name: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly pieces: readonly Piece[];
}

interface PieceRow extends Piece {
  readonly name: string;
  readonly first_at: number;
  readonly last_at: number;
}

export class EntityList {
  readonly #tables: Tables;
  readonly #dictionary: Dictionary;

  constructor(tables: Tables, dictionary: Dictionary) {
    this.#tables = tables;
    this.#dictionary = dictionary;
  }

  entities(): readonly HistoryEntity[] {
    const seen = this.#seenInJournal();
    return this.entries([]).map(({ host, hostName, guest, name, firstAt, lastAt, pieces }) => ({
      host,
      guest,
      name,
      hostName,
      firstAt: epochMs(firstAt),
      lastAt: epochMs(Math.max(lastAt, ...pieces.map(({ id }) => seen.get(id) ?? 0))),
    }));
  }

  /** @param hosts all when empty */
  entries(hosts: readonly string[]): readonly Entry[] {
    const wanted = new Set(hosts);
    return this.#dictionary
      .hosts()
      .filter(({ key }) => wanted.size === 0 || wanted.has(key))
      .flatMap(({ id, key }) => this.#ofHost(id, key));
  }

  #ofHost(id: number, host: string): Entry[] {
    const hostName = String(this.#tables.sql('SELECT name FROM host WHERE id = ?').get(id)?.['name'] ?? '');
    const rows = this.#tables
      .sql('SELECT id, host, guest, part, name, first_at, last_at FROM piece WHERE host = ? ORDER BY guest, part')
      .all(id) as unknown as PieceRow[];
    const entries = new Map<string, Entry>();
    for (const row of rows) {
      const piece: Piece = { id: row.id, host: row.host, guest: row.guest, part: row.part };
      const known = entries.get(row.guest);
      entries.set(row.guest, {
        host,
        hostName,
        guest: row.guest,
        name: known?.name ?? row.name,
        firstAt: Math.min(known?.firstAt ?? Infinity, row.first_at),
        lastAt: Math.max(known?.lastAt ?? 0, row.last_at),
        pieces: [...(known?.pieces ?? []), piece],
      });
    }
    return [...entries.values()];
  }

  /** What is packed is written down with the piece; what is not, the journal's layouts tell. */
  #seenInJournal(): ReadonlyMap<number, number> {
    const seen = new Map<number, number>();
    const rows = this.#tables.sql('SELECT layout, max(at) AS at FROM j GROUP BY layout').all();
    for (const { layout, at } of rows) {
      const pieces = this.#tables.layout(layout as number);
      if (pieces === undefined) continue;
      const reader = new ByteReader(pieces);
      for (let left = reader.varint(); left > 0; left--) {
        const piece = reader.varint();
        reader.varint();
        seen.set(piece, Math.max(seen.get(piece) ?? 0, at as number));
      }
    }
    return seen;
  }
}

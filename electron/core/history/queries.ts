/**
 * Every question to the history, on one connection to its file. Called by the store and, for a file that another
 * process writes, by read-history.ts.
 */
import type { DatabaseSync } from 'node:sqlite';
import type {
  Coverage,
  EntityKey,
  FleetHistory,
  HistoryColumn,
  HistoryEntity,
  HistoryEvent,
  HistoryKey,
  HistoryStatus,
  HistoryTable,
  HistoryTotals,
  SeriesTotals,
} from '#shared/model/history.ts';
import { tiers } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import type { TotalsQuery } from '#core/ports.ts';
import { Dictionary, partOf } from './dictionary.ts';
import type { Part, Piece } from './dictionary.ts';
import { EntityList } from './entity-list.ts';
import { readEvents } from './events.ts';
import { exportRows } from './export-rows.ts';
import type { ExportQuery, ExportRow } from './export-rows.ts';
import { fleetOf } from './fleet.ts';
import { sizeOf } from './schema.ts';
import { seriesOf } from './series.ts';
import type { WantedPiece } from './series.ts';
import { Source } from './source.ts';
import { Tables } from './tables.ts';
import { totalsOf } from './totals.ts';

export class Queries {
  readonly #db: DatabaseSync;
  readonly #tables: Tables;
  readonly #dictionary: Dictionary;

  constructor(db: DatabaseSync, tables = new Tables(db), dictionary = new Dictionary(db)) {
    this.#db = db;
    this.#tables = tables;
    this.#dictionary = dictionary;
  }

  entities(): readonly HistoryEntity[] {
    return this.#entityList().entities();
  }

  columns({ host, guest }: EntityKey, from: number, to: number): readonly HistoryColumn[] {
    const source = this.#source();
    const found = new Set<number>();
    for (const part of guest === '' ? [partOf.entity, partOf.signals] : [partOf.entity]) {
      const piece = this.#piece(host, guest, part);
      if (piece !== undefined) for (const column of source.columnsOf(piece, { from, to: to + 1 })) found.add(column);
    }
    return [...found].map((column) => this.#dictionary.column(column));
  }

  series(keys: readonly HistoryKey[], from: number, to: number, points: number): HistoryTable {
    const wanted = new Map<number, WantedPiece & { columns: { key: HistoryKey; column: number }[] }>();
    for (const key of keys) {
      const part = key.guest === '' && key.metric.startsWith('signal.') ? partOf.signals : partOf.entity;
      const piece = this.#piece(key.host, key.guest, part);
      if (piece === undefined) continue;
      const { metric, instance } = key;
      let group = wanted.get(piece.id);
      if (group === undefined) wanted.set(piece.id, (group = { piece, firstAt: this.#firstAt(piece), columns: [] }));
      for (const kind of ['level', 'counter'] as const) {
        const column = this.#dictionary.columnId({ metric, instance, kind });
        if (column !== undefined) group.columns.push({ key: { ...key }, column });
      }
    }
    return seriesOf(this.#source(), [...wanted.values()], { from, to: Math.max(from, to) }, points);
  }

  fleet(hosts: readonly string[], from: number, to: number, points: number): FleetHistory {
    const wanted = new Set(hosts);
    const pieces = this.#dictionary
      .hosts()
      .filter(({ key }) => wanted.size === 0 || wanted.has(key))
      .flatMap(({ id }) => this.#dictionary.piece(id, '', partOf.signals) ?? [])
      .map((piece) => ({ piece, firstAt: this.#firstAt(piece) }));
    return fleetOf(this.#source(), pieces, { from, to: Math.max(from, to) }, points);
  }

  totals({ hosts, guests, metrics, from, to }: TotalsQuery): HistoryTotals {
    const totals: SeriesTotals[] = [];
    const coverage: Coverage[] = [];
    let damaged = 0;
    const columns = metrics.flatMap((metric) => this.#dictionary.columnsNamed(metric));
    const signals = columns.filter((column) => this.#dictionary.column(column).metric.startsWith('signal.'));
    // One for each host: its journal, which holds all of its guests, is read once.
    let source = this.#source();
    let ofHost: string | undefined;
    if (to > from)
      for (const entry of this.#entityList().entries(hosts)) {
        if (entry.guest !== '' && !guests) continue;
        if (entry.host !== ofHost) {
          damaged += source.damaged;
          source = this.#source();
          ofHost = entry.host;
        }
        const parts = entry.pieces
          .filter(({ part }) => part === partOf.entity || signals.length > 0 || entry.pieces.length === 1)
          .map((piece) =>
            totalsOf(source, piece, piece.part === partOf.signals ? signals : columns, { from, to }, entry.firstAt),
          );
        const { host, guest } = entry;
        for (const part of parts) for (const one of part.totals) totals.push({ host, guest, ...one });
        const told = parts.find((part) => part.coverage !== undefined)?.coverage;
        if (told !== undefined) coverage.push({ host, guest, name: entry.name, ...told });
      }
    damaged += source.damaged;
    return { totals, coverage, events: this.events(hosts, from, to), damaged };
  }

  events(hosts: readonly string[], from: number, to: number): readonly HistoryEvent[] {
    return readEvents(this.#tables, hosts, from, to);
  }

  rows(query: ExportQuery): Generator<readonly ExportRow[]> {
    return exportRows(this.#source(), this.#entityList().entries(query.hosts), query);
  }

  usage(): Pick<HistoryStatus, 'bytes' | 'tiers'> {
    const journal = this.#tables.sql('SELECT min(at) AS first, max(at) AS last FROM j').get();
    const [first, last] = [(journal?.['first'] ?? Infinity) as number, (journal?.['last'] ?? 0) as number];
    return {
      bytes: sizeOf(this.#db).bytes,
      tiers: tiers.flatMap((tier) => {
        const { bytes, firstAt = Infinity, lastAt = 0 } = this.#tables.tier(tier);
        const from = tier === 'raw' ? Math.min(firstAt, first) : firstAt;
        const to = tier === 'raw' ? Math.max(lastAt, last) : lastAt;
        return bytes === 0 || from > to ? [] : [{ tier, from: epochMs(from), to: epochMs(to), bytes }];
      }),
    };
  }

  #source(): Source {
    return new Source(this.#tables, this.#dictionary);
  }

  #entityList(): EntityList {
    return new EntityList(this.#tables, this.#dictionary);
  }

  #piece(host: string, guest: string, part: Part): Piece | undefined {
    const entry = this.#dictionary.host(host);
    return entry === undefined ? undefined : this.#dictionary.piece(entry.id, guest, part);
  }

  #firstAt(piece: Piece): number {
    return Number(this.#tables.sql('SELECT first_at FROM piece WHERE id = ?').get(piece.id)?.['first_at'] ?? 0);
  }
}

/** Everything that one tier holds of a span, value by value, for files of other programs. Called by queries.ts. */
import { held } from '#core/ports.ts';
import type { Tier } from '#shared/model/history.ts';
import type { EpochMs } from '#shared/units.ts';
import { epochMs } from '#shared/units.ts';
import { Accumulator } from './accumulator.ts';
import type { Span } from './accumulator.ts';
import type { Block } from './codec/block.ts';
import { lowerBound } from './codec/increases.ts';
import type { Piece } from './dictionary.ts';
import type { Entry } from './entity-list.ts';
import { gridOver, stepOf } from './resolution.ts';
import { pointOf } from './series.ts';
import type { Source } from './source.ts';
import { dayMs, hourMs, startOf } from './time.ts';

export interface ExportQuery {
  readonly tier: Tier;
  readonly from: number;
  /** Not part of it. */
  readonly to: number;
  /** All when empty. */
  readonly hosts: readonly string[];
}

export interface ExportRow {
  readonly at: EpochMs;
  readonly host: string;
  readonly hostName: string;
  readonly guest: string;
  readonly guestName: string;
  readonly metric: string;
  readonly instance: string;
  readonly kind: 'level' | 'counter';
  /** Raw: the level, or what the counter grew by. Minutes and hours: the mean, or the rate per second. */
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

const fewest = 5000;

export function* exportRows(
  source: Source,
  entries: readonly Entry[],
  query: ExportQuery,
): Generator<readonly ExportRow[]> {
  let batch: ExportRow[] = [];
  for (const entry of entries)
    for (const piece of entry.pieces) {
      const parts =
        query.tier === 'raw'
          ? readingsOf(source, entry, piece, query)
          : stepsOf(source, entry, piece, query, query.tier);
      for (const rows of parts) {
        for (const row of rows) batch.push(row);
        if (batch.length < fewest) continue;
        yield batch;
        batch = [];
      }
    }
  if (batch.length > 0) yield batch;
}

type Names = Pick<ExportRow, 'host' | 'hostName' | 'guest' | 'guestName'>;

const namesOf = ({ host, hostName, guest, name }: Entry): Names => ({
  host,
  hostName,
  guest,
  guestName: guest === '' ? '' : name,
});

function* readingsOf(source: Source, entry: Entry, piece: Piece, span: Span): Generator<readonly ExportRow[]> {
  for (const block of source.blocks(piece, span)) yield rowsOf(source, namesOf(entry), block, span);
}

function rowsOf(source: Source, names: Names, block: Block, span: Span): ExportRow[] {
  const begin = lowerBound(block.times, span.from);
  const end = lowerBound(block.times, span.to);
  return block.shape.columns.flatMap((column, place) => {
    const values = block.column(place);
    if (values === undefined) return [];
    const { metric, instance, kind } = source.dictionary.column(column);
    const rows: ExportRow[] = [];
    for (let index = begin; index < end; index++) {
      const value = values[index] as number;
      if (value === held || Number.isNaN(value)) continue;
      rows.push({ at: epochMs(block.times[index] as number), ...names, metric, instance, kind, value });
    }
    return rows;
  });
}

function* stepsOf(
  source: Source,
  entry: Entry,
  piece: Piece,
  { from, to }: Span,
  tier: 'minute' | 'hour',
): Generator<readonly ExportRow[]> {
  const partMs = tier === 'minute' ? hourMs : dayMs;
  const begin = Math.max(from, startOf(entry.firstAt, partMs));
  const last = source.lastAt(piece);
  for (let part = startOf(begin, partMs); part < Math.min(to, last + 1); part += partMs) {
    const span = { from: Math.max(part, startOf(from, stepOf[tier])), to: Math.min(part + partMs, to) };
    const columns = source.columnsOf(piece, span);
    if (columns.length === 0) continue;
    const sums = new Accumulator(gridOver(span, stepOf[tier]), columns);
    source.addTier(sums, piece, span, tier);
    yield columns.flatMap((column, index) => {
      const own = sums.sums[index];
      if (own === undefined) return [];
      const { metric, instance, kind } = source.dictionary.column(column);
      const rows: ExportRow[] = [];
      for (let slot = 0; slot < sums.grid.count; slot++) {
        const point = pointOf(own, slot);
        const at = epochMs(sums.grid.from + slot * sums.grid.stepMs);
        if (point !== undefined) rows.push({ at, ...namesOf(entry), metric, instance, kind, ...point });
      }
      return rows;
    });
  }
}

/**
 * The columns of one host or guest in the history, and which of them each point of a tick belongs to. Platforms tell
 * their values in the same order each time, so points are matched by position: nothing is looked up while nothing
 * changes. Called by history-rows.ts.
 */
import type { HistoryColumn } from '#shared/model/history.ts';
import type { Point } from './observe.ts';

/** What the points of one tick were called, in their order. */
export interface Layout {
  /** Each metric and instance once. */
  readonly columns: readonly HistoryColumn[];
  readonly names: readonly { readonly metric: string; readonly instance: string }[];
  /** For each name its column; -1 where it is told twice or there are too many. */
  readonly slots: Int32Array;
}

/** Points `from` … `to` (exclusive) of a list; `own` is the instance that stands for the row itself. */
export interface Told {
  readonly points: readonly Point[];
  readonly from: number;
  readonly to: number;
  readonly own: string;
}

export function layoutOf({ points, from, to, own }: Told, mostColumns: number): Layout {
  const columns: HistoryColumn[] = [];
  const names: { metric: string; instance: string }[] = [];
  const slots = new Int32Array(to - from).fill(-1);
  const taken = new Set<string>();
  for (let index = from; index < to; index++) {
    const [metric, told, , , kind] = points[index] as Point;
    const instance = told === own ? '' : told;
    names.push({ metric, instance });
    const key = `${metric}|${instance}`;
    if (taken.has(key) || columns.length >= mostColumns) continue;
    taken.add(key);
    slots[index - from] = columns.length;
    columns.push({ metric, instance, kind });
  }
  return { columns, names, slots };
}

/**
 * The points' values by column; NaN for a column that nobody told. `whole` says whether each was told. Undefined when
 * a point has no place in the layout.
 */
export function fill(
  { points, from, to, own }: Told,
  layout: Layout,
): { values: Float64Array; whole: boolean } | undefined {
  const { names, slots, columns } = layout;
  if (to - from > names.length) return undefined;
  const values = new Float64Array(columns.length).fill(NaN);
  let place = 0;
  for (let index = from; index < to; index++) {
    const [metric, told, , kept] = points[index] as Point;
    const instance = told === own ? '' : told;
    // What was told before and is not told now leaves its place empty.
    while (place < names.length && (names[place]?.metric !== metric || names[place]?.instance !== instance)) place += 1;
    if (place === names.length) return undefined;
    const slot = slots[place] ?? -1;
    if (slot >= 0) values[slot] = kept;
    place += 1;
  }
  return { values, whole: to - from === names.length };
}

/**
 * What the history keeps of a tick of one host: a row of the host itself, its signals among it, and one of each guest.
 * A row keeps the same array of columns as long as it has the same columns, and guests with the same columns share it.
 * Called by collect.ts for every tick.
 */
import { signals } from '#shared/model/metric.ts';
import type { HistoryRow } from '#core/ports.ts';
import { fill, layoutOf } from './columns.ts';
import type { Layout, Told } from './columns.ts';
import { signalMetric } from './keys.ts';
import type { Observation, Point } from './observe.ts';

export interface HistoryLimits {
  readonly hostColumns: number;
  readonly guestColumns: number;
  readonly guests: number;
}

interface Shape {
  layout: Layout;
  /** How many ticks in a row have left a column empty. */
  partial: number;
  seen: number;
}

/** After so many ticks without one of them the columns are made anew: its device is gone. */
const patience = 120;
/** Different sets of columns that are remembered for guests to share. */
const mostShared = 64;
/** By what they are called; one for all hosts, as their guests look alike. */
export type SharedLayouts = Map<string, Layout>;

const signalMetrics = signals.map((signal) => [signal, signalMetric(signal)] as const);

export class HistoryRows {
  readonly #limits: HistoryLimits;
  #shapes = new Map<string, Shape>();
  readonly #shared: SharedLayouts;
  #tick = 0;

  constructor(limits: HistoryLimits, shared: SharedLayouts) {
    this.#limits = limits;
    this.#shared = shared;
  }

  of(name: string, seen: Observation): HistoryRow[] {
    this.#tick += 1;
    const rows: HistoryRow[] = [];
    const add = (guest: string, title: string, told: Told): void => {
      const row = this.#row(guest, told);
      if (row !== undefined) rows.push({ guest, name: title, ...row });
    };
    const points = [...signalPoints(seen), ...seen.points];
    add('', name, { points, from: 0, to: points.length, own: '' });
    let from = 0;
    for (const { reading, pointCount } of seen.guests) {
      const to = from + pointCount;
      if (rows.length <= this.#limits.guests)
        add(reading.key, reading.name, { points: seen.guestPoints, from, to, own: reading.key });
      from = to;
    }
    // A guest that is gone takes its columns with it.
    if (this.#shapes.size > rows.length)
      this.#shapes = new Map([...this.#shapes].filter(([, { seen: tick }]) => tick === this.#tick));
    return rows;
  }

  /** Undefined for one of whom nothing is told, or that has a row already. */
  #row(guest: string, told: Told): Pick<HistoryRow, 'columns' | 'values'> | undefined {
    if (told.to === told.from) return undefined;
    let shape = this.#shapes.get(guest);
    if (shape?.seen === this.#tick) return undefined;
    let filled = shape === undefined || shape.partial > patience ? undefined : fill(told, shape.layout);
    if (shape === undefined || filled === undefined) {
      shape = { layout: this.#layout(guest, told), partial: 0, seen: 0 };
      this.#shapes.set(guest, shape);
      filled = fill(told, shape.layout);
    }
    if (filled === undefined) return undefined;
    shape.partial = filled.whole ? 0 : shape.partial + 1;
    shape.seen = this.#tick;
    return { columns: shape.layout.columns, values: filled.values };
  }

  #layout(guest: string, told: Told): Layout {
    if (guest === '') return layoutOf(told, this.#limits.hostColumns);
    const layout = layoutOf(told, this.#limits.guestColumns);
    const key = layout.names.map(({ metric, instance }) => `${metric}|${instance}`).join('\n');
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    if (this.#shared.size >= mostShared) this.#shared.clear();
    this.#shared.set(key, layout);
    return layout;
  }
}

function signalPoints({ signals: told }: Observation): Point[] {
  const points: Point[] = [];
  for (const [signal, metric] of signalMetrics) {
    const value = told[signal];
    if (value !== undefined) points.push([metric, '', value, value, 'level']);
  }
  return points;
}

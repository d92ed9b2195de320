/** The table twin of a chart: the same figures as text, newest first. Pure. */
import type { ChartLine } from './chart-lines.ts';
import { momentsOf, nearest } from './chart-data.ts';
import type { ChartMarker } from './chart-markers.ts';
import type { ChartTick } from './chart-ticks.ts';

export interface TwinRow {
  readonly at: number;
  readonly cells: readonly string[];
  /** Instead of figures: what somebody changed at that moment. */
  readonly marker?: ChartMarker;
  /** Instead of figures: what befell a host. */
  readonly tick?: ChartTick;
}

/** @param most rows; where there are more moments, every n-th is taken, always with the newest. */
export function twinRows(lines: readonly ChartLine[], from: number, to: number, most: number): readonly TwinRow[] {
  const moments = momentsOf(lines, from, to).filter((at) => at >= from && at <= to);
  const every = Math.max(1, Math.ceil(moments.length / most));
  const spacing = moments.length > 1 ? (to - from) / moments.length : 1;
  const rows: TwinRow[] = [];
  for (let i = moments.length - 1; i >= 0; i -= every) {
    const at = moments[i] ?? 0;
    rows.push({ at, cells: lines.map((line) => line.format(nearest(line, at, spacing)?.value)) });
  }
  return rows;
}

/** Markers and ticks among the figures, newest first as they are. */
export function withMarkers(
  rows: readonly TwinRow[],
  markers: readonly ChartMarker[],
  ticks: readonly ChartTick[] = [],
): readonly TwinRow[] {
  if (markers.length + ticks.length === 0) return rows;
  const marked = markers.map((marker): TwinRow => ({ at: marker.at, cells: [], marker }));
  const ticked = ticks.map((tick): TwinRow => ({ at: tick.at, cells: [], tick }));
  return [...rows, ...marked, ...ticked].sort((a, b) => b.at - a.at);
}

/** What one drawing of a chart consists of: the scales of its panes and its datasets, as plain data. */
import { drawnLines, extent, type Point } from './chart-data.ts';
import type { ChartLine, ChartPane } from './chart-lines.ts';
import { areaFill } from './patterns.ts';
import type { TimeSpan } from './time-view.ts';
import type { TokenColors } from './token-colors.ts';
import { valueScale, type ValueScale } from './value-scale.ts';

export interface DrawnDataset {
  readonly key: string;
  readonly data: Point[];
  readonly yAxisID: string;
  readonly borderColor: string;
  readonly borderWidth: number;
  readonly borderDash: number[];
  /** `+1`: down to the dataset that follows. */
  readonly fill: 'origin' | '+1' | false;
  readonly backgroundColor: string | CanvasPattern;
}

export interface Drawing {
  readonly scales: ReadonlyMap<string, ValueScale>;
  /** Uppermost first, as Chart.js paints from the last to the first. */
  readonly datasets: readonly DrawnDataset[];
}

export interface Sheet extends TimeSpan {
  /** Of the plotting area, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly colors: TokenColors;
}

/** A step of a value axis is at least so high, so that its words have room. */
const stepPx = 36;

export function drawing(lines: readonly ChartLine[], panes: readonly ChartPane[], sheet: Sheet): Drawing {
  const left = panes.filter((pane) => pane.side !== 'right');
  const whole = left.reduce((sum, pane) => sum + pane.weight, 0);
  const scales = new Map<string, ValueScale>();
  const datasets: DrawnDataset[] = [];
  const bands: DrawnDataset[] = [];
  for (const pane of panes) {
    const here = lines.filter((line) => (line.pane ?? panes[0]?.id) === pane.id);
    const drawn = drawnLines(here, sheet.from, sheet.to, Math.max(50, sheet.width));
    const { low, high } = extent(drawn) ?? { low: 0, high: 0 };
    const parts = Math.max(1, Math.floor((sheet.height * pane.weight) / whole / stepPx));
    scales.set(pane.id, valueScale(low, Math.max(high, pane.atLeast ?? 0), pane.steps, parts));
    here.forEach((line, index) => {
      const { points = [], band } = drawn[index] ?? {};
      datasets.push(dataset(line, pane.id, points, sheet));
      if (band !== undefined) bands.push(...bandSets(line, pane.id, band, sheet));
    });
  }
  // A stack is painted from its summit down, each area over the one above it; mere lines lie above all areas, and
  // the bands behind them all.
  datasets.sort((a, b) => Number(a.fill !== false) - Number(b.fill !== false));
  return { scales, datasets: [...datasets, ...bands] };
}

function bandSets(
  line: ChartLine,
  axis: string,
  { low, high }: { readonly low: Point[]; readonly high: Point[] },
  { colors }: Sheet,
): DrawnDataset[] {
  const edge = {
    yAxisID: axis,
    borderColor: 'transparent',
    borderWidth: 0,
    borderDash: [],
    backgroundColor: colors(`${line.color}/18`),
  };
  return [
    { ...edge, key: `${line.key} high`, data: high, fill: '+1' },
    { ...edge, key: `${line.key} low`, data: low, fill: false },
  ];
}

function dataset(line: ChartLine, axis: string, data: Point[], { colors, pixelRatio }: Sheet): DrawnDataset {
  const area = line.stacked === true || line.filled === true;
  return {
    key: line.key,
    data,
    yAxisID: axis,
    borderColor: colors(line.color),
    borderWidth: 1.5,
    borderDash: line.dashed ? [5, 4] : [],
    fill: area ? 'origin' : false,
    backgroundColor: area
      ? areaFill(line.pattern ?? 'plain', colors(`${line.color}/32`), colors(`${line.color}/60`), pixelRatio)
      : 'transparent',
  };
}

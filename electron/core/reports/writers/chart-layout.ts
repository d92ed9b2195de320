/**
 * Where everything of a chart lies on paper, before anything is drawn: legend, panes from top to bottom, bands for
 * titles and markers, the time axis. Savings over harm: the first mirrored pane hangs from the zero line of the last
 * upright one. Called by svg.ts.
 */
import type { ReportChart } from '#shared/model/report.ts';
import { drawnLines, extent, type DrawnLine } from './chart-areas.ts';
import { valueScale, type PaneUnit, type ValueScale } from './chart-scale.ts';
import { lookOf, type Look } from './looks.ts';
import { fitted, textWidth } from './plain-text.ts';

/** Pixels of paper: 180 mm wide, what A4 leaves between its margins. */
export const chartWidth = 680;
export const textSize = 10;
export const left = 62;
export const right = chartWidth - 18;
const legendRow = 16;
const titleBand = 15;
const markerBand = 16;
const heights = { first: 112, upright: 76, mirrored: 46 };
/** A step of a value axis is at least so high, so that its words have room. */
const leastStep = 18;

export interface LegendItem {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  /** Index of the line; undefined for the hatching of silence. */
  readonly line?: number;
}

export interface PaneBox {
  readonly title: string;
  readonly titleY: number;
  readonly unit: PaneUnit;
  readonly mirrored: boolean;
  readonly top: number;
  readonly bottom: number;
  readonly scale: ValueScale;
  readonly drawn: readonly DrawnLine[];
  /** The zero line is the one of the pane above, which has its word already. */
  readonly sharesZero: boolean;
  readonly yOf: (value: number) => number;
}

export interface Layout {
  readonly looks: readonly Look[];
  readonly legend: readonly LegendItem[];
  readonly panes: readonly PaneBox[];
  readonly markersY: number | undefined;
  readonly height: number;
  readonly xOf: (at: number) => number;
}

export function layoutOf(chart: ReportChart, silent: boolean): Layout {
  const looks = chart.lines.map(({ look }, order) => lookOf(look, order));
  const { legend, bottom } = legendOf(chart, silent);
  const upright = chart.panes.filter(({ mirrored }) => mirrored !== true);
  const mirrored = chart.panes.filter((pane) => pane.mirrored === true);
  let y = bottom + 4;
  const panes: PaneBox[] = [];
  let markersY: number | undefined;
  upright.forEach((pane, index) => {
    const titleY = y + textSize;
    y += titleBand;
    if (index === 0 && chart.markers.length > 0) {
      markersY = y + 2;
      y += markerBand;
    }
    const made = box(chart, pane, y, index === 0 ? heights.first : heights.upright, titleY, false);
    panes.push(made);
    y = made.bottom;
    if (index < upright.length - 1) y += 8;
  });
  mirrored.forEach((pane, index) => {
    const above = panes.at(-1);
    const sharesZero = index === 0 && above !== undefined && above.scale.min === 0;
    if (!sharesZero) y += 8;
    const made = box(chart, pane, y, heights.mirrored, 0, sharesZero);
    panes.push({ ...made, titleY: made.bottom + textSize + 2 });
    y = made.bottom + titleBand;
  });
  const end = (mirrored.length > 0 ? y : y + 2) + 2;
  const span = Math.max(1, chart.to - chart.from);
  return {
    looks,
    legend,
    panes,
    markersY,
    // Two rows of words below the axis.
    height: end + 30,
    xOf: (at) => left + ((at - chart.from) / span) * (right - left),
  };
}

/** Rows from left to right, as many as it takes. */
function legendOf(chart: ReportChart, silent: boolean): { legend: LegendItem[]; bottom: number } {
  const entries: { title: string; line?: number }[] = chart.lines.map(({ title }, line) => ({ title, line }));
  if (silent) entries.push({ title: 'No readings' });
  const legend: LegendItem[] = [];
  let x = left;
  let y = 2;
  for (const { title, ...which } of entries) {
    const words = fitted(title, textSize, 240);
    const width = 22 + textWidth(words, textSize) + 16;
    if (x > left && x + width > right) {
      x = left;
      y += legendRow;
    }
    legend.push({ x, y, title: words, ...which });
    x += width;
  }
  return { legend, bottom: legend.length === 0 ? 0 : y + legendRow };
}

function box(
  chart: ReportChart,
  pane: ReportChart['panes'][number],
  top: number,
  height: number,
  titleY: number,
  sharesZero: boolean,
): PaneBox {
  const mirrored = pane.mirrored === true;
  const drawn = drawnLines(chart.lines.filter((line) => line.pane === pane.id));
  const { low, high } = extent(drawn);
  const scale = valueScale(low, high, pane.unit, Math.floor(height / leastStep));
  const share = (value: number): number => (value - scale.min) / (scale.max - scale.min);
  return {
    title: fitted(pane.title, textSize, right - left - 80),
    titleY,
    unit: pane.unit,
    mirrored,
    top,
    bottom: top + height,
    scale,
    drawn,
    sharesZero,
    yOf: (value) => (mirrored ? top + share(value) * height : top + height - share(value) * height),
  };
}

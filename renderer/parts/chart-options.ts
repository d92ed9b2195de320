/** The fixed and the moving part of a chart's options, as plain data for MetricChart.vue. Touches no Chart.js code. */
import type { ChartOptions } from 'chart.js';
import type { ChartPane } from './chart-lines.ts';
import type { TokenColors } from './token-colors.ts';
import type { ValueScale } from './value-scale.ts';
import { localOffset, tickWords, timeTicks } from './time-axis.ts';

export type LineOptions = ChartOptions<'line'>;

/** The pane's own name is its axis; spacers keep a right-hand axis beside its pane. */
const spacerOf = (pane: ChartPane): string => `${pane.id}-spacer`;

export function chartOptions(panes: readonly ChartPane[]): LineOptions {
  return {
    animation: false,
    parsing: false,
    normalized: true,
    spanGaps: false,
    responsive: true,
    maintainAspectRatio: false,
    // The page draws its own crosshair over the canvas: moving it costs no drawing.
    events: [],
    layout: { padding: { top: 6 } },
    elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderWidth: 1.5, borderJoinStyle: 'round' } },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    scales: { x: { type: 'linear' }, ...Object.fromEntries(panes.flatMap((pane) => paneScales(pane, panes))) },
  };
}

type Scale = NonNullable<LineOptions['scales']>[string];

/** Left axes are laid out from the last to the first, right axes from the first to the last. */
function paneScales(pane: ChartPane, panes: readonly ChartPane[]): [string, Scale][] {
  const side = pane.side ?? 'left';
  const scale: Scale = {
    type: 'linear',
    position: side,
    stack: side,
    stackWeight: pane.weight,
    reverse: pane.mirrored === true,
    weight: side === 'left' ? -panes.indexOf(pane) : panes.indexOf(pane) + 1,
  };
  if (side === 'left') return [[pane.id, scale]];
  const above = panes.filter((other) => (other.side ?? 'left') === 'left' && !other.mirrored);
  const spacer: Scale = {
    type: 'linear',
    position: 'right',
    stack: 'right',
    stackWeight: above.reduce((sum, other) => sum + other.weight, 0),
    weight: 0,
    ticks: { display: false },
    grid: { display: false },
    border: { display: false },
  };
  return above.length === 0 || !pane.mirrored
    ? [[pane.id, scale]]
    : [
        [spacerOf(pane), spacer],
        [pane.id, scale],
      ];
}

export interface Moving {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly scales: ReadonlyMap<string, ValueScale>;
  readonly colors: TokenColors;
  readonly fontSize: number;
  readonly fontFamily: string;
}

const edgePx = 24;

/** Writes what changes from tick to tick into live options. */
export function moveOptions(options: LineOptions, panes: readonly ChartPane[], moving: Moving): void {
  const all = options.scales;
  const x = all?.['x'];
  if (all === undefined || x === undefined) return;
  const font = { size: moving.fontSize, family: moving.fontFamily };
  const color = moving.colors('--muted');
  const grid = { color: moving.colors('--grid'), drawTicks: false, z: 1 };
  const perPixel = (moving.to - moving.from) / Math.max(1, moving.width);
  // Words of a tick at the very edge would run into those of the value axis.
  const ticks = timeTicks(
    moving.from + edgePx * perPixel,
    moving.to - edgePx * perPixel,
    Math.max(2, Math.floor(moving.width / 90)),
    localOffset,
  );
  Object.assign(x, {
    min: moving.from,
    max: moving.to,
    grid: { ...grid, display: false },
    border: { display: false },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => (axis.ticks = ticks.map((value) => ({ value }))),
    ticks: {
      color,
      font,
      maxRotation: 0,
      autoSkip: false,
      callback: (at: number | string) => tickWords(Number(at), ticks),
    },
  });
  for (const pane of panes) {
    const scale = all[pane.id];
    const range = moving.scales.get(pane.id);
    if (scale === undefined || range === undefined) continue;
    Object.assign(scale, {
      min: range.min,
      max: range.max,
      grid: {
        ...grid,
        display: pane.side !== 'right',
        color: ({ tick }: { tick?: { value: number } }) =>
          moving.colors(tick?.value === 0 ? '--line-strong' : '--grid'),
      },
      afterBuildTicks: (axis: { ticks: { value: number }[] }) => (axis.ticks = range.ticks.map((value) => ({ value }))),
      border: { display: false },
      ticks: {
        color,
        font,
        padding: 6,
        autoSkip: false,
        // The zero of a mirrored pane is the zero line above it.
        callback: (value: number | string) =>
          pane.mirrored && Number(value) === 0 ? '' : short(pane.format(Number(value))),
      },
    });
  }
}

/** Steps are round: `30.0 GiB` is said as `30 GiB`. */
const short = (words: string): string =>
  words.replace(/(\.\d*?)0+(?=\D|$)/, (_, part: string) => (part === '.' ? '' : part));

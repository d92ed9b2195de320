/** The value axis of a chart on paper: round ends and steps, and the words at its ticks. Called by svg.ts. */
import type { ReportChart } from '#shared/model/report.ts';

export type PaneUnit = ReportChart['panes'][number]['unit'];

export interface ValueScale {
  readonly min: number;
  readonly max: number;
  /** Multiples of the step, zero always among them. */
  readonly ticks: readonly number[];
  readonly words: (tick: number) => string;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** The scale reaches at least this far, so that noise does not fill a pane. */
const atLeast: { readonly [unit in PaneUnit]: number } = { bytes: 64 * 1024 ** 2, percent: 5, rate: 10, count: 5 };

/** @param parts about how many steps the axis has room for. */
export function valueScale(low: number, high: number, unit: PaneUnit, parts: number): ValueScale {
  const top = Math.max(high, -low >= atLeast[unit] ? 0 : atLeast[unit]);
  const bottom = Math.min(low, 0);
  const step = roundStep((top - bottom) / Math.max(1, parts), unit);
  // A little below zero is shown as a little: a whole step of empty space would part zero from what is drawn below.
  const min = -bottom < step / 4 ? bottom : Math.floor(bottom / step) * step;
  const max = Math.ceil(top / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max * (1 + 1e-9); i++) ticks.push(i * step || 0);
  return { min, max, ticks, words: wordsFor(unit, step, Math.max(max, -min)) };
}

function roundStep(rough: number, unit: PaneUnit): number {
  if (unit === 'bytes') {
    // Within one unit (MiB, GiB …) decimal-looking steps read best: 1, 2, 5, 10, 20, 50, 100, 200, 500.
    const base = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(rough, 1)) / Math.log(1024)));
    const within = rough / base;
    return (within > 500 ? 1024 : oneTwoFive(within)) * base;
  }
  return unit === 'count' ? Math.max(1, oneTwoFive(rough)) : oneTwoFive(rough);
}

function oneTwoFive(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

function wordsFor(unit: PaneUnit, step: number, largest: number): (tick: number) => string {
  // One unit for the whole axis: that of its step, unless that would make five digits of the largest.
  let power = 0;
  if (unit === 'bytes') {
    power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log(step) / Math.log(1024))));
    while (power < byteUnits.length - 1 && largest / 1024 ** power >= 10_000) power += 1;
  }
  const size = unit === 'bytes' ? 1024 ** power : 1;
  const decimals = Math.min(4, Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9)));
  const tail = { bytes: `\u00a0${byteUnits[power] ?? 'B'}`, percent: '\u00a0%', rate: '/s', count: '' }[unit];
  return (tick) => {
    if (tick === 0) return '0';
    const text = Math.abs(tick / size).toFixed(decimals);
    const [whole = '', part] = text.split('.');
    const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u00a0') : whole;
    return `${tick < 0 ? '−' : ''}${spaced}${part === undefined ? '' : `.${part}`}${tail}`;
  };
}

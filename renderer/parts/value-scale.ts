/** Round ends and steps for a value axis: powers of two for bytes, 1-2-5 for everything else. */
import type { ScaleStep } from './chart-lines.ts';

export interface ValueScale {
  readonly min: number;
  readonly max: number;
  /** Multiples of the step, zero always among them. */
  readonly ticks: readonly number[];
}

/** @param parts about how many steps the axis has room for. */
export function valueScale(low: number, high: number, steps: ScaleStep, parts: number): ValueScale {
  const top = Math.max(high, 0);
  const bottom = Math.min(low, 0);
  if (!(top > bottom)) return { min: 0, max: 1, ticks: [0, 1] };
  const step = roundStep((top - bottom) / Math.max(1, parts), steps);
  // A little below zero is shown as a little: a whole step of empty space would part zero from what is drawn below.
  const min = -bottom < step / 4 ? bottom : Math.floor(bottom / step) * step;
  const max = Math.ceil(top / step) * step;
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max; i++) ticks.push(i * step || 0);
  return { min, max, ticks };
}

function roundStep(rough: number, steps: ScaleStep): number {
  if (steps === 'binary') {
    // Within one unit (MiB, GiB …) decimal-looking steps read best: 1, 2, 5, 10, 20, 50, 100. Larger ones go over into
    // the next unit, and have to meet it: 256 MiB, 512 MiB, 1 GiB.
    const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(rough, 1)) / Math.log(1024)));
    const within = rough / unit;
    return (within <= 100 ? oneTwoFive(within) : 2 ** Math.max(8, Math.ceil(Math.log2(within)))) * unit;
  }
  return oneTwoFive(rough);
}

function oneTwoFive(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/**
 * Figures of one piece for steps of equal length: what rolling keeps of the readings, and what queries add up.
 * A reading stands for the time since the one before it, or for one interval after a gap; whatever it tells belongs
 * to the step it was taken in.
 */
import type { Shape } from '../dictionary.ts';

export interface LevelSteps {
  readonly kind: 'level';
  /** Weighted by time. NaN where it was not told. */
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly covered: Float64Array;
}

export interface CounterSteps {
  readonly kind: 'counter';
  /** All that was counted; NaN where it was not told. */
  readonly sum: Float64Array;
  /** The part of it that grew in a time that is not known, or in a silence: it has no rate. */
  readonly loose: Float64Array;
  /** The time in which the other part grew. */
  readonly covered: Float64Array;
  /** The highest rate per second; -1 where there was none. */
  readonly peak: Float64Array;
}

export type StepColumn = LevelSteps | CounterSteps;

/** `means`: of levels whoever asks looks at nothing but the mean, and the highest need not be right. */
export type Wanted = 'all' | 'means';

export interface Steps {
  readonly shape: Shape;
  readonly stepMs: number;
  /** Between two readings, at the end. */
  readonly intervalMs: number;
  /** Of each step with a reading. */
  readonly begins: Float64Array;
  readonly covered: Float64Array;
  /** How many gaps ended in the step, and the longest of them. */
  readonly gaps: Float64Array;
  readonly longest: Float64Array;
  column(index: number, wanted?: Wanted): StepColumn | undefined;
}

/** The first `count` of them. */
export function firstSteps(steps: Steps, count: number): Steps {
  const cut = (figures: Float64Array): Float64Array => figures.subarray(0, count);
  return {
    ...steps,
    begins: cut(steps.begins),
    covered: cut(steps.covered),
    gaps: cut(steps.gaps),
    longest: cut(steps.longest),
    column: (index) => {
      const column = steps.column(index);
      if (column === undefined) return undefined;
      return column.kind === 'level'
        ? {
            kind: 'level',
            mean: cut(column.mean),
            low: cut(column.low),
            high: cut(column.high),
            covered: cut(column.covered),
          }
        : {
            kind: 'counter',
            sum: cut(column.sum),
            peak: cut(column.peak),
            loose: cut(column.loose),
            covered: cut(column.covered),
          };
    },
  };
}

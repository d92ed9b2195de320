/** What a chart is given: lines over time and the panes they are drawn in. Plain data; no Chart.js, no Vue. */

/** Times ascending; null is a gap. */
export interface TimeLine {
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
  /** Where points are means of a step: the lowest and highest within each, drawn as a light band behind the line. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

export type PatternName = 'plain' | 'diagonal' | 'dots' | 'grid' | 'horizontal';

export interface ChartLine extends TimeLine {
  readonly key: string;
  readonly title: string;
  /** A token of styles/tokens.css, such as `--compressed`. */
  readonly color: string;
  /** Which pane; the first one when left out. */
  readonly pane?: string;
  /** Stacked on the other stacked lines of its pane: negative ones below zero. */
  readonly stacked?: boolean;
  /** Fills down to zero without being part of the stack. */
  readonly filled?: boolean;
  readonly pattern?: PatternName;
  readonly dashed?: boolean;
  readonly format: (value: number | null | undefined) => string;
  /** Where the figures come from: a file, or a formula over files. */
  readonly source?: string;
}

export type ScaleStep = 'binary' | 'decimal' | 'percent';

export interface ChartPane {
  readonly id: string;
  /** Share of the height, relative to the other panes of its side. */
  readonly weight: number;
  readonly side?: 'left' | 'right';
  /** Grows downwards from the zero line. */
  readonly mirrored?: boolean;
  readonly steps: ScaleStep;
  readonly format: (value: number) => string;
  /** The scale reaches at least this far, so that noise does not fill the pane. */
  readonly atLeast?: number;
}

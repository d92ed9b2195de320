/** What a measurement is, and what it is given. One file per measurement; bench.ts runs them in order. */
import type { Row } from './figures.ts';
import type { Tidy } from './tidy.ts';

export interface Means {
  /** Fewer hosts and rounds: the same rows in a fraction of the time. */
  readonly quick: boolean;
  /** Undone after each measurement. */
  readonly tidy: Tidy;
  /** Rows measured so far in this run: a later one may compare itself with them. */
  readonly rows: readonly Row[];
  /** A line of progress. */
  say(words: string): void;
}

export interface Measurement {
  readonly name: string;
  readonly title: string;
  run(means: Means): Promise<readonly Row[]>;
}

/** Something this machine lacks. The row then says so. */
export class NotHere extends Error {}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

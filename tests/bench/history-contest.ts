/** What the contestants of the history's benchmark are asked, and what they share. */
import { statSync } from 'node:fs';
import type { HistoryTick } from '#core/ports.ts';

export const contestants = ['product', 'sqlite', 'duckdb'] as const;
export type Contestant = (typeof contestants)[number];

/** What each is asked for, so that nobody wins by keeping less. */
export const watched = { host: 0, guest: 3, counter: 'cgroup.memory.stat.pgfault', signal: 'signal.saved.compressed' };

export interface Contest {
  /** All of it, on the disk when it returns as after a commit of SQLite with `synchronous=normal`. */
  commit(ticks: readonly HistoryTick[]): void | Promise<void>;
  /** Packing, rolling up and whatever else is due; how many milliseconds its longest piece took. */
  settle(now: number): number;
  // Spans end before `to`, which the product's questions include.
  /** Everything of the watched guest in steps; resolves with the sum of the watched counter. */
  guestSpan(from: number, to: number, steps: number): number | Promise<number>;
  /** Three signals of the whole fleet by hours; resolves with the watched signal's mean over all hours. */
  fleetSpan(from: number, to: number): number | Promise<number>;
  /** On the disk. */
  bytes(): number;
  close(): void;
}

export const hourMs = 3_600_000;
/** Between two readings of a host in the thirty days before. */
export const monthStepMs = hourMs / 6;

export const sizeOf = (file: string): number =>
  [file, `${file}-wal`, `${file}.wal`].reduce(
    (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

export function meanOf(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

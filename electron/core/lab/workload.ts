/** What guests do over a day: how much memory they work with, how fast they touch it, how much of it is file cache. */
import type { PageMix } from './corpus.ts';

export const workloadKinds = ['idle', 'web', 'batch', 'database'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Wanted at one moment. Shares are of the guest's promised memory. */
export interface Demand {
  /** Anonymous memory it holds, 0…1. */
  readonly anonymous: number;
  /** The part of that it keeps touching, 0…1 of the anonymous memory. */
  readonly hot: number;
  /** File pages it would like to keep cached, 0…1. */
  readonly cache: number;
  /** Touches of memory outside the hot part, pages per second per GiB promised. */
  readonly coldTouches: number;
  /** File pages read per second per GiB promised. */
  readonly fileReads: number;
}

export const mixes: Readonly<Record<WorkloadKind, PageMix>> = {
  idle: { zero: 0.25, text: 0.35, code: 0.2, database: 0.1, random: 0.1 },
  web: { zero: 0.1, text: 0.4, code: 0.25, database: 0.1, random: 0.15 },
  batch: { zero: 0.15, text: 0.2, code: 0.1, database: 0.3, random: 0.25 },
  database: { zero: 0.05, text: 0.1, code: 0.05, database: 0.65, random: 0.15 },
};

/** @param hour of the day, 0 ≤ hour < 24, fractions included @param wobble −1…1, from the guest's own dice */
export function demandOf(kind: WorkloadKind, hour: number, wobble: number): Demand {
  const sway = 1 + 0.1 * wobble;
  switch (kind) {
    case 'idle':
      return { anonymous: 0.22 * sway, hot: 0.15, cache: 0.1, coldTouches: 4, fileReads: 2 };
    case 'web': {
      const office = bell(hour, 13, 4.5);
      return {
        anonymous: (0.35 + 0.3 * office) * sway,
        hot: 0.35 + 0.3 * office,
        cache: 0.25,
        coldTouches: 20 + 120 * office,
        fileReads: 20 + 100 * office,
      };
    }
    case 'batch': {
      const night = Math.max(bell(hour, 2, 2), bell(hour, 26, 2));
      return {
        anonymous: (0.15 + 0.75 * night) * sway,
        hot: 0.3 + 0.5 * night,
        cache: 0.3,
        coldTouches: 10 + 300 * night,
        fileReads: 10 + 600 * night,
      };
    }
    case 'database': {
      const office = bell(hour, 12, 5);
      return {
        anonymous: (0.6 + 0.1 * office) * sway,
        hot: 0.5 + 0.2 * office,
        cache: 0.35,
        coldTouches: 60 + 120 * office,
        fileReads: 80 + 240 * office,
      };
    }
  }
}

/** 1 at its middle, 0 far away. */
const bell = (hour: number, middle: number, width: number): number => Math.exp(-(((hour - middle) / width) ** 2));

/**
 * Reads a test host's kernel again and again beside the console, without any of its code: what the console says of a
 * span can then be held against the lowest, the highest and the fastest that the kernel itself showed in it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readCounters } from './kernel-counters.ts';
import type { KernelCounters } from './kernel-counters.ts';
import type { Machine } from './machine.ts';

export interface Moment {
  /** When the answer was there, by this machine's clock. */
  readonly at: number;
  readonly counters: KernelCounters;
}

export interface KernelWatch {
  /** In the order of time. */
  readonly moments: readonly Moment[];
  /** Rejects with what went wrong while it was reading. */
  stop(): Promise<void>;
}

const pauseMs = 200;

export function watchKernel(machine: Machine): KernelWatch {
  const moments: Moment[] = [];
  let going = true;
  const reading = (async () => {
    while (going) {
      const counters = await readCounters(machine);
      moments.push({ at: Date.now(), counters });
      await sleep(pauseMs);
    }
  })();
  // Told by `stop`; until then it is nobody's unhandled rejection.
  reading.catch(() => undefined);
  return {
    moments,
    stop: () => {
      going = false;
      return reading;
    },
  };
}

/** The lowest and the highest of a level between two moments. */
export function rangeOf(
  moments: readonly Moment[],
  from: number,
  to: number,
  level: (counters: KernelCounters) => number,
): { readonly low: number; readonly high: number } {
  const values = moments.flatMap(({ at, counters }) => (at >= from && at <= to ? level(counters) : []));
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** The highest rate per second of the host's own time, from one reading to the next. */
export function fastest(moments: readonly Moment[], counter: (counters: KernelCounters) => number): number {
  let most = 0;
  for (const [index, { counters }] of moments.entries()) {
    const before = moments[index - 1]?.counters;
    if (before === undefined) continue;
    const seconds = counters.uptimeSeconds - before.uptimeSeconds;
    // Another boot, or less than what the clock can tell.
    if (seconds >= 0.1) most = Math.max(most, (counter(counters) - counter(before)) / seconds);
  }
  return most;
}

/**
 * Reads a test host's kernel again and again beside the console, without any of its code: what the console says of a
 * span can then be held against the lowest, the highest and the fastest that the kernel itself showed in it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readCounters } from './kernel-counters.ts';
import type { KernelCounters } from './kernel-counters.ts';
import type { Machine } from './machine.ts';

/** One figure of the kernel. */
export type Figure = (kernel: KernelCounters) => number;

export interface Moment {
  /** When the answer was there, by this machine's clock. */
  readonly at: number;
  readonly kernel: KernelCounters;
}

export interface KernelWatch {
  /** In the order of time. */
  readonly moments: readonly Moment[];
  /** Rejects with what went wrong while it was reading. */
  stop(): Promise<void>;
}

const pauseMs = 200;

/** Resolves when it has read for the first time. */
export async function watchKernel(machine: Machine): Promise<KernelWatch> {
  const moments: Moment[] = [];
  let going = true;
  const read = async (): Promise<void> => {
    const kernel = await readCounters(machine);
    moments.push({ at: Date.now(), kernel });
  };
  await read();
  const reading = (async () => {
    while (going) {
      await sleep(pauseMs);
      await read();
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
  { from, to }: Pick<Bracket, 'from' | 'to'>,
  level: Figure,
): { readonly low: number; readonly high: number } {
  const values = moments.flatMap(({ at, kernel }) => (at >= from && at <= to ? level(kernel) : []));
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** The highest rate per second of the host's own time, from one reading to the next. */
export function fastest(moments: readonly Moment[], counter: Figure): number {
  let most = 0;
  for (const [index, { kernel }] of moments.entries()) {
    const before = moments[index - 1]?.kernel;
    if (before === undefined) continue;
    const seconds = kernel.uptimeSeconds - before.uptimeSeconds;
    // Another boot, or less than what the host's clock can tell.
    if (seconds >= 0.1) most = Math.max(most, (counter(kernel) - counter(before)) / seconds);
  }
  return most;
}

/** A span with what the kernel said around both of its ends: `outer` beyond them, `inner` within. */
export interface Bracket {
  readonly from: number;
  readonly to: number;
  readonly outer: readonly [before: KernelCounters, after: KernelCounters];
  readonly inner: readonly [before: KernelCounters, after: KernelCounters];
}

/** What a counter moved by: at least within the span, at most beyond its ends. */
export function movedIn({ inner, outer }: Bracket, counter: Figure): { readonly least: number; readonly most: number } {
  const moved = ([before, after]: Bracket['inner']): number => counter(after) - counter(before);
  return { least: moved(inner), most: moved(outer) };
}

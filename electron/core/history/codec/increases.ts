/**
 * How a block's readings follow each other: its silences, and the time in which a counter grew. Used wherever raw
 * readings become points or sums.
 */
import { held } from '#core/ports.ts';
import { isSilent } from './block.ts';
import type { Block } from './block.ts';

/**
 * What a counter grew by, reading by reading, up to `end`, with the time in which it did: since it was told last.
 * 0 where that is not known or has a silence in it.
 */
export function eachIncrease(
  block: Block,
  place: number,
  values: Float64Array,
  silent: Uint8Array,
  end: number,
  take: (index: number, increase: number, ms: number) => void,
): void {
  let since = block.lead(place);
  for (let index = 0; index < end; index++) {
    const value = values[index] as number;
    const at = block.times[index] as number;
    if (silent[index] === 1) since = 0;
    if (value === held) continue;
    if (!Number.isNaN(value)) take(index, value, since === 0 ? 0 : at - since);
    since = at;
  }
}

export function silences({ times, intervals, prevAt }: Block): Uint8Array {
  const silent = new Uint8Array(times.length);
  for (let index = 0, before = prevAt; index < times.length; before = times[index] as number, index++)
    silent[index] = isSilent(times[index] as number, before, intervals[index] as number) ? 1 : 0;
  return silent;
}

/** The first place whose number is not below `wanted`. */
export function lowerBound(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

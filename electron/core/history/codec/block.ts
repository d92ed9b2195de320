/**
 * Readings of one piece (an entity, or a host's signals) in the order of time, wherever they were kept: packed in a
 * chunk, or still in the journal. What every reader of raw readings works on.
 */
import type { Shape } from '../dictionary.ts';

export interface Block {
  readonly shape: Shape;
  readonly times: Float64Array;
  /** Of each reading: milliseconds between two readings when it was taken. */
  readonly intervals: Float64Array;
  /** When the piece was read before the first of these; 0 when that is not known. */
  readonly prevAt: number;
  /** Of a counter: since when its first increase in here grew; 0 when that is not known. */
  lead(column: number): number;
  /** NaN for a gap, `held` for a counter that was not read anew; undefined when there are only gaps. Made anew each time. */
  column(column: number): Float64Array | undefined;
}

/** A silence longer than this many intervals is a gap. */
export const silence = 2.5;

export const isSilent = (at: number, prevAt: number, interval: number): boolean =>
  prevAt > 0 && at - prevAt > interval * silence;

/** Puts blocks of one piece, in order, on one shape. A column that one of them lacks was not told then. */
export function joinBlocks(blocks: readonly Block[], shape: Shape): Block {
  const first = blocks[0] as Block;
  if (blocks.length === 1 && first.shape.id === shape.id) return first;
  const count = blocks.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(count);
  const intervals = new Float64Array(count);
  let at = 0;
  for (const block of blocks) {
    times.set(block.times, at);
    intervals.set(block.intervals, at);
    at += block.times.length;
  }
  return {
    shape,
    times,
    intervals,
    prevAt: first.prevAt,
    lead: (column) => {
      const own = first.shape.indexOf(shape.columns[column] as number);
      return own === undefined ? first.prevAt : first.lead(own);
    },
    column: (column) => {
      const joined = new Float64Array(count).fill(NaN);
      let offset = 0;
      let any = false;
      for (const block of blocks) {
        const own = block.shape.indexOf(shape.columns[column] as number);
        const values = own === undefined ? undefined : block.column(own);
        if (values !== undefined) joined.set(values, offset);
        any ||= values !== undefined;
        offset += block.times.length;
      }
      return any ? joined : undefined;
    },
  };
}

/** The first `count` readings. */
export function headOf(block: Block, count: number): Block {
  return {
    ...block,
    times: block.times.subarray(0, count),
    intervals: block.intervals.subarray(0, count),
    lead: (column) => block.lead(column),
    column: (column) => block.column(column)?.subarray(0, count),
  };
}

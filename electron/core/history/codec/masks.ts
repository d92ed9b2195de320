/**
 * Where a column has values and where it has none. Columns of one file miss the same moments, so a chunk writes each
 * pattern once and its columns name it. Used by the chunks.
 */
import { held } from '#core/ports.ts';
import { Damaged } from './bytes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

const told = 0;
const gap = 1;
const notRead = 2;

/** One byte for each moment: told, gap or not read. */
export type Mask = Uint8Array;

const stateOf = (value: number): number => (value === held ? notRead : Number.isNaN(value) ? gap : told);

export class Masks {
  readonly #count: number;
  readonly #masks: Mask[] = [];
  readonly #byText = new Map<string, number>();

  constructor(count: number) {
    this.#count = count;
  }

  /** The pattern's number; undefined when the column has nothing but gaps. 0 is the column that has them all. */
  add(values: Float64Array): number | undefined {
    const mask = new Uint8Array(this.#count);
    let gaps = 0;
    let whole = true;
    for (let index = 0; index < this.#count; index++) {
      const state = stateOf(values[index] as number);
      mask[index] = state;
      if (state === gap) gaps += 1;
      if (state !== told) whole = false;
    }
    if (whole) return 0;
    if (gaps === this.#count) return undefined;
    const text = Buffer.from(mask.buffer).toString('latin1');
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.#masks.push(mask);
    this.#byText.set(text, this.#masks.length);
    return this.#masks.length;
  }

  write(out: ByteWriter): void {
    out.varint(this.#masks.length);
    for (const mask of this.#masks) {
      for (let index = 0; index < mask.length;) {
        let end = index + 1;
        while (end < mask.length && mask[end] === mask[index]) end += 1;
        out.varint((end - index) * 4 + (mask[index] as number));
        index = end;
      }
    }
  }
}

export function readMasks(bytes: ByteReader, count: number): readonly Mask[] {
  const masks: Mask[] = [];
  for (let left = bytes.varint(); left > 0; left--) {
    const mask = new Uint8Array(count);
    for (let index = 0; index < count;) {
      const token = bytes.varint();
      const end = index + (token >> 2);
      if (token < 4 || end > count) throw new Damaged('mask');
      mask.fill(token & 3, index, end);
      index = end;
    }
    masks.push(mask);
  }
  return masks;
}

/** Values that are told, packed together. */
export function toldOf(values: Float64Array): Float64Array {
  const packed = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (value - value === 0) packed[count++] = value;
  return packed.subarray(0, count);
}

export const toldIn = (mask: Mask): number => mask.reduce((count, state) => (state === told ? count + 1 : count), 0);

/** The opposite of `toldOf`. */
export function spread(packed: Float64Array, mask: Mask): Float64Array {
  const values = new Float64Array(mask.length);
  let next = 0;
  for (let index = 0; index < mask.length; index++)
    values[index] = mask[index] === told ? (packed[next++] as number) : mask[index] === gap ? NaN : held;
  return values;
}

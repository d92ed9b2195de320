/**
 * A block as bytes: some sixty readings of one piece, one column after the other, so that a query decodes no more
 * than the columns it asks for. Told apart from damage by a check sum over the whole.
 *   check sum, version, count, times, intervals, masks, length of each column (0: only gaps), columns
 */
import type { Shape } from '../dictionary.ts';
import type { Block } from './block.ts';
import { ByteReader, ByteWriter, Damaged } from './bytes.ts';
import { Masks, readMasks, spread, toldIn, toldOf } from './masks.ts';
import type { Mask } from './masks.ts';
import { readNumbers, writeNumbers } from './numbers.ts';

const version = 1;
const out = new ByteWriter();
const body = new ByteWriter();

export function encodeChunk(block: Block): Uint8Array {
  const { shape, times, intervals, prevAt } = block;
  const count = times.length;
  const first = times[0] as number;
  out.byte(version);
  out.varint(count);
  out.varint(first);
  out.varint(prevAt === 0 ? 0 : first - prevAt);
  const steps = new Float64Array(count - 1);
  for (let index = 1; index < count; index++)
    steps[index - 1] = (times[index] as number) - (times[index - 1] as number);
  writeNumbers(out, steps, steps.length);
  writeNumbers(out, intervals, count);
  const masks = new Masks(count);
  const lengths = shape.columns.map((_, column) => {
    const values = block.column(column);
    const mask = values === undefined ? undefined : masks.add(values);
    if (values === undefined || mask === undefined) return 0;
    const before = body.length;
    body.varint(mask);
    if (shape.counters[column] === true) body.varint(leadCode(block.lead(column), prevAt));
    const told = mask === 0 ? values : toldOf(values);
    writeNumbers(body, told, told.length);
    return body.length - before;
  });
  masks.write(out);
  out.varint(lengths.length);
  for (const length of lengths) out.varint(length);
  out.bytes(body.take());
  return out.takeChecked();
}

/** Throws Damaged. */
export function decodeChunk(bytes: Uint8Array, shape: Shape): Block {
  const reader = ByteReader.checked(bytes);
  if (reader.byte() !== version) throw new Damaged('version');
  const count = reader.varint();
  if (count === 0 || count > 1_000_000) throw new Damaged('count');
  const times = new Float64Array(count);
  times[0] = reader.varint();
  const back = reader.varint();
  const prevAt = back === 0 ? 0 : (times[0] as number) - back;
  const steps = readNumbers(reader, count - 1);
  for (let index = 1; index < count; index++)
    times[index] = (times[index - 1] as number) + (steps[index - 1] as number);
  const intervals = readNumbers(reader, count);
  const masks = readMasks(reader, count);
  if (reader.varint() !== shape.columns.length) throw new Damaged('shape');
  const lengths = shape.columns.map(() => reader.varint());
  const begins: number[] = [];
  let begin = reader.at;
  for (const length of lengths) {
    begins.push(begin);
    begin += length;
  }
  const bodyOf = (column: number): ByteReader | undefined =>
    (lengths[column] ?? 0) === 0 ? undefined : reader.from(begins[column] as number);
  return {
    shape,
    times,
    intervals,
    prevAt,
    lead: (column) => {
      const bytesOf = bodyOf(column);
      if (bytesOf === undefined || shape.counters[column] !== true) return 0;
      bytesOf.varint();
      return leadOf(bytesOf.varint(), prevAt);
    },
    column: (column) => {
      const bytesOf = bodyOf(column);
      if (bytesOf === undefined) return undefined;
      const number = bytesOf.varint();
      if (shape.counters[column] === true) bytesOf.varint();
      if (number === 0) return readNumbers(bytesOf, count);
      const mask: Mask | undefined = masks[number - 1];
      if (mask === undefined) throw new Damaged('mask');
      return spread(readNumbers(bytesOf, toldIn(mask)), mask);
    },
  };
}

/** Since when a counter's first increase grew, mostly since the reading before: 0 not known, 1 since then, more earlier. */
export const leadCode = (lead: number, prevAt: number): number => (lead === 0 ? 0 : prevAt - lead + 1);
export const leadOf = (code: number, prevAt: number): number => (code === 0 ? 0 : prevAt - code + 1);

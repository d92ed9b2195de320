/**
 * A run of finite numbers in few bytes: whole numbers, or decimals taken times 100 or 10,000, in units of a page or
 * a KiB where all of them are, each as the difference to the one before where that is shorter, equal ones as a count.
 * What fits none of this stays as it is. Used for every column of a chunk.
 */
import { Damaged, zigzag } from './bytes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Differences of two such numbers, doubled for their sign, are still exact. */
const largest = 2 ** 51;
const scales = [1, 100, 10_000] as const;
const units = [1, 1024, 4096] as const;
const plainFloats = 3;
const asDifference = 1 << 4;

let scratch = new Float64Array(256);

/** @param values the first `count` of them, all finite */
export function writeNumbers(out: ByteWriter, values: Float64Array, count: number): void {
  if (count === 0) return;
  const scale = scaleOf(values, count);
  if (scale === undefined) {
    out.byte(plainFloats);
    for (let index = 0; index < count; index++) out.float(values[index] as number);
    return;
  }
  if (scratch.length < count) scratch = new Float64Array(count * 2);
  const factor = scales[scale] as number;
  const unit = scale === 0 ? unitOf(values, count) : 0;
  const divisor = units[unit] as number;
  for (let index = 0; index < count; index++)
    scratch[index] = scale === 0 ? (values[index] as number) / divisor : Math.round((values[index] as number) * factor);
  const difference = shorterAsDifference(scratch, count);
  out.byte(scale | (unit << 2) | (difference ? asDifference : 0));
  let before = 0;
  let equal = 0;
  for (let index = 0; index < count; index++) {
    const value = scratch[index] as number;
    const token = zigzag(value - before);
    if (difference) before = value;
    if (token === 0) {
      equal += 1;
      continue;
    }
    if (equal > 0) writeEqual(out, equal);
    equal = 0;
    out.varint(token);
  }
  if (equal > 0) writeEqual(out, equal);
}

export function readNumbers(bytes: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0) return values;
  const mode = bytes.byte();
  const scale = mode & 3;
  if (scale === plainFloats) {
    for (let index = 0; index < count; index++) values[index] = bytes.float();
    return values;
  }
  const unit = units[(mode >> 2) & 3];
  if (unit === undefined) throw new Damaged('unit');
  const factor = scales[scale] as number;
  const difference = (mode & asDifference) !== 0;
  const raw = bytes.bytes;
  let at = bytes.at;
  let before = 0;
  for (let index = 0; index < count;) {
    // Read here and not by a call each: most of a query's time goes into this loop.
    let byte = raw[at++] as number;
    let token = byte & 0x7f;
    for (let size = 128; byte >= 0x80; size *= 128) {
      byte = raw[at++] as number;
      token += (byte & 0x7f) * size;
    }
    if (at > raw.length) throw new Damaged('ends early');
    if (token === 0) {
      bytes.at = at;
      const equal = bytes.varint() + 1;
      at = bytes.at;
      if (index + equal > count) throw new Damaged('too many');
      values.fill(scale === 0 ? before * unit : before / factor, index, index + equal);
      index += equal;
      continue;
    }
    // As unzigzag does; the lowest bit is right whatever the size.
    const value = before + ((token & 1) === 0 ? token / 2 : (token + 1) / -2);
    if (difference) before = value;
    values[index++] = scale === 0 ? value * unit : value / factor;
  }
  bytes.at = at;
  return values;
}

function writeEqual(out: ByteWriter, count: number): void {
  out.byte(0);
  out.varint(count - 1);
}

/** The first scale that keeps every number exactly; undefined when none does. */
function scaleOf(values: Float64Array, count: number): number | undefined {
  let scale = 0;
  for (let index = 0; index < count; index++) {
    const value = values[index] as number;
    while (!fits(value, scales[scale] as number)) {
      scale += 1;
      if (scale === scales.length) return undefined;
    }
  }
  // A whole number fits the first scale, yet times 10,000 it may be too large.
  for (let index = 0; scale > 0 && index < count; index++)
    if (!fits(values[index] as number, scales[scale] as number)) return undefined;
  return scale;
}

function fits(value: number, scale: number): boolean {
  const whole = scale === 1 ? value : Math.round(value * scale);
  if (scale === 1 ? !Number.isInteger(value) : whole / scale !== value) return false;
  return whole < largest && whole > -largest;
}

function unitOf(values: Float64Array, count: number): number {
  let unit = units.length - 1;
  for (let index = 0; unit > 0 && index < count; index++)
    while (unit > 0 && (values[index] as number) % (units[unit] as number) !== 0) unit -= 1;
  return unit;
}

function shorterAsDifference(values: Float64Array, count: number): boolean {
  let plain = 0;
  let difference = 0;
  let before = 0;
  for (let index = 0; index < count; index++) {
    const value = values[index] as number;
    plain += lengthOf(value);
    difference += lengthOf(value - before);
    before = value;
  }
  return difference <= plain;
}

/** Bytes, roughly: equal numbers in a row are nearly free. */
function lengthOf(value: number): number {
  const size = value < 0 ? -value : value;
  return size === 0 ? 0.25 : size < 64 ? 1 : size < 8192 ? 2 : size < 1_048_576 ? 3 : size < 134_217_728 ? 4 : 6;
}

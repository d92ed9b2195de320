/**
 * Bytes of the history's pieces: numbers of any size up to 2^53 in as few bytes as they need, and the check sum in
 * front of each piece. Used by everything in this folder.
 */
import { crc32 } from 'node:zlib';

/** Told by a piece that is not what was written: its reader leaves it out and counts it. */
export class Damaged extends Error {}

const bits31 = 0x7fff_ffff;

export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length + 1 > this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53: seven bits to a byte, the lowest first. */
  varint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    while (rest > bits31) {
      bytes[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#length = at;
  }

  float(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  word(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  bytes(piece: Uint8Array): void {
    if (this.#length + piece.length > this.#bytes.length) this.#grow(piece.length);
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  /** A copy of what was written; the writer is empty afterwards and can be used again. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** The same with a check sum in front. */
  takeChecked(): Uint8Array {
    const taken = new Uint8Array(this.#length + 4);
    taken.set(this.#bytes.subarray(0, this.#length), 4);
    new DataView(taken.buffer).setUint32(0, crc32(taken.subarray(4)), true);
    this.#length = 0;
    return taken;
  }

  #grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export class ByteReader {
  /** For loops over many numbers, which move `at` themselves. */
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Behind the check sum. Throws Damaged when that does not fit. */
  static checked(bytes: Uint8Array): ByteReader {
    if (bytes.length < 4) throw new Damaged('too short');
    const told = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (told !== crc32(bytes.subarray(4))) throw new Damaged('check sum');
    return new ByteReader(bytes, 4);
  }

  /** The same bytes, read from another place. */
  from(at: number): ByteReader {
    return new ByteReader(this.bytes, at);
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Damaged('ends early');
    return value;
  }

  varint(): number {
    const bytes = this.bytes;
    let value = this.byte();
    if (value < 0x80) return value;
    value &= 0x7f;
    for (let scale = 128; ; scale *= 128) {
      const next = bytes[this.at++];
      if (next === undefined) throw new Damaged('ends early');
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
  }

  float(): number {
    if (this.at + 8 > this.bytes.length) throw new Damaged('ends early');
    const value = new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  word(): number {
    if (this.at + 4 > this.bytes.length) throw new Damaged('ends early');
    const value = new DataView(this.bytes.buffer, this.bytes.byteOffset).getUint32(this.at, true);
    this.at += 4;
    return value;
  }
}

/** Small numbers of either sign become small numbers. */
export const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : (value + 1) / -2);

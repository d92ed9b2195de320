/**
 * One tick of a host as a journal row. Each value is told as the difference to the last one in its place, which whoever
 * reads has from the rows before; the first row of a run (a key row) starts from nothing and says since when each
 * counter grew. Signals stand apart, so that what is asked of the whole fleet reads little.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { held } from '#core/ports.ts';
import { ByteReader, ByteWriter, Damaged, unzigzag, zigzag } from './codec/bytes.ts';
import { isSilent } from './codec/block.ts';
import { leadCode, leadOf } from './codec/raw-chunk.ts';
import { partOf } from './dictionary.ts';
import type { Piece, Shape } from './dictionary.ts';

/** What a run of rows knows of a piece. */
export interface PieceState {
  readonly piece: Piece;
  readonly shape: Shape;
  /** The last value in each place; 0 at first. */
  readonly last: Float64Array;
  /** Of counters: since when the next increase grows; 0 when that is not known. */
  readonly told: Float64Array;
  /** 0 when it was not read before. */
  prevAt: number;
}

export interface TickRow {
  readonly at: number;
  readonly signals: Uint8Array;
  readonly rest: Uint8Array;
}

export const freshState = (piece: Piece, shape: Shape, prevAt: number): PieceState => ({
  piece,
  shape,
  last: new Float64Array(shape.columns.length),
  told: new Float64Array(shape.columns.length).fill(prevAt),
  prevAt,
});

/** After a reading: what its values mean for the next increase. */
export function advance(state: PieceState, at: number, intervalMs: number, values: Float64Array): void {
  const { shape, told } = state;
  const silent = isSilent(at, state.prevAt, intervalMs);
  for (let index = 0; index < values.length; index++)
    if (shape.counters[index] === true) {
      if (values[index] !== held) told[index] = at;
      else if (silent) told[index] = 0;
    }
  state.prevAt = at;
}

const version = 1;
const isKey = 1;
/** Below this, deflating costs more than it gains. */
const worthDeflating = 48;
const isDeflated = 2;

const same = 0;
const gap = 1;
const notRead = 2;
const asFloat = 3;
const firstToken = 4;
const largest = 2 ** 49;

const head = new ByteWriter();
const body = new ByteWriter();

/** Changes `last` of the states; `advance` comes afterwards. `values` in the order of the states. */
export function encodeTick(
  at: number,
  intervalMs: number,
  key: boolean,
  states: readonly PieceState[],
  values: readonly Float64Array[],
): TickRow {
  states.forEach((state, index) => {
    const out = state.piece.part === partOf.signals ? head : body;
    if (key) writeState(out, state, at);
    writeValues(out, state.last, values[index] as Float64Array);
  });
  const signals = head.take();
  const plain = body.take();
  const deflated = plain.length > worthDeflating ? deflateRawSync(plain, { level: 1 }) : plain;
  head.byte(version);
  head.byte((key ? isKey : 0) | (deflated === plain ? 0 : isDeflated));
  head.varint(intervalMs);
  head.word(crc32(deflated));
  head.bytes(signals);
  return { at, signals: head.takeChecked(), rest: deflated };
}

export interface TickHead {
  readonly key: boolean;
  readonly intervalMs: number;
  readonly signals: ByteReader;
  /** Throws Damaged. */
  rest(): ByteReader;
}

/** Throws Damaged. */
export function readTick(row: TickRow): TickHead {
  const signals = ByteReader.checked(row.signals);
  if (signals.byte() !== version) throw new Damaged('version');
  const flags = signals.byte();
  const intervalMs = signals.varint();
  const sum = signals.word();
  return {
    key: (flags & isKey) !== 0,
    intervalMs,
    signals,
    rest: () => {
      if (crc32(row.rest) !== sum) throw new Damaged('check sum');
      return new ByteReader((flags & isDeflated) === 0 ? row.rest : inflateRawSync(row.rest));
    },
  };
}

/** Of a key row: the piece as it was before. */
export function readState(bytes: ByteReader, piece: Piece, shape: Shape, at: number): PieceState {
  const back = bytes.varint();
  const prevAt = back === 0 ? 0 : at - back;
  const state = freshState(piece, shape, prevAt);
  if (bytes.byte() === 1)
    for (let index = 0; index < state.told.length; index++)
      if (shape.counters[index] === true) state.told[index] = leadOf(bytes.varint(), prevAt);
  return state;
}

function writeState(out: ByteWriter, { shape, told, prevAt, last }: PieceState, at: number): void {
  last.fill(0);
  out.varint(prevAt === 0 ? 0 : at - prevAt);
  const usual = shape.counters.every((counter, index) => !counter || told[index] === prevAt);
  out.byte(usual ? 0 : 1);
  if (!usual)
    told.forEach((since, index) => {
      if (shape.counters[index] === true) out.varint(leadCode(since, prevAt));
    });
}

function writeValues(out: ByteWriter, last: Float64Array, values: Float64Array): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const before = last[index] as number;
    if (value === before) out.byte(same);
    else if (value === held) out.byte(notRead);
    else if (Number.isNaN(value)) out.byte(gap);
    else {
      writeMoved(out, value, before);
      last[index] = value;
    }
  }
}

function writeMoved(out: ByteWriter, value: number, before: number): void {
  const difference = value - before;
  if (Number.isInteger(value) && Number.isInteger(before) && difference < largest && difference > -largest) {
    const kibi = difference % 1024 === 0;
    out.varint(firstToken + 3 * (zigzag(kibi ? difference / 1024 : difference) - 1) + (kibi ? 1 : 0));
    return;
  }
  const [now, then] = [Math.round(value * 10_000), Math.round(before * 10_000)];
  const small = Math.abs(now) < largest && Math.abs(then) < largest;
  if (small && now / 10_000 === value && then / 10_000 === before && now !== then)
    out.varint(firstToken + 3 * (zigzag(now - then) - 1) + 2);
  else {
    out.byte(asFloat);
    out.float(value);
  }
}

/** Changes `last`. */
export function readValues(bytes: ByteReader, last: Float64Array): Float64Array {
  const values = new Float64Array(last.length);
  for (let index = 0; index < last.length; index++) {
    const token = bytes.varint();
    if (token === gap) values[index] = NaN;
    else if (token === notRead) values[index] = held;
    else {
      if (token === asFloat) last[index] = bytes.float();
      else if (token >= firstToken) last[index] = moved(last[index] as number, token - firstToken);
      values[index] = last[index] as number;
    }
  }
  return values;
}

function moved(before: number, token: number): number {
  const kind = token % 3;
  const difference = unzigzag(Math.floor(token / 3) + 1);
  if (kind === 2) return (Math.round(before * 10_000) + difference) / 10_000;
  return before + (kind === 1 ? difference * 1024 : difference);
}

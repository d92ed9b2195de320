/**
 * What the pages of the lab's guests hold. Each class is a small corpus of real 4 KiB pages, made from a seed; its
 * compressed size is what a compressor makes of them, computed once, so that no ratio is invented. The compressor is
 * zlib at its fastest level: it stands in for lzo, which Node does not have, and comes out a little better than it.
 */
import { deflateRawSync } from 'node:zlib';
import { dice } from './random.ts';

export const pageClasses = ['zero', 'text', 'code', 'database', 'random'] as const;
export type PageClass = (typeof pageClasses)[number];

/** Shares of each class in a guest's memory; they add up to 1. */
export type PageMix = Readonly<Record<PageClass, number>>;

export const labPageSize = 4096;
const pagesPerClass = 8;
const seed = 2012;

const sizes = new Map<PageClass, number>();

/** Mean compressed size of a page of the class, bytes; 0 for zero pages, which every system keeps as a mark. */
export function compressedSize(kind: PageClass): number {
  const known = sizes.get(kind) ?? (kind === 'zero' ? 0 : meanSize(kind));
  sizes.set(kind, known);
  return known;
}

function meanSize(kind: PageClass): number {
  const each = Array.from({ length: pagesPerClass }, (_, index) =>
    Math.min(labPageSize, deflateRawSync(corpusPage(kind, index), { level: 1 }).length),
  );
  return Math.round(each.reduce((sum, size) => sum + size, 0) / each.length);
}

/** One page of the corpus: the same for the same class and index. */
export function corpusPage(kind: PageClass, index: number): Buffer {
  const page = Buffer.alloc(labPageSize);
  const roll = dice(seed).fork(`${kind} ${index}`);
  switch (kind) {
    case 'zero':
      return page;
    case 'random':
      for (let at = 0; at < labPageSize; at++) page[at] = roll.between(0, 255);
      return page;
    case 'text':
      return fill(page, () => Buffer.from(`${words[roll.between(0, words.length - 1)] ?? ''} `));
    case 'code':
      return fill(page, () =>
        Buffer.from([
          ...(opcodes[roll.between(0, opcodes.length - 1)] ?? []),
          roll.between(0, 255),
          roll.between(0, 15),
        ]),
      );
    case 'database':
      return fill(page, (at) => record(at, roll));
  }
}

function fill(page: Buffer, piece: (at: number) => Buffer): Buffer {
  for (let at = 0; at < labPageSize;) {
    const next = piece(at);
    next.copy(page, at);
    at += next.length;
  }
  return page;
}

/** A row as a table page holds it: header, rising key, timestamp, small numbers, a padded name, an opaque hash. */
function record(at: number, roll: { between(low: number, high: number): number }): Buffer {
  const row = Buffer.alloc(128);
  row.writeUInt32LE(0x00800c01, 0);
  row.writeUInt32LE(1_000_000 + at, 4);
  row.writeUInt32LE(1_353_400_000 + roll.between(0, 86_400), 8);
  for (let field = 0; field < 4; field++) row.writeUInt16LE(roll.between(0, 500), 12 + field * 2);
  row.write((words[roll.between(0, words.length - 1)] ?? '').padEnd(32), 24);
  for (let byte = 56; byte < 104; byte++) row[byte] = roll.between(0, 255);
  return row;
}

const words = (
  'the host keeps memory of guests that wait for work and gives it to those who have some while pages nobody wants are ' +
  'pressed into less room until they are asked for again or fall out at the far end of a list of the least used'
).split(' ');

/** Frequent beginnings of x86-64 instructions. */
const opcodes = [
  [0x48, 0x8b, 0x45],
  [0x48, 0x89, 0xe5],
  [0x0f, 0x1f, 0x44, 0x00],
  [0xe8, 0x00, 0x00],
  [0x48, 0x83, 0xec],
  [0x8b, 0x40],
  [0x74, 0x0a],
  [0xc3, 0x90],
] as const;

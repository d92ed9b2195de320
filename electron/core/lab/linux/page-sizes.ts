/**
 * What a page of each class becomes: its compressed size, really computed, and the room it takes in the allocator.
 * lzo, lz4 and 842 have no implementation in Node: the corpus' own figure (deflate at its fastest) stands for them all.
 */
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { compressedSize, corpusPage, labPageSize, pageClasses } from '../corpus.ts';
import type { PageClass, PageMix } from '../corpus.ts';

/** Pages of a guest's mix as zswap sees them. Shares are parts of all its pages; sizes are bytes for each stored page. */
export interface StoredSizes {
  readonly zeroShare: number;
  /** Pages that do not shrink: zswap refuses them. */
  readonly poorShare: number;
  /** Mean compressed size of the others. */
  readonly bytes: number;
  /** Mean room the others take in the pool. */
  readonly poolBytes: number;
}

const samples = 8;
const known = new Map<string, number>();

function sizeOf(compressor: string, kind: PageClass): number {
  if (compressor !== 'zstd' && compressor !== 'deflate') return compressedSize(kind);
  const key = `${compressor} ${kind}`;
  const found = known.get(key) ?? meanOf(compressor, kind);
  known.set(key, found);
  return found;
}

function meanOf(compressor: 'zstd' | 'deflate', kind: PageClass): number {
  const squeeze = compressor === 'zstd' ? zstdCompressSync : deflateRawSync;
  let sum = 0;
  for (let index = 0; index < samples; index++) {
    sum += Math.min(labPageSize, squeeze(corpusPage(kind, index)).length);
  }
  return Math.round(sum / samples);
}

/** zbud puts at most two pages into a frame, z3fold three; zsmalloc packs by size class, about a twentieth is lost. */
function roomFor(size: number, zpool: string): number {
  if (zpool === 'zbud') return size <= labPageSize / 2 - 32 ? labPageSize / 2 : labPageSize;
  if (zpool === 'z3fold') return size <= labPageSize / 3 - 32 ? labPageSize / 3 : roomFor(size, 'zbud');
  return Math.min(labPageSize, size * 1.05);
}

/** A page that stays larger than this is as good as not compressed. */
const poor = (labPageSize * 15) / 16;

export function storedSizes(mix: PageMix, compressor: string, zpool: string): StoredSizes {
  let [poorShare, goodShare, size, room] = [0, 0, 0, 0];
  for (const kind of pageClasses) {
    if (kind === 'zero') continue;
    const each = sizeOf(compressor, kind);
    if (each >= poor) {
      poorShare += mix[kind];
      continue;
    }
    goodShare += mix[kind];
    size += mix[kind] * each;
    room += mix[kind] * roomFor(each, zpool);
  }
  const zeroShare = mix.zero;
  if (goodShare === 0) return { zeroShare, poorShare, bytes: 0, poolBytes: 0 };
  return { zeroShare, poorShare, bytes: size / goodShare, poolBytes: room / goodShare };
}

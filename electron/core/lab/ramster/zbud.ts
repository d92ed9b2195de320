/**
 * One of zcache's two stores (ephemeral or persistent): compressed pages, at most two in a frame (zbud). Zero-filled
 * pages are counted by zcache and take no room (docs/domain.md 2.5). Frames follow from how well the pages of this host
 * pair up.
 */
import { compressedSize, labPageSize, pageClasses } from '../corpus.ts';
import type { PageMix } from '../corpus.ts';

/** Room of zbud's own in a frame, and of a handle for each page. */
const frameHeader = 64;
export const handleBytes = 32;
/** A page that stays larger than 7/8 is not taken (compress_poor). */
export const poorSize = (labPageSize * 7) / 8;

export interface ZbudSizes {
  readonly zeroShare: number;
  readonly poorShare: number;
  /** Mean size of the pages that are taken and not zero. */
  readonly bytes: number;
  /** Pages in a frame, 1…2. */
  readonly density: number;
}

export function zbudSizes(mix: PageMix): ZbudSizes {
  const taken = pageClasses
    .filter((kind) => kind !== 'zero' && compressedSize(kind) <= poorSize)
    .map((kind) => ({ size: compressedSize(kind), left: mix[kind] }))
    .sort((a, b) => b.size - a.size);
  const good = taken.reduce((sum, { left }) => sum + left, 0);
  const bytes = taken.reduce((sum, { left, size }) => sum + left * size, 0);
  const poorShare = 1 - mix.zero - good;
  if (good <= 0) return { zeroShare: mix.zero, poorShare, bytes: 0, density: 1 };
  return { zeroShare: mix.zero, poorShare, bytes: bytes / good, density: good / framesFor(taken) };
}

/** Each page takes the largest partner that still fits beside it, as zbud's lists of unbuddied frames do. */
function framesFor(classes: { readonly size: number; left: number }[]): number {
  let frames = 0;
  for (const large of classes) {
    for (const partner of classes) {
      if (large.left <= 0) break;
      if (large.size + partner.size + 2 * handleBytes + frameHeader > labPageSize) continue;
      const pairs = partner === large ? large.left / 2 : Math.min(large.left, partner.left);
      frames += pairs;
      partner.left -= pairs;
      large.left -= pairs;
    }
    frames += large.left;
    large.left = 0;
  }
  return frames;
}

export class ZbudPool {
  /** As zcache counts them: zero-filled pages included. */
  zpages = 0;
  zero = 0;
  zbytes = 0;
  zpagesMax = 0;
  framesMax = 0;
  zbytesMax = 0;
  cumulZpages = 0;
  cumulZbytes = 0;
  evictedFrames = 0;
  evictedZpages = 0;
  private readonly density: number;

  constructor(density: number) {
    this.density = Math.min(2, Math.max(1, density));
  }

  /** Pages in zbud itself. */
  get packed(): number {
    return this.zpages - this.zero;
  }

  get frames(): number {
    return framesOf(this.packed, this.density);
  }

  get buddied(): number {
    return this.packed - this.frames;
  }

  get unbuddied(): number {
    return this.frames - this.buddied;
  }

  /** @param zbytes compressed bytes of the pages that are not zero */
  add(packed: number, zero: number, zbytes: number): void {
    const size = Math.round(zbytes);
    this.zpages += packed + zero;
    this.zero += zero;
    this.zbytes += size;
    this.cumulZpages += packed;
    this.cumulZbytes += size + packed * handleBytes;
    this.zpagesMax = Math.max(this.zpagesMax, this.zpages);
    this.framesMax = Math.max(this.framesMax, this.frames);
    this.zbytesMax = Math.max(this.zbytesMax, this.zbytes);
  }

  /** Takes pages out, zero-filled ones in proportion. @returns their compressed bytes */
  remove(count: number): number {
    const taken = Math.min(count, this.zpages);
    if (taken <= 0) return 0;
    const zero = taken === this.zpages ? this.zero : Math.min(this.zero, Math.floor((this.zero * taken) / this.zpages));
    return this.out(taken - zero, zero);
  }

  /** Takes packed pages only: what the remotify worker and eviction find in frames. */
  removePacked(count: number): number {
    return this.out(Math.min(count, this.packed), 0);
  }

  private out(packed: number, zero: number): number {
    const part = this.packed === 0 ? 0 : packed / this.packed;
    const size = packed === this.packed ? this.zbytes : Math.floor(this.zbytes * part);
    this.zpages -= packed + zero;
    this.zero -= zero;
    this.zbytes -= size;
    return size;
  }

  /** Throws whole frames away. @returns pages lost */
  evict(frames: number): number {
    const packed = Math.min(this.packed, Math.floor(frames * this.density));
    if (packed <= 0) return 0;
    const before = this.frames;
    this.removePacked(packed);
    this.evictedFrames += before - this.frames;
    this.evictedZpages += packed;
    return packed;
  }
}

function framesOf(packed: number, density: number): number {
  if (packed <= 0) return 0;
  return Math.min(packed, Math.max(Math.ceil(packed / 2), Math.ceil(packed / density)));
}

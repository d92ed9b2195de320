/** What a compressor makes of pages, by class: sizes are really computed, once for each class (corpus.ts). */
import { compressedSize, labPageSize, pageClasses } from '../corpus.ts';
import type { PageClass, PageMix } from '../corpus.ts';

/** A page that does not come out clearly smaller is kept as it is. */
const poorFrom = labPageSize - 64;

/** Bytes of the page when compressed; undefined when that is not worth it. */
export function packedSize(kind: PageClass): number | undefined {
  const size = compressedSize(kind);
  return size >= poorFrom ? undefined : Math.max(1, size);
}

export interface MixPacking {
  /** Share of pages that are kept whole all the same. */
  readonly poor: number;
  /** Mean bytes of the others. */
  readonly mean: number;
}

const packings = new WeakMap<PageMix, MixPacking>();

export function packingOf(mix: PageMix): MixPacking {
  const known = packings.get(mix);
  if (known) return known;
  let poor = 0;
  let bytes = 0;
  for (const kind of pageClasses) {
    const size = packedSize(kind);
    if (size === undefined) poor += mix[kind];
    else bytes += mix[kind] * size;
  }
  const packing = { poor, mean: poor < 1 ? bytes / (1 - poor) : labPageSize };
  packings.set(mix, packing);
  return packing;
}

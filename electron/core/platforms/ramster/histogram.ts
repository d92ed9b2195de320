/**
 * The lines of many numbers in zcache v1: how many compressed pages there are of each size class, class by class, then
 * `mean:` and sometimes sums (`<=21:`). The class is the size in units of 64 bytes, rounded up (docs/domain.md 2.3);
 * the sums are those of docs/domain.md 5.1 zcache-v1.
 */
import type { FileText, ReadTrouble } from '../platform.ts';
import { parseInteger } from '../kernel/integer.ts';
import { noteTrouble, quoted } from '../kernel/trouble.ts';

export const chunkBytes = 64;

export interface Histogram {
  /** Sum of the classes. */
  readonly pages: number;
  /** Each page at the upper end of its class. */
  readonly bytes: number;
}

/** More classes than any page size gives. */
const mostClasses = 1024;

export function parseHistogram(file: FileText, troubles: ReadTrouble[]): Histogram | undefined {
  const words = file.text
    .trim()
    .split(/\s+/)
    .filter((word) => !word.includes(':'));
  const counts = words.slice(0, mostClasses).map(parseInteger);
  if (words.length > mostClasses || words[0] === '' || words.length === 0 || counts.includes(undefined)) {
    noteTrouble(troubles, file, 0, `expected a count for each size class, found ${quoted(file.text)}`);
    return undefined;
  }
  let pages = 0;
  let bytes = 0;
  for (const [chunks, count] of counts.entries()) {
    pages += count ?? 0;
    bytes += chunks * chunkBytes * (count ?? 0);
  }
  return { pages, bytes };
}

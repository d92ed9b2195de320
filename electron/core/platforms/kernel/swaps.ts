/** /proc/swaps: one line per swap device, sizes in KiB, names with octal escapes (`\040` is a space). */
import { kibibytes } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { FileText, ReadTrouble } from '../platform.ts';
import { parseInteger } from './integer.ts';
import { noteTrouble, quoted } from './trouble.ts';

export interface Swap {
  /** `/dev/vda`, `/swapfile`; without the ` (deleted)` mark. */
  readonly name: string;
  /** The device is gone and its line is left over until the next boot. */
  readonly deleted: boolean;
  readonly type: string;
  readonly size: Bytes;
  /** Slots taken; a page that zswap keeps takes one without being written. */
  readonly used: Bytes;
  readonly priority: number;
  readonly line: number;
}

const deletedMark = ' (deleted)';

export function parseSwaps(file: FileText, troubles: ReadTrouble[]): readonly Swap[] {
  const swaps: Swap[] = [];
  const lines = file.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '' || line.startsWith('Filename')) continue;
    const words = line.split(/\s+/).filter((word) => word !== '');
    const [size, used, priority] = [words[2], words[3], words[4]].map((word) => parseInteger(word ?? ''));
    const escaped = words[0];
    const type = words[1];
    if (
      escaped === undefined ||
      type === undefined ||
      size === undefined ||
      used === undefined ||
      priority === undefined
    ) {
      noteTrouble(troubles, file, i, `expected “name type size used priority”, found ${quoted(line)}`);
      continue;
    }
    const name = unescapeOctal(escaped);
    const deleted = name.endsWith(deletedMark);
    swaps.push({
      name: deleted ? name.slice(0, -deletedMark.length) : name,
      deleted,
      type,
      size: kibibytes(size),
      used: kibibytes(used),
      priority,
      line: file.line + i,
    });
  }
  return swaps;
}

export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/** Files that hold one value: a number, a word, a choice of words, a flag, a limit. */
import type { FileText, ReadTrouble } from '../platform.ts';
import { parseInteger } from './integer.ts';
import { noteTrouble, quoted } from './trouble.ts';

export function parseNumber(file: FileText, troubles: ReadTrouble[]): number | undefined {
  const value = parseInteger(file.text);
  if (value === undefined) noteTrouble(troubles, file, 0, `expected a whole number, found ${quoted(file.text)}`);
  return value;
}

/** The first of the two in /proc/uptime: seconds since boot, to the hundredth. */
export function parseUptime(file: FileText, troubles: ReadTrouble[]): number | undefined {
  const word = file.text.trim().split(' ', 1)[0] ?? '';
  if (/^\d{1,12}(\.\d{1,6})?$/.test(word)) return Number(word);
  noteTrouble(troubles, file, 0, `expected seconds since boot, found ${quoted(file.text)}`);
  return undefined;
}

/** A limit of a control group: bytes, or `max` for none. */
export function parseLimit(file: FileText, troubles: ReadTrouble[]): number | 'max' | undefined {
  if (file.text.trim() === 'max') return 'max';
  const value = parseInteger(file.text);
  if (value === undefined) noteTrouble(troubles, file, 0, `expected bytes or “max”, found ${quoted(file.text)}`);
  return value;
}

/** Y/N, 1/0 as module parameters print them; 1 or 0. */
export function parseFlag(file: FileText, troubles: ReadTrouble[]): 0 | 1 | undefined {
  const word = file.text.trim();
  if (word === 'Y' || word === '1' || word === 'y') return 1;
  if (word === 'N' || word === '0' || word === 'n') return 0;
  noteTrouble(troubles, file, 0, `expected Y or N, found ${quoted(file.text)}`);
  return undefined;
}

const longestWord = 200;

/** One short line of text, e.g. a compressor's name. */
export function parseWord(file: FileText, troubles: ReadTrouble[]): string | undefined {
  const word = file.text.trim();
  if (word !== '' && word.length <= longestWord && !/[\p{Cc}]/u.test(word)) return word;
  noteTrouble(troubles, file, 0, `expected one word, found ${quoted(file.text)}`);
  return undefined;
}

export interface Choice {
  readonly chosen: string;
  readonly offered: readonly string[];
}

/** `lzo lzo-rle [lz4] zstd`: the brackets mark what is in force. A single bare word is in force itself. */
export function parseChoice(file: FileText, troubles: ReadTrouble[]): Choice | undefined {
  const words = file.text.trim().split(/\s+/);
  const marked = words.filter((word) => word.length > 2 && word.startsWith('[') && word.endsWith(']'));
  const offered = words.map((word) => (marked.includes(word) ? word.slice(1, -1) : word));
  const chosen = marked.length === 1 ? marked[0]?.slice(1, -1) : words.length === 1 ? words[0] : undefined;
  if (chosen !== undefined && chosen !== '' && file.text.length <= longestWord * 4) return { chosen, offered };
  noteTrouble(troubles, file, 0, `expected a list with one [choice], found ${quoted(file.text)}`);
  return undefined;
}

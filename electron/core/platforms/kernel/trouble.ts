/** Says what could not be understood, where, without letting a hostile file fill the memory. */
import type { FileText, ReadTrouble } from '../platform.ts';

const mostPerFile = 20;
const longestQuote = 80;

/** What a host wrote, fit to stand in a sentence: one line, no control or direction-changing characters. */
export function quoted(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return clean.length > longestQuote ? `“${clean.slice(0, longestQuote)}…”` : `“${clean}”`;
}

/** @param offset 0-based line within the file */
export function noteTrouble(troubles: ReadTrouble[], file: FileText, offset: number, words: string): void {
  let same = 0;
  for (let i = troubles.length - 1; i >= 0 && troubles[i]?.path === file.path; i--) same++;
  if (same < mostPerFile) troubles.push({ path: file.path, line: file.line + offset, words });
}

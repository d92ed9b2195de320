/** Finds files of a reading by name or content. Pure. */
import type { HostReading } from '#shared/model/reading.ts';

export interface RawEntry {
  readonly source: string;
  readonly text: string;
  readonly at: number | undefined;
  /** Set for a file that could not be read. */
  readonly why?: 'absent' | 'refused' | 'failed';
}

export function rawEntries(reading: HostReading, search: string): readonly RawEntry[] {
  const wanted = search.trim().toLowerCase();
  const files = reading.files.map(({ source, text, at }): RawEntry => ({ source, text, at }));
  const unread = reading.unread.map(({ source, words, why }): RawEntry => ({
    source,
    text: words,
    at: undefined,
    why,
  }));
  return [...files, ...unread]
    .filter(({ source, text }) => wanted === '' || `${source}\n${text}`.toLowerCase().includes(wanted))
    .sort((a, b) => order(a.source, b.source));
}

/** Files by path; commands, which begin with `$`, after them. */
function order(a: string, b: string): number {
  const commands = Number(a.startsWith('$')) - Number(b.startsWith('$'));
  return commands === 0 ? (a < b ? -1 : a > b ? 1 : 0) : commands;
}

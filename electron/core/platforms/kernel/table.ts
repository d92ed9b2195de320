/**
 * Files that are tables of `name value` lines: /proc/meminfo, /proc/vmstat, memory.stat, memory.events,
 * /proc/PID/status. A line that cannot be understood spoils only itself.
 */
import { kibibytes } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { FileText, ReadTrouble } from '../platform.ts';
import { parseInteger } from './integer.ts';
import { noteTrouble, quoted } from './trouble.ts';

export interface Cell<Value = number> {
  readonly value: Value;
  /** Line of the capture it was read from (1-based). */
  readonly line: number;
}
export type Table<Value = number> = ReadonlyMap<string, Cell<Value>>;

/** `name value` per line, as /proc/vmstat and the cgroup tables print it; the unit is the file's own. */
export function parseKeyValue(file: FileText, troubles: ReadTrouble[]): Table {
  const table = new Map<string, Cell>();
  const lines = file.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') continue;
    const cut = line.indexOf(' ');
    const value = cut > 0 ? parseInteger(line.slice(cut + 1)) : undefined;
    if (value === undefined)
      noteTrouble(troubles, file, i, `expected a name and a whole number, found ${quoted(line)}`);
    else table.set(line.slice(0, cut), { value, line: file.line + i });
  }
  return table;
}

const sized = /^([^:\s]+):\s+([0-9]+)(?: (kB))?\s*$/;

/** /proc/meminfo: what it calls kB is KiB. Lines without a unit (HugePages_Total) are counts and are left out. */
export function parseMeminfo(file: FileText, troubles: ReadTrouble[]): Table<Bytes> {
  const table = new Map<string, Cell<Bytes>>();
  const lines = file.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') continue;
    const found = sized.exec(line);
    const amount = found?.[2] === undefined ? undefined : parseInteger(found[2]);
    if (found?.[1] === undefined || amount === undefined) {
      noteTrouble(troubles, file, i, `expected “Name: number kB”, found ${quoted(line)}`);
    } else if (found[3] !== undefined) {
      table.set(found[1], { value: kibibytes(amount), line: file.line + i });
    }
  }
  return table;
}

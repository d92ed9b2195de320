/** /proc/pressure/memory and a group's memory.pressure: `some|full avg10= avg60= avg300= total=` per line. */
import type { FileText, ReadTrouble } from '../platform.ts';
import { parseDecimal, parseInteger } from './integer.ts';
import { noteTrouble, quoted } from './trouble.ts';

export interface Stall {
  /** Percent of the last 10, 60 and 300 seconds. */
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  /** Microseconds since boot, or since the group was made. */
  readonly total: number;
  readonly line: number;
}

export interface Pressure {
  readonly some?: Stall;
  readonly full?: Stall;
}

const shape = /^(some|full) avg10=(\S+) avg60=(\S+) avg300=(\S+) total=(\S+)$/;

export function parsePressure(file: FileText, troubles: ReadTrouble[]): Pressure {
  let pressure: Pressure = {};
  const lines = file.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') continue;
    const found = shape.exec(line);
    const stall = found ? stallOf(found, file.line + i) : undefined;
    if (stall === undefined) noteTrouble(troubles, file, i, `expected “some avg10=…”, found ${quoted(line)}`);
    else pressure = found?.[1] === 'some' ? { ...pressure, some: stall } : { ...pressure, full: stall };
  }
  return pressure;
}

function stallOf(found: RegExpExecArray, line: number): Stall | undefined {
  const [avg10, avg60, avg300] = [found[2], found[3], found[4]].map((text) => parseDecimal(text ?? ''));
  const total = parseInteger(found[5] ?? '');
  if (avg10 === undefined || avg60 === undefined || avg300 === undefined || total === undefined) return undefined;
  return { avg10, avg60, avg300, total, line };
}

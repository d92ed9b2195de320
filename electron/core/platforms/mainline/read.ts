/**
 * The agent's text as typed values of the host and its guests. Absent files give absent values; a file that cannot
 * be understood gives a trouble and spoils only its own metrics. Never throws, has no memory of its own.
 */
import { parseKeyValue, parseMeminfo } from '../kernel/table.ts';
import { parseChoice, parseFlag, parseNumber, parseUptime, parseWord } from '../kernel/single.ts';
import { parseSwaps } from '../kernel/swaps.ts';
import type { Evidence, FileText, ReadTrouble, Reading } from '../platform.ts';
import { hostEntries } from './catalogue.ts';
import { derive } from './derive.ts';
import type { HostTables } from './derive.ts';
import { readGuests } from './guests.ts';
import { putPressure } from './pressure.ts';
import { Values } from './values.ts';
import { readZram } from './zram.ts';

export function read(evidence: Evidence): Reading {
  const out = new Values(evidence);
  const tables: HostTables = {
    meminfo: out.parse('/proc/meminfo', parseMeminfo),
    vmstat: out.parse('/proc/vmstat', parseKeyValue),
    swaps: out.parse('/proc/swaps', parseSwaps),
  };
  readEntries(out, tables);
  if (tables.meminfo !== undefined) out.put('host.page-size', evidence.pageSize, 'getconf PAGESIZE');
  // Every set of the agent brings it along.
  const uptime = out.file('/proc/uptime');
  if (uptime !== undefined) out.put('host.uptime', out.parse('/proc/uptime', parseUptime), '/proc/uptime', uptime.line);
  putPressure(out, '/proc/pressure/memory', 'pressure.memory', '');
  for (const swap of tables.swaps ?? []) {
    out.put('swap.size', swap.size, '/proc/swaps', swap.line, swap.name);
    out.put('swap.used', swap.used, '/proc/swaps', swap.line, swap.name);
    out.put('swap.priority', swap.priority, '/proc/swaps', swap.line, swap.name);
  }
  const zrams = readZram(out);
  const guests = readGuests(out, { swaps: tables.swaps, zrams });
  derive(out, tables, zrams, guests);
  return { values: out.list, guests, troubles: out.troubles };
}

function readEntries(out: Values, tables: HostTables): void {
  for (const { id, where } of hostEntries) {
    if (where === undefined) continue;
    if ('key' in where) {
      const cell = where.form === 'meminfo' ? tables.meminfo?.get(where.key) : tables.vmstat?.get(where.key);
      if (cell !== undefined) out.put(id, cell.value, `/proc/${where.form}`, cell.line);
      continue;
    }
    const file = out.file(where.file);
    if (file !== undefined) out.put(id, out.parse(where.file, parsers[where.form]), where.file, file.line);
  }
}

type Parser = (file: FileText, troubles: ReadTrouble[]) => number | string | undefined;

const parsers: Readonly<Record<'number' | 'flag' | 'word' | 'choice', Parser>> = {
  number: parseNumber,
  flag: parseFlag,
  word: parseWord,
  choice: (file, troubles) => parseChoice(file, troubles)?.chosen,
};

/**
 * The domains: `xl list` with or without -v, `xl claims`, `xentop`, `xl list -l` and xenstore, joined by number or
 * name. Guests and detection use it. Never throws. Names are the host's text and may hold blanks, even whole columns:
 * rows are read from the right.
 */
import type { CommandText, Evidence } from '../../platform.ts';
import { readConfigs } from './configs.ts';
import type { Config } from './configs.ts';

export interface Figure {
  readonly bytes: number;
  readonly line: number;
  readonly source: string;
  readonly at: CommandText['at'];
}

export interface Domain {
  readonly domid: number;
  readonly name: string;
  /** All the memory Xen charges to it: its own pages and its persistent tmem pages. */
  readonly mem: Figure;
  readonly vcpus: number;
  /** `r` running, `b` blocked, `p` paused, `s` shut down, `c` crashed, `d` dying. */
  readonly state: string;
  readonly seconds: number;
  readonly uuid?: string;
  readonly claimed?: Figure;
  /** The hypervisor's limit, which `xl mem-set` moves too. */
  readonly limit?: Figure;
  readonly config?: Config;
}

interface Row {
  readonly name: string;
  readonly domid: number;
  readonly mem: number;
  readonly vcpus: number;
  readonly state: string;
  readonly seconds: number;
  readonly rest: string;
  readonly line: number;
}

const header = /^Name +ID +Mem +VCPUs\s+State\s+Time\(s\)/;
const row = /^(.+)\s+(\d{1,9})\s+(\d{1,15})\s+(\d{1,6})\s+([r-][b-][p-][s-][c-][d-])\s+(\d{1,15}\.\d)(?:\s+(.*))?$/;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const mib = 2 ** 20;
const nobody = /^[0-]+$/;
const mostDomains = 10_000;
const longestRow = 1000;

export interface DomainList {
  readonly source: string;
  readonly at: CommandText['at'];
  readonly domains: readonly Domain[];
}

export function domainList(evidence: Evidence): DomainList | undefined {
  const tables = [...evidence.commands.values()]
    .filter(({ text }) => header.test(text))
    .sort((a, b) => a.at - b.at || a.line - b.line);
  const lists = tables.filter(({ text }) => !firstLine(text).includes('Claimed'));
  const newest = lists.at(-1);
  if (newest === undefined) return undefined;
  const claims = tables.findLast(({ text }) => firstLine(text).includes('Claimed'));
  const claimed = new Map(claims ? rowsOf(claims).map((one) => [one.domid, one]) : []);
  const configs = readConfigs(evidence);
  const limits = readLimits(evidence);
  const uuids = new Map<string, string>();
  for (const list of lists)
    for (const { domid, name, rest } of rowsOf(list)) {
      const found = uuid.exec(rest)?.[0];
      if (found !== undefined && !nobody.test(found)) uuids.set(`${String(domid)} ${name}`, found);
    }
  const figure = (bytes: number, line: number, { command: source, at }: CommandText): Figure => ({
    bytes,
    line,
    source,
    at,
  });
  const domains = rowsOf(newest).map(({ domid, name, mem, vcpus, state, seconds, line }): Domain => {
    const config = configs.get(domid);
    const known = uuids.get(`${String(domid)} ${name}`) ?? config?.uuid;
    const claim = claims && claimed.get(domid);
    const limit = limits.get(name);
    const own = claims && claim && parseWhole(claim.rest);
    return {
      domid,
      name,
      mem: figure(mem * mib, line, newest),
      vcpus,
      state,
      seconds,
      ...(known === undefined ? {} : { uuid: known }),
      ...(claims && claim && own !== undefined ? { claimed: figure(own * mib, claim.line, claims) } : {}),
      ...(limit === undefined ? {} : { limit }),
      ...(config === undefined ? {} : { config }),
    };
  });
  return { source: newest.command, at: newest.at, domains };
}

const firstLine = (text: string): string => text.slice(0, Math.max(0, text.indexOf('\n')) || text.length);

function parseWhole(text: string): number | undefined {
  const last = /(\d{1,15})\s*$/.exec(text)?.[1];
  return last === undefined ? undefined : Number(last);
}

function rowsOf({ text, line }: CommandText): readonly Row[] {
  const rows: Row[] = [];
  const lines = text.split('\n');
  for (let i = 1; i < lines.length && rows.length < mostDomains; i++) {
    const found = splitRow(lines[i] ?? '');
    if (found) rows.push({ ...found, line: line + i });
  }
  return rows;
}

/** A name may look like columns of its own: the longest name that leaves a row is right. */
function splitRow(text: string): Omit<Row, 'line'> | undefined {
  const [, name, domid, mem, vcpus, state, seconds, rest] = text.length > longestRow ? [] : (row.exec(text) ?? []);
  if (name === undefined || state === undefined) return undefined;
  return {
    name: name.trim(),
    domid: Number(domid),
    mem: Number(mem),
    vcpus: Number(vcpus),
    state,
    seconds: Number(seconds),
    rest: rest ?? '',
  };
}

const topRow = /^\s*(\S.*?)\s+[d-][s-][b-][c-][p-][r-]\s+\d+\s+[\d.]+\s+\d+\s+[\d.]+\s+(\d{1,15}|no limit)\s/;
const kib = 1024;

/** MAXMEM(k) of `xentop -b -i 1 -f`, by name: it prints no number of the domain. */
function readLimits(evidence: Evidence): ReadonlyMap<string, Figure> {
  const limits = new Map<string, Figure>();
  const tops = [...evidence.commands.values()]
    .filter(({ text }) => /^\s*NAME\s+STATE\s.*MAXMEM\(k\)/.test(firstLine(text)))
    .sort((a, b) => a.at - b.at || a.line - b.line);
  for (const { command, text, line, at } of tops) {
    const lines = text.split('\n');
    for (let i = 1; i < lines.length && i <= mostDomains; i++) {
      const [, name, most] = topRow.exec((lines[i] ?? '').slice(0, longestRow)) ?? [];
      if (name === undefined || most === undefined || most === 'no limit') continue;
      limits.set(name, { bytes: Number(most) * kib, line: line + i, source: command, at });
    }
  }
  return limits;
}

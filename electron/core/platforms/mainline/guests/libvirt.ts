/** What `virsh list` and `virsh domstats` say. The text is the host's: names in it are data. */
import type { EpochMs } from '#shared/units.ts';
import type { CommandText, Evidence } from '../../platform.ts';
import { parseInteger } from '../../kernel/integer.ts';

export interface Stat {
  readonly value: number;
  readonly line: number;
}

export interface Domain {
  readonly name: string;
  readonly id?: string;
  readonly uuid?: string;
  readonly running: boolean;
  /** Rows of domstats by their whole name, e.g. `balloon.current`, in the unit virsh prints (KiB). */
  readonly stats: ReadonlyMap<string, Stat>;
  /** Where the stats came from; undefined when there were none. */
  readonly told?: CommandText;
  /** The host's clock when they were told, in seconds; undefined where the capture does not say. */
  readonly toldAt?: number;
}

interface Draft {
  name: string;
  id?: string;
  uuid?: string;
  listed?: { readonly running: boolean; readonly at: EpochMs };
  stats: Map<string, Stat>;
  told?: CommandText;
  toldAt?: number;
}

const listCommand = /^(?:sudo )?virsh (?:-\S+ |qemu:\S+ )*list\b/;
const statsCommand = /^(?:sudo )?virsh (?:-\S+ |qemu:\S+ )*domstats\b/;
const states = [
  'running',
  'idle',
  'blocked',
  'paused',
  'in shutdown',
  'shut off',
  'crashed',
  'dying',
  'pmsuspended',
  'no state',
] as const;
const numbered = /^\s*(\d{1,9}|-)\s+(\S[^]*)$/;
const identified = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\s+(\S[^]*)$/i;
const domainLine = /^Domain: '(.*)'\s*$/;
const nowLine = /^now=(\d{1,12})$/;
const statLine = /^\s+((?:balloon|state)\.[a-z_-]+)=(\S+)\s*$/;

export function readDomains(evidence: Evidence): readonly Domain[] {
  const drafts = new Map<string, Draft>();
  const draft = (name: string): Draft => {
    const known = drafts.get(name) ?? { name, stats: new Map<string, Stat>() };
    drafts.set(name, known);
    return known;
  };
  for (const command of evidence.commands.values()) {
    if (listCommand.test(command.command)) readList(command, draft);
    else if (statsCommand.test(command.command)) readStats(command, draft);
  }
  const statsAt = Math.max(0, ...[...drafts.values()].map(({ told }) => told?.at ?? 0));
  return [...drafts.values()].map(({ name, id, uuid, listed: state, stats, told, toldAt }) => ({
    name,
    running: isRunning(state, told, stats.get('state.state')?.value, statsAt),
    stats,
    ...(id === undefined ? {} : { id }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(told === undefined ? {} : { told }),
    ...(toldAt === undefined ? {} : { toldAt }),
  }));
}

/**
 * The list is a minute old when the statistics, asked for active domains only, are seconds old: the newer one decides
 * whether a domain runs. 5 and 6 are libvirt's numbers for shut off and crashed.
 */
function isRunning(
  listed: Draft['listed'],
  told: CommandText | undefined,
  state: number | undefined,
  statsAt: number,
): boolean {
  if (told === undefined) return listed !== undefined && listed.running && listed.at >= statsAt;
  if (listed !== undefined && !listed.running && listed.at > told.at) return false;
  return state !== 5 && state !== 6;
}

function readList({ text, at }: CommandText, draft: (name: string) => Draft): void {
  for (const row of text.split('\n')) {
    const line = row.trimEnd();
    // A name may hold blanks: the state is what the line ends with, the name is what is left.
    const state = states.find((word) => line.endsWith(` ${word}`));
    const [, id, name] = (state === undefined ? null : numbered.exec(line.slice(0, -state.length).trimEnd())) ?? [];
    if (id !== undefined && name !== undefined) {
      const domain = draft(name);
      domain.listed = { running: id !== '-', at };
      if (id !== '-') domain.id = id;
      continue;
    }
    const [, uuid, owner] = identified.exec(line) ?? [];
    if (uuid !== undefined && owner !== undefined) draft(owner).uuid = uuid.toLowerCase();
  }
}

function readStats(command: CommandText, draft: (name: string) => Draft): void {
  const lines = command.text.split('\n');
  let domain: Draft | undefined;
  let now: number | undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const opened = domainLine.exec(line)?.[1];
    if (opened !== undefined) {
      domain = draft(opened);
      domain.told = command;
      if (now !== undefined) domain.toldAt = now;
      continue;
    }
    if (domain === undefined) now ??= parseInteger(nowLine.exec(line)?.[1] ?? '');
    const row = statLine.exec(line);
    const value = row?.[2] === undefined ? undefined : parseInteger(row[2]);
    if (domain && row?.[1] !== undefined && value !== undefined)
      domain.stats.set(row[1], { value, line: command.line + i });
  }
}

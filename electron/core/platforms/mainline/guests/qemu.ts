/** QEMU processes: their sizes and their control group (often), and who they are (once a minute). */
import { bytes, kibibytes } from '#shared/units.ts';
import type { Bytes, EpochMs } from '#shared/units.ts';
import type { CommandText, Evidence } from '../../platform.ts';
import { qemuArguments, qemuStatus } from '../commands.ts';

export interface Size {
  readonly bytes: Bytes;
  readonly line: number;
  readonly at: EpochMs;
}

export interface Qemu {
  readonly pid: number;
  /** Path below the root of the memory controller's hierarchy. */
  readonly cgroup?: string;
  /** VmRSS, RssAnon, RssShmem, VmSwap. */
  readonly sizes: ReadonlyMap<string, Size>;
  readonly name?: string;
  readonly uuid?: string;
  readonly vmid?: string;
  readonly memory?: { readonly bytes: Bytes; readonly at: EpochMs };
  /** Whether it has a balloon device; undefined while its arguments are unknown. */
  readonly balloon?: boolean;
}

type Draft = { -readonly [Key in keyof Qemu]: Qemu[Key] } & { sizes: Map<string, Size> };

export function readQemu(evidence: Evidence): readonly Qemu[] {
  const drafts = new Map<number, Draft>();
  const draft = (pid: number): Draft => {
    const known = drafts.get(pid) ?? { pid, sizes: new Map<string, Size>() };
    drafts.set(pid, known);
    return known;
  };
  const status = evidence.commands.get(qemuStatus);
  if (status) readStatus(status, draft);
  const asked = evidence.commands.get(qemuArguments);
  if (asked) readArguments(asked, (pid) => (status === undefined || drafts.has(pid) ? draft(pid) : undefined));
  return [...drafts.values()];
}

const statusLine = /^\/proc\/(\d{1,9})\/status:(VmRSS|RssAnon|RssShmem|VmSwap):\s+(\d{1,15}) kB$/;
const cgroupLine = /^\/proc\/(\d{1,9})\/cgroup:(?:0::|\d+:(?:[^:]*,)?memory(?:,[^:]*)?:)(\/.*)$/;

function readStatus(command: CommandText, draft: (pid: number) => Draft): void {
  const lines = command.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const size = statusLine.exec(line);
    if (size?.[2] !== undefined) {
      draft(Number(size[1])).sizes.set(size[2], {
        bytes: kibibytes(Number(size[3])),
        line: command.line + i,
        at: command.at,
      });
      continue;
    }
    const group = cgroupLine.exec(line);
    if (group?.[2] === undefined) continue;
    // On hybrid hosts the memory controller's line comes beside `0::`, which then says nothing about memory.
    const process = draft(Number(group[1]));
    if (process.cgroup === undefined || !line.includes('/cgroup:0::')) process.cgroup = group[2];
  }
}

/** @param known gives the draft of a process that still runs, undefined when it is gone */
function readArguments(command: CommandText, known: (pid: number) => Draft | undefined): void {
  let process: Draft | undefined;
  for (const line of command.text.split('\n')) {
    const started = /^@@pid \/proc\/(\d{1,9})$/.exec(line)?.[1];
    if (started !== undefined) {
      process = known(Number(started));
      if (process) process.balloon = false;
      continue;
    }
    if (!process) continue;
    const cut = line.indexOf(' ');
    const value = line.slice(cut + 1);
    if (line === 'balloon') process.balloon = true;
    else if (line.startsWith('name ')) process.name = guestName(value);
    else if (line.startsWith('uuid ') && /^[0-9a-fA-F-]{36}$/.test(value)) process.uuid = value.toLowerCase();
    else if (line.startsWith('id ') && /^\d{1,9}$/.test(value)) process.vmid = value;
    else if (line.startsWith('memory ')) {
      const size = memoryArgument(value);
      if (size !== undefined) process.memory = { bytes: size, at: command.at };
    }
  }
}

/** `guest=db1,debug-threads=on`, `db1,process=x`, `db1`; a doubled comma is one comma of the name. */
export function guestName(argument: string): string {
  const first = argument.replaceAll(',,', '\0').split(',')[0] ?? '';
  return first.replaceAll('\0', ',').replace(/^guest=/, '');
}

const sizeSuffix: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `-m 4096`, `-m 4G`, `-m size=4194304k,slots=16,maxmem=…`: MiB unless a suffix says otherwise. */
export function memoryArgument(argument: string): Bytes | undefined {
  const found = /^(?:size=)?(\d{1,12})([kmgtKMGT]?)(?:,|$)/.exec(argument);
  if (found?.[1] === undefined) return undefined;
  return bytes(Number(found[1]) * (sizeSuffix[(found[2] || 'm').toLowerCase()] ?? 1));
}

/**
 * What the host pays for one guest, from its control group or else from its process. Each figure says its formula.
 * Where the kernel does not tell, the figure is absent and a sentence says why. The formulas for a group of cgroup v2
 * are docs/domain.md 5.1 guest-pays.
 */
import { bytes, minusFloor } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { GuestCost, Said } from '#shared/model/guest.ts';
import type { FileText } from '../../platform.ts';
import { parseKeyValue } from '../../kernel/table.ts';
import type { Table } from '../../kernel/table.ts';
import { parseNumber } from '../../kernel/single.ts';
import type { Swap } from '../../kernel/swaps.ts';
import type { Values } from '../values.ts';
import type { Zram } from '../zram.ts';
import type { Group } from './groups.ts';
import type { Qemu } from './qemu.ts';

/** What the host's own files say that matters to each guest. */
export interface HostSwap {
  readonly swaps: readonly Swap[] | undefined;
  readonly zrams: readonly Zram[];
  /** True once the host says that zswap keeps nothing and is off. */
  readonly zswapEmpty: boolean;
}

/** The group's files that the figures are made of, parsed once. */
export interface GroupFigures {
  readonly stat: Table | undefined;
  readonly numbers: ReadonlyMap<string, { readonly value: Bytes; readonly file: FileText }>;
}

export interface Paid {
  readonly pays: GuestCost;
  readonly unknown: readonly string[];
}

export const groupNumbers = [
  'memory.current',
  'memory.swap.current',
  'memory.zswap.current',
  'memory.usage_in_bytes',
  'memory.memsw.usage_in_bytes',
] as const;

export function readFigures(out: Values, { directory }: Group): GroupFigures {
  const numbers = new Map<string, { value: Bytes; file: FileText }>();
  for (const name of groupNumbers) {
    const file = out.file(`${directory}/${name}`);
    const value = file === undefined ? undefined : parseNumber(file, out.troubles);
    if (file !== undefined && value !== undefined) numbers.set(name, { value: bytes(value), file });
  }
  return { stat: out.parse(`${directory}/memory.stat`, parseKeyValue), numbers };
}

export function paidByGroup(group: Group, figures: GroupFigures, host: HostSwap): Paid {
  return group.version === 2 ? paidV2(group, figures, host) : paidV1(group, figures, host);
}

function paidV2({ directory }: Group, { stat, numbers }: GroupFigures, host: HostSwap): Paid {
  const unknown: string[] = [];
  const current = numbers.get('memory.current');
  const zswap = numbers.get('memory.zswap.current');
  const swap = numbers.get('memory.swap.current');
  const pays: { resident?: Said; compressed?: Said; onDisk?: Said } = {};
  if (current) {
    const at = current.file.at;
    pays.resident = zswap
      ? {
          bytes: minusFloor(current.value, zswap.value),
          source: `memory.current − memory.zswap.current (${directory})`,
          at,
        }
      : { bytes: current.value, source: `${directory}/memory.current`, at };
  }
  if (zswap) pays.compressed = { bytes: zswap.value, source: `${directory}/memory.zswap.current`, at: zswap.file.at };
  else if (current)
    unknown.push(
      'How much of this guest zswap keeps is unknown, and part of what is called resident: memory.zswap.current was not there (kernels before 5.19 have none).',
    );

  if (!swap) return { pays, unknown };
  if (!stat) {
    unknown.push(`Which part of the swap is on disk is unknown: ${directory}/memory.stat could not be read.`);
    return { pays, unknown };
  }
  const zswapped = stat.get('zswapped')?.value;
  const cached = stat.get('swapcached')?.value;
  const terms = [
    'memory.swap.current',
    zswapped === undefined ? [] : 'zswapped',
    cached === undefined ? [] : 'swapcached',
  ];
  const beyond = minusFloor(swap.value, bytes((zswapped ?? 0) + (cached ?? 0)));
  const source = `${terms.flat().join(' − ')} (${directory})`;
  const inZram =
    host.swaps?.filter(({ name }) => host.zrams.some(({ device }) => name === `/dev/${device}`)).length ?? 0;
  if (inZram === 0 || beyond === 0) pays.onDisk = { bytes: beyond, source, at: swap.file.at };
  else unknown.push(zramSentence(beyond, inZram === host.swaps?.length));
  return { pays, unknown };
}

function zramSentence(swapped: Bytes, all: boolean): string {
  const size = `${String(Math.round(swapped / 2 ** 20))} MiB`;
  return all
    ? `${size} of this guest are swapped to zram, so they are compressed in RAM and not on disk; the kernel does not tell how much RAM they take for one guest.`
    : `${size} of this guest are swapped, partly to zram: the kernel does not tell which part is compressed in RAM and which is on disk.`;
}

function paidV1({ directory }: Group, { numbers }: GroupFigures, host: HostSwap): Paid {
  const usage = numbers.get('memory.usage_in_bytes');
  const both = numbers.get('memory.memsw.usage_in_bytes');
  const unknown = [
    'This host runs the memory controller of cgroup v1, which has no zswap figures and no pressure per guest; booting it with systemd.unified_cgroup_hierarchy=1 gives them.',
  ];
  const pays: { resident?: Said; onDisk?: Said } = {};
  if (usage) pays.resident = { bytes: usage.value, source: `${directory}/memory.usage_in_bytes`, at: usage.file.at };
  if (usage && both && host.zswapEmpty) {
    const source = `memory.memsw.usage_in_bytes − memory.usage_in_bytes (${directory})`;
    pays.onDisk = { bytes: minusFloor(both.value, usage.value), source, at: both.file.at };
  } else if (usage && both) {
    unknown.push('Which part of this guest’s swap zswap keeps compressed is unknown on cgroup v1.');
  } else if (usage) {
    unknown.push('How much of this guest is swapped is unknown: swap accounting is off (boot with swapaccount=1).');
  }
  return { pays, unknown };
}

/** Without a group of its own a guest is known by its process only. */
export function paidByProcess({ pid, sizes }: Qemu, host: HostSwap): Paid {
  const rss = sizes.get('VmRSS');
  const swap = sizes.get('VmSwap');
  const source = (name: string): string => `${name} (/proc/${String(pid)}/status)`;
  const unknown = [
    'This guest has no control group of its own: its resident memory is that of its process, pages merged by KSM included.',
  ];
  const pays: { resident?: Said; onDisk?: Said } = {};
  if (rss) pays.resident = { bytes: rss.bytes, source: source('VmRSS'), at: rss.at };
  if (swap && (swap.bytes === 0 || (host.zswapEmpty && host.zrams.length === 0))) {
    pays.onDisk = { bytes: swap.bytes, source: source('VmSwap'), at: swap.at };
  } else if (swap) {
    unknown.push(
      'Which part of this guest’s swap is compressed and which is on disk is unknown without a control group.',
    );
  }
  return { pays, unknown };
}

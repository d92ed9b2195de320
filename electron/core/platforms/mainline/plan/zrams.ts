/** The zram devices of a host, as the knob `zram.swap` reads them. */
import { parseChoice, parseNumber } from '../../kernel/single.ts';
import type { Swap } from '../../kernel/swaps.ts';
import { mmStatColumns, parseColumns } from '../../kernel/zram.ts';
import type { Evidence } from '../../platform.ts';

export interface ZramSeen {
  /** `zram0` */
  readonly device: string;
  readonly swap: Swap | undefined;
  /** SIZE:ALGORITHM:LIMIT:PRIORITY; undefined when a part of it was not read. */
  readonly spec: string | undefined;
}

export function readZrams(evidence: Evidence, swaps: readonly Swap[]): readonly ZramSeen[] {
  const names = new Set<string>();
  for (const path of evidence.files.keys()) {
    const name = /^\/sys\/block\/(zram[0-9]{1,3})\//.exec(path)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (const { name } of swaps) {
    const device = /^\/dev\/(zram[0-9]{1,3})$/.exec(name)?.[1];
    if (device !== undefined) names.add(device);
  }
  return [...names].sort().map((device) => {
    const swap = swaps.find(({ name }) => name === `/dev/${device}`);
    return { device, swap, spec: swap && specOf(evidence, device, swap) };
  });
}

function specOf(evidence: Evidence, device: string, swap: Swap): string | undefined {
  const file = (name: string) => evidence.files.get(`/sys/block/${device}/${name}`);
  const [disksize, algorithm, stat] = [file('disksize'), file('comp_algorithm'), file('mm_stat')];
  const size = disksize && parseNumber(disksize, []);
  const chosen = algorithm && parseChoice(algorithm, [])?.chosen;
  const limit = stat && parseColumns(stat, mmStatColumns, 7, []).mem_limit;
  if (size === undefined || chosen === undefined || limit === undefined) return undefined;
  return specText(size, chosen, limit, swap.priority < 0 ? 'auto' : String(swap.priority));
}

export function specText(size: number, algorithm: string, limit: number, priority: string): string {
  return `${String(size)}:${algorithm}:${String(limit)}:${priority}`;
}

/** The number hot_add gives next: the lowest that is free. */
export function nextDevice(zrams: readonly ZramSeen[]): string {
  const taken = new Set(zrams.map(({ device }) => device));
  let number = 0;
  while (taken.has(`zram${String(number)}`)) number++;
  return `zram${String(number)}`;
}

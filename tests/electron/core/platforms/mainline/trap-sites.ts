/** Hosts as the planner of mainline sees them, with the figures a trap needs; and short words for what it answers. */
import type { Wish, WishTarget } from '#shared/model/wish.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Site, Sites } from '#core/platforms/change.ts';
import type { Evidence } from '#core/platforms/platform.ts';
import { kernelModules } from '#core/platforms/mainline/commands.ts';
import { syntheticCommands, syntheticEvidence, uuid } from './synthetic.ts';

export const here = 'h1' as HostId;
export const there = 'g1' as HostId;
export const kvm: readonly WishTarget[] = [{ host: here }];
export const scope = '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d7\\x2ddb\\x2d1.scope';
export const guestKey = `libvirt:${uuid('a')}`;
export const guests: readonly WishTarget[] = [{ host: here, guest: guestKey }];
export const gib = 1024 * 1024;

export const meminfo = (available = 4 * gib, swap = 8 * gib): string =>
  `MemTotal:       ${String(16 * gib)} kB\nMemAvailable:   ${String(available)} kB\nSwapTotal:      ${String(swap)} kB`;
export const disk = 'Filename Type Size Used Priority\n/dev/vda partition 8388604 1024 -2';
export const zswapFiles = {
  '/sys/module/zswap/parameters/enabled': 'N',
  '/sys/module/zswap/parameters/compressor': 'lzo',
  '/sys/module/zswap/parameters/zpool': 'zbud',
  '/sys/module/zswap/parameters/max_pool_percent': '20',
  '/sys/module/zswap/parameters/accept_threshold_percent': '90',
  '/sys/kernel/debug/zswap/stored_pages': '0',
  '/proc/sys/vm/swappiness': '60',
};
export const ksmFiles = {
  '/sys/kernel/mm/ksm/run': '1',
  '/sys/kernel/mm/ksm/pages_to_scan': '100',
  '/sys/kernel/mm/ksm/sleep_millisecs': '20',
  '/sys/kernel/mm/ksm/pages_shared': '12425',
  '/sys/kernel/mm/ksm/pages_sharing': '2000000',
  '/sys/kernel/mm/ksm/merge_across_nodes': '1',
};
export const base = { '/proc/meminfo': meminfo(), '/proc/swaps': disk, ...zswapFiles };
export const modules = {
  [kernelModules]: 'name         : lzo\nloadable zstd\nloaded zbud\nloadable zsmalloc\nloadable zram',
};
export const groupFiles = {
  [`${scope}/memory.current`]: String(1024 * 1024 * 1024),
  [`${scope}/memory.zswap.current`]: '44574091',
  [`${scope}/memory.zswap.max`]: 'max',
  [`${scope}/memory.swap.max`]: 'max',
  [`${scope}/memory.high`]: 'max',
  [`${scope}/memory.low`]: '0',
};
export const balloonStats = (usable: number | undefined): string =>
  [
    "Domain: 'db-1'",
    '  balloon.current=2097152',
    '  balloon.maximum=4194304',
    ...(usable === undefined ? [] : ['  balloon.available=2000000', `  balloon.usable=${String(usable)}`]),
  ].join('\n');
export const domain = (usable?: number): Readonly<Record<string, string>> => ({
  ...syntheticCommands.virshList(` Id   Name   State\n---\n 7    db-1   running\n\n${uuid('a')} db-1`),
  ...syntheticCommands.virshDomstats(balloonStats(usable)),
});

export function siteOf(evidence: Evidence, more: Partial<Site> = {}): Site {
  return { host: here, name: 'kvm1', evidence, inside: new Map(), ...more };
}
export const sites = (...all: readonly Site[]): Sites => new Map(all.map((site) => [site.host, site]));
export function known(
  files: Readonly<Record<string, string>>,
  commands: Readonly<Record<string, string>> = modules,
): Sites {
  return sites(siteOf(syntheticEvidence(files, commands)));
}
export const wish = (id: string, targets: readonly WishTarget[], values: Wish['values'] = {}): Wish => ({
  id,
  targets,
  values,
});
export const sentences = (all: readonly { readonly sentence: string }[]): readonly string[] =>
  all.map(({ sentence }) => sentence);
export const missing = (planned: {
  readonly findings: readonly { readonly level: string; readonly sentence: string }[];
}) => sentences(planned.findings.filter(({ level }) => level === 'missing'));

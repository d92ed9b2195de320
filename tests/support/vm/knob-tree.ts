/**
 * Everything on a test host that a change may touch, as text: read over the tests' own SSH and without any of the
 * console's code, so that a tree from before a change can be held against the one after it, line by line.
 * Wider than what the console writes, so that a stray write shows; without counters, which move by themselves.
 */
import type { Machine } from './machine.ts';

/** bash expands the braces and the stars; what is not there on this kernel is left out. */
const files = [
  '/proc/sys/vm/*',
  '/sys/module/zswap/parameters/*',
  '/sys/kernel/mm/ksm/{run,pages_to_scan,sleep_millisecs,merge_across_nodes,max_page_sharing,use_zero_pages}',
  '/sys/kernel/mm/ksm/{smart_scan,advisor_*,stable_node_chains_prune_millisecs}',
  '/sys/kernel/mm/transparent_hugepage/{enabled,defrag,shmem_enabled}',
  '/sys/kernel/mm/lru_gen/{enabled,min_ttl_ms}',
  '/sys/kernel/mm/swap/vma_ra_enabled',
  '/sys/block/zram*/{disksize,comp_algorithm,max_comp_streams,backing_dev,initstate}',
  '/sys/fs/cgroup/**/memory.{min,low,high,max,oom.group,swap.high,swap.max,zswap.max,zswap.writeback}',
];
/** The settings that survive and what replays them; the state of plans that are under way. */
const ours = [
  '/etc/tmem-console/*',
  '/etc/rc.local',
  '/etc/systemd/system/tmem-console*',
  '/usr/local/sbin/*',
  '/run/tmem-console/*/state',
];

// The kernel's write-only and self-moving files of /proc/sys/vm answer nothing or are named here.
const script = `
shopt -s nullglob globstar
grep -sH '' ${files.join(' ')} | grep -v -e '/stat_refresh:' -e '/compact_memory:' -e '/drop_caches:'
while read -r name type size used priority; do printf 'swap %s %s %s %s\\n' "$name" "$type" "$size" "$priority"; done </proc/swaps
cut -d' ' -f1 /proc/modules | sort | sed 's/^/module /'
for device in /dev/zram*; do printf 'device %s\\n' "$device"; done
grep -sH '' ${ours.join(' ')} | grep -v -e '^/run/tmem-console/.*:undone$' -e '^/run/tmem-console/.*:kept$'
true`;

/** One line a setting, in a fixed order. */
export async function knobTree(machine: Pick<Machine, 'run'>): Promise<string> {
  return machine.run(`bash -c ${quote(script)}`);
}

/**
 * The same, once no plan is under way on the host, and that process of the host's is gone.
 * @throws when that is not so after so many seconds
 */
export async function settledTree(machine: Pick<Machine, 'run'>, seconds: number, gone?: number): Promise<string> {
  const alive = gone === undefined ? 'false' : `[ -e /proc/${gone} ]`;
  const underWay = 'grep -qs -e armed -e undoing /run/tmem-console/*/state';
  return machine.run(
    `timeout ${seconds} sh -c 'while ${alive} || ${underWay}; do sleep 0.1; done' || exit; bash -c ${quote(script)}`,
    { timeoutMs: (seconds + 20) * 1000 },
  );
}

/** The lines that differ, with `-` for before and `+` for after; empty when nothing does. */
export function differences(before: string, after: string): readonly string[] {
  const [old, now] = [before, after].map((text) => text.split('\n'));
  const [was, is] = [new Set(old), new Set(now)];
  return [
    ...(old ?? []).filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...(now ?? []).filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

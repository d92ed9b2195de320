/**
 * What a test host's kernel says about its memory, read by one plain `grep` over the tests' own SSH and without any
 * of the console's code: the yardstick that the console's figures are held against.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from './guest.ts';
import type { Machine } from './machine.ts';

/** Each field carries the kernel's own name and unit: pages, unless the name says otherwise. */
export interface KernelCounters {
  /** Kernels up to 6.5; undefined where the directory is not there. */
  readonly frontswap:
    | {
        readonly succ_stores: number;
        readonly failed_stores: number;
        readonly loads: number;
        readonly invalidates: number;
      }
    | undefined;
  /** Undefined on kernels that make the directory when zswap is first enabled, before that. `pool_total_size` is bytes. */
  readonly zswap:
    | {
        readonly pool_total_size: number;
        readonly stored_pages: number;
        readonly written_back_pages: number;
        readonly pool_limit_hit: number;
      }
    | undefined;
  readonly vmstat: {
    readonly pswpin: number;
    readonly pswpout: number;
    readonly zswpin: number;
    readonly zswpout: number;
    readonly pgmajfault: number;
    readonly oom_kill: number;
  };
  /** KiB, as /proc/meminfo has them. */
  readonly meminfoKiB: {
    readonly MemTotal: number;
    readonly MemAvailable: number;
    readonly SwapTotal: number;
    readonly SwapFree: number;
    readonly Zswap: number;
    readonly Zswapped: number;
  };
  /** Pages that are kept once for several users, and the users' pages saved by that. */
  readonly ksm: { readonly pages_shared: number; readonly pages_sharing: number };
  /** `total=` of /proc/pressure/memory, microseconds since boot. */
  readonly pressureUs: { readonly some: number; readonly full: number };
  /** Since boot, by the host's own clock, to the hundredth. */
  readonly uptimeSeconds: number;
}

/** Bytes, from the guest's control group. */
export interface GroupCounters {
  readonly current: number;
  readonly swapCurrent: number;
  /** What the guest's pages take in the pool, compressed. */
  readonly zswapCurrent: number;
  /** `zswapped` of memory.stat: what they would take uncompressed. */
  readonly zswapped: number;
  readonly anon: number;
}

const hostFiles = [
  '/sys/kernel/debug/frontswap/{succ_stores,failed_stores,loads,invalidates}',
  '/sys/kernel/debug/zswap/{pool_total_size,stored_pages,written_back_pages,pool_limit_hit}',
  '/sys/kernel/mm/ksm/{pages_shared,pages_sharing}',
  '/proc/{vmstat,meminfo,pressure/memory,uptime}',
].join(' ');

export async function readCounters(machine: Machine): Promise<KernelCounters> {
  // root's login shell is bash, which expands the braces; grep says 2 when one of the files is not there.
  const text = await machine.run(`grep -s '' ${hostFiles} || [ $? = 2 ]`);
  const find = finder(text);
  const number = (path: string, pattern?: RegExp): number => certain(find(path, pattern), path, pattern);
  const frontswap = '/sys/kernel/debug/frontswap';
  const zswap = '/sys/kernel/debug/zswap';
  const vmstat = (name: string): number => number('/proc/vmstat', new RegExp(`^${name} (\\d+)$`));
  const meminfo = (name: string): number => number('/proc/meminfo', new RegExp(`^${name}: +(\\d+) kB$`));
  const pressure = (kind: string): number => number('/proc/pressure/memory', new RegExp(`^${kind} .*total=(\\d+)$`));
  return {
    frontswap:
      find(`${frontswap}/succ_stores`) === undefined
        ? undefined
        : {
            succ_stores: number(`${frontswap}/succ_stores`),
            failed_stores: number(`${frontswap}/failed_stores`),
            loads: number(`${frontswap}/loads`),
            invalidates: number(`${frontswap}/invalidates`),
          },
    zswap:
      find(`${zswap}/pool_total_size`) === undefined
        ? undefined
        : {
            pool_total_size: number(`${zswap}/pool_total_size`),
            stored_pages: number(`${zswap}/stored_pages`),
            written_back_pages: number(`${zswap}/written_back_pages`),
            pool_limit_hit: number(`${zswap}/pool_limit_hit`),
          },
    vmstat: {
      pswpin: vmstat('pswpin'),
      pswpout: vmstat('pswpout'),
      zswpin: vmstat('zswpin'),
      zswpout: vmstat('zswpout'),
      pgmajfault: vmstat('pgmajfault'),
      oom_kill: vmstat('oom_kill'),
    },
    meminfoKiB: {
      MemTotal: meminfo('MemTotal'),
      MemAvailable: meminfo('MemAvailable'),
      SwapTotal: meminfo('SwapTotal'),
      SwapFree: meminfo('SwapFree'),
      Zswap: meminfo('Zswap'),
      Zswapped: meminfo('Zswapped'),
    },
    ksm: {
      pages_shared: number('/sys/kernel/mm/ksm/pages_shared'),
      pages_sharing: number('/sys/kernel/mm/ksm/pages_sharing'),
    },
    pressureUs: { some: pressure('some'), full: pressure('full') },
    uptimeSeconds: number('/proc/uptime', /^(\d+\.\d+) /),
  };
}

export async function readGroup(machine: Machine, guest: Guest): Promise<GroupCounters> {
  const dir = `/sys/fs/cgroup/${guest.group}`;
  const text = await machine.run(
    `cd '${dir}' && grep '' memory.current memory.swap.current memory.zswap.current memory.stat`,
  );
  const find = finder(text);
  const number = (path: string, pattern?: RegExp): number => certain(find(path, pattern), `${dir}/${path}`, pattern);
  return {
    current: number('memory.current'),
    swapCurrent: number('memory.swap.current'),
    zswapCurrent: number('memory.zswap.current'),
    zswapped: number('memory.stat', /^zswapped (\d+)$/),
    anon: number('memory.stat', /^anon (\d+)$/),
  };
}

/**
 * Reads until two readings, half a second apart, agree on every counter of swapping: only then do counters that the
 * kernel keeps in different places belong to the same moment. @throws when they still move after 30 s
 */
export async function readSettled(machine: Machine): Promise<KernelCounters> {
  const deadline = Date.now() + 30_000;
  let before = await readCounters(machine);
  for (;;) {
    await sleep(500);
    const now = await readCounters(machine);
    if (swapping(now) === swapping(before)) return now;
    if (Date.now() > deadline) throw new Error('the test host is still swapping after 30 s');
    before = now;
  }
}

function swapping({ frontswap, zswap, vmstat }: KernelCounters): string {
  const { pswpin, pswpout, zswpin, zswpout } = vmstat;
  return JSON.stringify([frontswap, zswap, pswpin, pswpout, zswpin, zswpout]);
}

type Find = (path: string, pattern?: RegExp) => number | undefined;

/** Over `path:line` text; without a pattern the whole line is the number. */
function finder(text: string): Find {
  const lines = text
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return (path, pattern = /^(\d+)$/) => {
    for (const [from, line] of lines) {
      const digits = from === path ? pattern.exec(line)?.[1] : undefined;
      if (digits !== undefined) return Number(digits);
    }
    return undefined;
  };
}

function certain(value: number | undefined, path: string, pattern: RegExp | undefined): number {
  if (value === undefined) throw new Error(`${path} does not say ${pattern?.source ?? 'a number'}`);
  return value;
}

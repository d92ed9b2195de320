/** /proc/meminfo, /proc/vmstat and /proc/swaps as kernels of that time print them. Amounts in pages. */
export interface Memory {
  readonly total: number;
  readonly free: number;
  readonly buffers: number;
  readonly cached: number;
  readonly anon: number;
  readonly slab: number;
  readonly committed: number;
  readonly swapTotal: number;
  readonly swapUsed: number;
  readonly memAvailable: boolean;
  /** vmstat tells reclaim by zone (before Linux 4.8). */
  readonly zoned: boolean;
}

const kb = (pages: number): number => Math.max(0, Math.round(pages)) * 4;

export function meminfo(memory: Memory): string {
  const { total, free, buffers, cached, anon, slab, swapTotal, swapUsed } = memory;
  const activeAnon = Math.floor(anon * 0.7);
  const activeFile = Math.floor((buffers + cached) * 0.4);
  const inactiveFile = buffers + cached - activeFile;
  const rows: readonly (readonly [string, number])[] = [
    ['MemTotal', kb(total)],
    ['MemFree', kb(free)],
    ...(memory.memAvailable ? [['MemAvailable', kb(free + (buffers + cached) * 0.8)] as const] : []),
    ['Buffers', kb(buffers)],
    ['Cached', kb(cached)],
    ['SwapCached', kb(swapUsed / 20)],
    ['Active', kb(activeAnon + activeFile)],
    ['Inactive', kb(anon - activeAnon + inactiveFile)],
    ['Active(anon)', kb(activeAnon)],
    ['Inactive(anon)', kb(anon - activeAnon)],
    ['Active(file)', kb(activeFile)],
    ['Inactive(file)', kb(inactiveFile)],
    ['Unevictable', 0],
    ['Mlocked', 0],
    ['SwapTotal', kb(swapTotal)],
    ['SwapFree', kb(swapTotal - swapUsed)],
    ['Dirty', kb(cached / 200)],
    ['Writeback', 0],
    ['AnonPages', kb(anon)],
    ['Mapped', kb(cached / 6)],
    ['Shmem', 0],
    ['Slab', kb(slab)],
    ['SReclaimable', kb(slab * 0.4)],
    ['SUnreclaim', kb(slab) - kb(slab * 0.4)],
    ['KernelStack', kb(140)],
    ['PageTables', kb(anon / 400)],
    ['NFS_Unstable', 0],
    ['Bounce', 0],
    ['WritebackTmp', 0],
    ['CommitLimit', kb(total / 2 + swapTotal)],
    ['Committed_AS', kb(memory.committed)],
    ['VmallocTotal', 34_359_738_367],
    ['VmallocUsed', 296],
    ['VmallocChunk', 34_359_737_979],
    ['DirectMap4k', kb(total)],
    ['DirectMap2M', 0],
  ];
  return rows.map(([name, value]) => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`).join('');
}

export interface Traffic {
  readonly pgpgin: number;
  readonly pgpgout: number;
  readonly pswpin: number;
  readonly pswpout: number;
  readonly pgfault: number;
  readonly pgmajfault: number;
  readonly scanned: number;
  readonly stolen: number;
}

export function vmstat(memory: Memory, traffic: Traffic): string {
  const zone = memory.zoned ? '_normal' : '';
  const rows: readonly (readonly [string, number])[] = [
    ['nr_free_pages', memory.free],
    ['nr_anon_pages', memory.anon],
    ['nr_file_pages', memory.buffers + memory.cached],
    ['nr_dirty', memory.cached / 200],
    ['nr_writeback', 0],
    ['pgpgin', traffic.pgpgin],
    ['pgpgout', traffic.pgpgout],
    ['pswpin', traffic.pswpin],
    ['pswpout', traffic.pswpout],
    ['pgfault', traffic.pgfault],
    ['pgmajfault', traffic.pgmajfault],
    [`pgsteal_kswapd${zone}`, traffic.stolen * 0.97],
    [`pgsteal_direct${zone}`, traffic.stolen * 0.03],
    [`pgscan_kswapd${zone}`, traffic.scanned * 0.97],
    [`pgscan_direct${zone}`, traffic.scanned * 0.03],
    [memory.zoned ? 'allocstall' : 'allocstall_normal', traffic.stolen / 2000],
  ];
  return rows.map(([name, value]) => `${name} ${String(Math.max(0, Math.round(value)))}\n`).join('');
}

export function swaps(device: string, total: number, used: number): string {
  const head = 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n';
  if (total === 0) return head;
  return `${head}${device.padEnd(40)}partition\t${String(total * 4)}\t${String(Math.max(0, used) * 4)}\t-1\n`;
}

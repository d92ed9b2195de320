/** /proc/meminfo, /proc/vmstat, /proc/swaps and /proc/net/tcp as a 3.10 kernel prints them. */
import type { NodeState } from './node-state.ts';

const meminfoKeys = (
  'MemTotal MemFree Buffers Cached SwapCached Active Inactive Active(anon) Inactive(anon) Active(file) Inactive(file) ' +
  'Unevictable Mlocked SwapTotal SwapFree Dirty Writeback AnonPages Mapped Shmem Slab SReclaimable SUnreclaim ' +
  'KernelStack PageTables NFS_Unstable Bounce WritebackTmp CommitLimit Committed_AS VmallocTotal VmallocUsed ' +
  'VmallocChunk DirectMap4k DirectMap2M'
).split(' ');

const whole = (value: number): string => String(Math.max(0, Math.floor(value)));

export function meminfo(node: NodeState): string {
  const kib = (pages: number): number => pages * 4;
  const hot = Math.min(node.resident, node.wantHot);
  const rows: Readonly<Record<string, number>> = {
    MemTotal: kib(node.managed),
    MemFree: kib(node.free),
    Buffers: 56,
    Cached: Math.max(0, kib(node.file) - 56),
    Active: kib(hot + node.file * 0.4),
    Inactive: kib(node.resident - hot + node.file * 0.6),
    'Active(anon)': kib(hot),
    'Inactive(anon)': kib(node.resident - hot),
    'Active(file)': kib(node.file * 0.4),
    'Inactive(file)': kib(node.file * 0.6),
    SwapTotal: kib(node.swapPages),
    SwapFree: kib(node.swapPages - node.slots),
    AnonPages: kib(node.resident),
    Mapped: 21_428,
    Slab: kib(node.kernel * 0.4),
    SReclaimable: kib(node.kernel * 0.15),
    SUnreclaim: kib(node.kernel * 0.25),
    KernelStack: 2544,
    PageTables: kib(node.anon / 512),
    CommitLimit: kib(node.swapPages + node.managed / 2),
    Committed_AS: kib(node.programs.reduce((sum, { promised }) => sum + promised, 0)),
    VmallocTotal: 34_359_738_367,
    VmallocUsed: 384,
    VmallocChunk: 34_359_737_955,
    DirectMap4k: 5992,
    DirectMap2M: kib(node.managed),
  };
  return meminfoKeys.map((key) => `${`${key}:`.padEnd(16)}${whole(rows[key] ?? 0).padStart(8)} kB\n`).join('');
}

export function vmstat(node: NodeState): string {
  const rows: readonly (readonly [string, number])[] = [
    ['nr_free_pages', node.free],
    ['nr_inactive_anon', Math.max(0, node.resident - node.wantHot)],
    ['nr_active_anon', Math.min(node.resident, node.wantHot)],
    ['nr_inactive_file', node.file * 0.6],
    ['nr_active_file', node.file * 0.4],
    ['nr_anon_pages', node.resident],
    ['nr_file_pages', node.file],
    ['pgpgin', node.pswpin * 4],
    ['pgpgout', node.pswpout * 4],
    ['pswpin', node.pswpin],
    ['pswpout', node.pswpout],
    ['pgmajfault', node.majorFaults],
    ['pgsteal_kswapd_normal', node.stolen],
    ['pgscan_kswapd_normal', node.stolen * 1.3],
    ['allocstall', node.stolen / 900],
  ];
  return rows.map(([key, value]) => `${key} ${whole(value)}\n`).join('');
}

export const swapDevice = '/dev/vda';

export function swaps(node: NodeState): string {
  const header = 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n';
  if (node.swapPages === 0) return header;
  return `${header}${swapDevice.padEnd(40)}partition\t${String(node.swapPages * 4)}\t${String(node.slots * 4)}\t-1\n`;
}

const tcpHeader = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
/** Every line of the file is padded to this. */
const tcpWidth = 149;

/** The cluster's port listens once a node is local; each link that stands is one connection. */
export function netTcp(node: NodeState): string {
  const local = node.config.local;
  const rows: string[] = [row(0, '0.0.0.0', 22, '0.0.0.0', 0, '0A')];
  if (local) rows.push(row(1, local.address, local.port, '0.0.0.0', 0, '0A'));
  for (const [num, { state, dialPort }] of node.sides) {
    const there = node.config.byNumber(num);
    if (state !== 'up' || local?.num === undefined || there === undefined) continue;
    const dialled = local.num > num;
    rows.push(
      row(
        rows.length,
        local.address,
        dialled ? dialPort : local.port,
        there.address,
        dialled ? there.port : dialPort,
        '01',
      ),
    );
  }
  return [tcpHeader, ...rows].map((text) => `${text.padEnd(tcpWidth)}\n`).join('');
}

function row(at: number, address: string, port: number, remote: string, remotePort: number, state: string): string {
  const slot = String(at).padStart(4);
  return `${slot}: ${hex(address)}:${hexPort(port)} ${hex(remote)}:${hexPort(remotePort)} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${String(4100 + at)} 1 ffff88001ddbb000 100 0 0 10 0`;
}

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** 192.168.77.10 is `0A4DA8C0` on a little-endian machine. */
function hex(address: string): string {
  return address
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

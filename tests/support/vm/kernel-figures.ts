/** What the history and the ledger keep of a kernel, and the same as the kernel itself tells it to the tests. */
import type { HostLedger } from '#shared/model/ledger.ts';
import { entryIn, harmIn } from '../booked.ts';
import type { Figure } from './kernel-watch.ts';

const KiB = 1024;

export const uptime: Figure = ({ uptimeSeconds }) => uptimeSeconds;
export const savedByZswap: Figure = ({ meminfoKiB }) => (meminfoKiB.Zswapped - meminfoKiB.Zswap) * KiB;
const refused: Figure = ({ frontswap }) => frontswap?.failed_stores ?? NaN;

/** What the history keeps of this kernel’s counters. */
export const counters: Readonly<Record<string, Figure>> = {
  'vmstat.zswpout': ({ vmstat }) => vmstat.zswpout,
  'vmstat.zswpin': ({ vmstat }) => vmstat.zswpin,
  'vmstat.pswpout': ({ vmstat }) => vmstat.pswpout,
  'vmstat.pswpin': ({ vmstat }) => vmstat.pswpin,
  'frontswap.succ_stores': ({ frontswap }) => frontswap?.succ_stores ?? NaN,
  'frontswap.failed_stores': refused,
  'pressure.memory.some.total': ({ pressureUs }) => pressureUs.some,
  'pressure.memory.full.total': ({ pressureUs }) => pressureUs.full,
  'host.uptime': uptime,
};

/** What the ledger counts, and what the kernel does. */
export const counted: readonly {
  readonly what: string;
  of(host: HostLedger): number | undefined;
  readonly kernel: Figure;
}[] = [
  {
    what: 'zswpout',
    of: (host) => entryIn(host, 'zswap', 'writes-avoided').gross.value,
    kernel: ({ vmstat }) => vmstat.zswpout,
  },
  {
    what: 'written_back_pages',
    of: (host) => entryIn(host, 'zswap', 'writes-avoided').overhead?.value,
    kernel: ({ zswap }) => zswap?.written_back_pages ?? NaN,
  },
  {
    what: 'zswpin',
    of: (host) => entryIn(host, 'zswap', 'reads-avoided').net.value,
    kernel: ({ vmstat }) => vmstat.zswpin,
  },
  { what: 'pswpin', of: (host) => harmIn(host, 'swap-ins').figure.value, kernel: ({ vmstat }) => vmstat.pswpin },
  { what: 'failed_stores', of: (host) => harmIn(host, 'rejects').figure.value, kernel: refused },
  { what: 'oom_kill', of: (host) => harmIn(host, 'oom-kills').figure.value, kernel: ({ vmstat }) => vmstat.oom_kill },
];

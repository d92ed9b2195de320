/** What saving costs: time spent waiting for memory, pages that were needed again, pages refused, processes killed. */
import type { HarmRule, RuleFigure, RuleTerm } from '../../ledger.ts';
import { increase, steady } from '../../ledger.ts';
import { frontswap, groupCounter, vmstat, zramIsSwap, zswapCounter } from './terms.ts';

const who = { some: 'at least one task', full: 'all tasks at once' } as const;

interface Pressure {
  readonly level: 'host' | 'guest';
  readonly group: string;
  readonly file: string;
}
const places: readonly Pressure[] = [
  { level: 'host', group: 'pressure.memory', file: '/proc/pressure/memory' },
  { level: 'guest', group: 'cgroup.memory.pressure', file: 'memory.pressure of the guest’s control group' },
];

const stallTotal = ({ group, file }: Pressure, kind: 'some' | 'full', of = increase): RuleTerm =>
  of(`${group}.${kind}.total`, `${file}, ${kind} total`);

const uptime = (of: typeof increase): RuleTerm => of('host.uptime', '/proc/uptime, first field');

/**
 * PSI counts microseconds of waiting; the mean is their share of the time that passed by the host's own clock, which
 * counts on through a silence of the console as they do. A guest may have lived for a part of that time only, and
 * whether a silence was in that part nobody knows: of guests both are taken without what grew over silences.
 */
const share = ({ level, group }: Pressure, kind: 'some' | 'full'): Pick<RuleFigure, 'formula' | 'terms'> =>
  level === 'host'
    ? { formula: `${kind}_total ÷ (10000 × uptime)`, terms: { uptime: uptime(increase) } }
    : {
        formula: `${kind}_total ÷ (10000 × uptime) × host_known ÷ known`,
        terms: {
          uptime: uptime(steady),
          host_known: { knownTimeOf: 'host.uptime' },
          known: { knownTimeOf: `${group}.${kind}.total` },
        },
      };

const pressure: readonly HarmRule[] = places.flatMap((place) =>
  (['some', 'full'] as const).map((kind): HarmRule => {
    const { formula, terms } = share(place, kind);
    return {
      id: `psi-${kind}-${place.level}`,
      harm: `psi-${kind}`,
      level: place.level,
      title: `Waiting for memory (${kind})`,
      figure: {
        unit: 'percent',
        formula,
        terms: { [`${kind}_total`]: stallTotal(place, kind, place.level === 'host' ? increase : steady), ...terms },
      },
      peak: `${place.group}.${kind}.avg10`,
      notes: [`The share of time in which ${who[kind]} waited for memory; the worst spell is of 10 s.`],
    };
  }),
);

const pages = (formula: string, terms: RuleFigure['terms'], optional: readonly string[] = []): RuleFigure => ({
  unit: 'pages',
  formula,
  terms,
  optional,
});

/** docs/domain.md 5.1 refaults */
const refaults: readonly HarmRule[] = [
  {
    id: 'refaults',
    harm: 'refaults',
    level: 'host',
    title: 'Refaults',
    figure: pages('workingset_refault_anon + workingset_refault_file', {
      workingset_refault_anon: vmstat('workingset_refault_anon'),
      workingset_refault_file: vmstat('workingset_refault_file'),
    }),
    peak: 'mainline.refaults',
    notes: ['Pages needed again soon after they were evicted.'],
  },
  {
    id: 'refaults-before-5.9',
    harm: 'refaults',
    level: 'host',
    title: 'Refaults',
    figure: pages('workingset_refault', { workingset_refault: vmstat('workingset_refault') }),
    peak: 'mainline.refaults',
    notes: ['Pages needed again soon after they were evicted.'],
    unless: ['refaults'],
  },
  {
    id: 'refaults-guest',
    harm: 'refaults',
    level: 'guest',
    title: 'Refaults',
    figure: pages('workingset_refault_anon + workingset_refault_file', {
      workingset_refault_anon: groupCounter('workingset_refault_anon'),
      workingset_refault_file: groupCounter('workingset_refault_file'),
    }),
    peak: 'guest.refaults',
    notes: ['Pages of this guest needed again soon after they were evicted.'],
  },
];

const ofGroup =
  'A control group has no counter of swap-ins: counted are its anonymous pages that came back, from a device, from zram or from zswap.';

const swapIns: readonly HarmRule[] = [
  {
    id: 'swap-ins',
    harm: 'swap-ins',
    level: 'host',
    title: 'Pages read from swap',
    figure: pages('pswpin', { pswpin: vmstat('pswpin') }),
    peak: 'vmstat.pswpin',
    notes: ['Read from swap devices; loads from zswap are not among them.'],
    cautions: [
      {
        when: zramIsSwap,
        note: 'Swap of this host is zram, wholly or in part: those reads came from RAM and not from a disk.',
      },
    ],
  },
  {
    id: 'swap-ins-guest',
    harm: 'swap-ins',
    level: 'guest',
    title: 'Pages back from swap',
    figure: pages('workingset_refault_anon', { workingset_refault_anon: groupCounter('workingset_refault_anon') }),
    peak: 'cgroup.memory.stat.workingset_refault_anon',
    notes: [ofGroup],
  },
];

/** The kernel does not measure how long a swap-in takes; this is as near as its counters come. */
const perPage = (pageSum: string, terms: RuleFigure['terms']): RuleFigure => ({
  unit: 'milliseconds',
  formula: `some_total ÷ (1000 × (${pageSum}))`,
  terms,
  enough: { of: pageSum, pages: 1000 },
});
const estimate =
  'An estimate: all time in which a task waited for memory, over the pages that came back. It is stall per page and not the latency of a read, and it is not given for fewer than 1000 pages.';

const [ofHost, ofGuest] = places as readonly [Pressure, Pressure];
const stall: readonly HarmRule[] = [
  {
    id: 'stall-per-swap-in',
    harm: 'stall-per-swap-in',
    level: 'host',
    title: 'Stall per page back from swap',
    figure: perPage('pswpin + zswpin', {
      some_total: stallTotal(ofHost, 'some'),
      pswpin: vmstat('pswpin'),
      zswpin: vmstat('zswpin'),
    }),
    notes: [estimate],
  },
  {
    id: 'stall-per-swap-in-before-5.19',
    harm: 'stall-per-swap-in',
    level: 'host',
    title: 'Stall per page back from swap',
    figure: {
      ...perPage('pswpin + loads', {
        some_total: stallTotal(ofHost, 'some'),
        pswpin: vmstat('pswpin'),
        loads: frontswap('loads'),
      }),
      optional: ['loads'],
    },
    notes: [estimate, 'This kernel does not count loads from zswap; those of frontswap stand for them.'],
    when: [{ metric: 'vmstat.zswpin', is: 'absent' }],
  },
  {
    id: 'stall-per-swap-in-guest',
    harm: 'stall-per-swap-in',
    level: 'guest',
    title: 'Stall per page back from swap',
    figure: perPage('workingset_refault_anon', {
      some_total: stallTotal(ofGuest, 'some'),
      workingset_refault_anon: groupCounter('workingset_refault_anon'),
    }),
    notes: [estimate, ofGroup],
  },
];

/** docs/domain.md 5.1 zswap-rejects */
const rejects: readonly HarmRule[] = [
  {
    id: 'rejects-frontswap',
    harm: 'rejects',
    level: 'host',
    title: 'Pages refused by frontswap’s backend',
    figure: pages('failed_stores', { failed_stores: frontswap('failed_stores') }),
    peak: 'mainline.rejects',
    notes: [
      'They went to the swap device. zswap’s own refusals are among them; while zswap is off, every page that is swapped out is.',
    ],
  },
  {
    id: 'rejects-zswap',
    harm: 'rejects',
    level: 'host',
    title: 'Pages refused by zswap',
    figure: pages(
      'pool_limit_hit + reject_alloc_fail + reject_kmemcache_fail + reject_compress_poor + reject_compress_fail',
      {
        pool_limit_hit: zswapCounter('pool_limit_hit'),
        reject_alloc_fail: zswapCounter('reject_alloc_fail'),
        reject_kmemcache_fail: zswapCounter('reject_kmemcache_fail'),
        reject_compress_poor: zswapCounter('reject_compress_poor'),
        reject_compress_fail: zswapCounter('reject_compress_fail'),
      },
      ['reject_compress_fail'],
    ),
    peak: 'mainline.rejects',
    notes: ['They went to the swap device.'],
    unless: ['rejects-frontswap'],
  },
];

const oomKills: readonly HarmRule[] = [
  {
    id: 'oom-kills',
    harm: 'oom-kills',
    level: 'host',
    title: 'OOM kills',
    figure: { unit: 'count', formula: 'oom_kill', terms: { oom_kill: vmstat('oom_kill') } },
    notes: ['Processes killed because there was no memory left, those of guests’ control groups among them.'],
  },
  {
    id: 'oom-kills-guest',
    harm: 'oom-kills',
    level: 'guest',
    title: 'OOM kills',
    figure: {
      unit: 'count',
      formula: 'oom_kill',
      terms: {
        oom_kill: increase('cgroup.memory.events.oom_kill', 'memory.events of the guest’s control group, oom_kill'),
      },
    },
    notes: ['Processes of this guest killed for lack of memory.'],
  },
];

export const harm: readonly HarmRule[] = [...pressure, ...refaults, ...swapIns, ...stall, ...rejects, ...oomKills];

/**
 * What zcache and RAMster save and what that costs, as rules of the ledger; index.ts hands them to the ledger room.
 * The formulas are those of docs/domain.md 5.1 zcache2, zcache-v1, foreign, away and remote-reads.
 */
import type { HarmRule, LedgerRules, SavingRule } from '../ledger.ts';
import { increase, mean } from '../ledger.ts';
import { generations, kept, pageSize } from './ledger/kept.ts';
import type { Generation, Kind } from './ledger/kept.ts';

const counter = (file: string) => increase(`ramster.${file}`, `/sys/kernel/debug/ramster/${file}`);

const moved: SavingRule = {
  id: 'ramster-moved',
  mechanism: 'ramster',
  part: 'moved',
  level: 'host',
  title: 'Swapped pages in another machine’s RAM',
  gross: {
    unit: 'bytes',
    formula: 'away × P',
    terms: {
      away: mean(
        'ramster.away',
        '/sys/kernel/debug/ramster, pers_pages_remoted − remote_pers_pages_succ_get − remote_pages_flushed',
      ),
      P: pageSize,
    },
  },
  notes: [
    'An estimate at the low end, as not every flush finds a page; the true number is the donor’s foreign_pers_pages. remote_pers_pages is not used: it drifts upwards.',
    'They are the same pages that the donor shows as lent, where they take its RAM: the two are never added.',
    'Cache pages that were sent away are counted by nobody on this side.',
  ],
  // Left out while the target is known not to be linked: what cannot be fetched is not kept.
  when: [{ metric: 'ramster.saved.remote' }],
};

const termsOf = ({ counted, others, taken }: Kind) => ({ ...counted, ...others, ...taken });

const lent = (generation: Generation): SavingRule => {
  const { persistent, ephemeral } = generation;
  return {
    id: `ramster-lent${generation.suffix}`,
    mechanism: 'ramster',
    part: 'lent',
    level: 'host',
    title: 'RAM that holds pages of other nodes',
    gross: {
      unit: 'bytes',
      formula: `${persistent.lent} + ${ephemeral.lent}`,
      terms: { ...termsOf(persistent), ...termsOf(ephemeral) },
    },
    notes: [
      'An estimate: frames of a node’s own pages and of other nodes’ pages are not told apart, so each kind takes its share by number.',
      'Other nodes’ pages count in none of this node’s own figures; their owners show them as moved, at full size.',
    ],
    when: [{ metric: 'ramster.foreign_pers_pages' }],
  };
};

const remoteReads: SavingRule = {
  id: 'ramster-reads',
  mechanism: 'ramster',
  part: 'reads-avoided',
  level: 'host',
  title: 'Disk reads served by another machine’s RAM',
  gross: {
    unit: 'pages',
    formula: 'remote_eph_pages_succ_get + remote_pers_pages_succ_get',
    terms: {
      remote_eph_pages_succ_get: counter('remote_eph_pages_succ_get'),
      remote_pers_pages_succ_get: counter('remote_pers_pages_succ_get'),
    },
  },
  notes: ['They went over the network instead.'],
};

const elsewhere = 'What came from another machine is told under RAMster, and taken off here.';

/** frontswap and cleancache count a page that RAMster fetched as one of their own. */
const readsHere: readonly SavingRule[] = [
  {
    id: 'frontswap-reads-here',
    mechanism: 'frontswap',
    part: 'reads-avoided',
    level: 'host',
    title: 'Swap reads served by frontswap’s backend',
    gross: {
      unit: 'pages',
      formula: 'loads',
      terms: { loads: increase('frontswap.loads', '/sys/kernel/debug/frontswap/loads') },
    },
    overhead: {
      unit: 'pages',
      formula: 'remote_pers_pages_succ_get',
      terms: { remote_pers_pages_succ_get: counter('remote_pers_pages_succ_get') },
    },
    notes: [
      elsewhere,
      'Pages that the kernel fetches back by itself while nothing presses (selfshrinking) are among them.',
    ],
    when: [{ metric: 'ramster.remote_pers_pages_succ_get' }],
  },
  {
    id: 'cleancache-reads-here',
    mechanism: 'cleancache',
    part: 'reads-avoided',
    level: 'host',
    title: 'Disk reads served by cleancache',
    gross: {
      unit: 'pages',
      formula: 'succ_gets',
      terms: { succ_gets: increase('cleancache.succ_gets', '/sys/kernel/debug/cleancache/succ_gets') },
    },
    overhead: {
      unit: 'pages',
      formula: 'remote_eph_pages_succ_get',
      terms: { remote_eph_pages_succ_get: counter('remote_eph_pages_succ_get') },
    },
    notes: [elsewhere],
    when: [{ metric: 'ramster.remote_eph_pages_succ_get' }],
  },
  {
    id: 'cleancache-reads-before-3.4',
    mechanism: 'cleancache',
    part: 'reads-avoided',
    level: 'host',
    title: 'Disk reads served by cleancache',
    gross: {
      unit: 'pages',
      formula: 'succ_gets',
      terms: { succ_gets: increase('cleancache.sysfs.succ_gets', '/sys/kernel/mm/cleancache/succ_gets') },
    },
    notes: [],
    unless: ['cleancache-reads', 'cleancache-reads-here'],
  },
];

const rejects: HarmRule = {
  id: 'rejects-zcache',
  harm: 'rejects',
  level: 'host',
  title: 'Swapped pages refused by zcache',
  figure: {
    unit: 'pages',
    formula: 'failed_pers_puts',
    terms: { failed_pers_puts: increase('zcache.failed_pers_puts', 'zcache, failed_pers_puts') },
  },
  peak: 'ramster.rejects',
  notes: ['They went to the swap device.'],
  // frontswap counts the same refusals since 3.5.
  when: [{ metric: 'ramster.rejects' }],
};

export const ledger: LedgerRules = {
  savings: [...kept, moved, ...generations.map(lent), remoteReads, ...readsHere],
  harm: [rejects],
};

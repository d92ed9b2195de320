/** Reads and writes of disks that did not happen: zswap, frontswap, cleancache. */
import type { SavingRule } from '../../ledger.ts';
import { increase } from '../../ledger.ts';
import { frontswap, groupCounter, vmstat, zramIsSwap, zswapCounter } from './terms.ts';

const noDisk = {
  when: zramIsSwap,
  note: 'Swap of this host is zram, wholly or in part: that part would have been no disk traffic anyway.',
} as const;

/** docs/domain.md 5.1 zswap-io */
const zswap: readonly SavingRule[] = [
  {
    id: 'zswap-writes',
    mechanism: 'zswap',
    part: 'writes-avoided',
    level: 'host',
    title: 'Swap writes kept by zswap',
    gross: { unit: 'pages', formula: 'zswpout', terms: { zswpout: vmstat('zswpout') } },
    overhead: { unit: 'pages', formula: 'zswpwb', terms: { zswpwb: vmstat('zswpwb') } },
    notes: ['zswpwb was written to the device later.'],
    cautions: [noDisk],
    when: [{ metric: 'vmstat.zswpwb' }],
  },
  {
    id: 'zswap-writes-before-6.8',
    mechanism: 'zswap',
    part: 'writes-avoided',
    level: 'host',
    title: 'Swap writes kept by zswap',
    gross: { unit: 'pages', formula: 'zswpout', terms: { zswpout: vmstat('zswpout') } },
    overhead: {
      unit: 'pages',
      formula: 'written_back_pages',
      terms: { written_back_pages: zswapCounter('written_back_pages') },
    },
    notes: ['written_back_pages was written to the device later; kernels before 6.8 tell it in debugfs only.'],
    cautions: [noDisk],
    unless: ['zswap-writes'],
  },
  {
    id: 'zswap-reads',
    mechanism: 'zswap',
    part: 'reads-avoided',
    level: 'host',
    title: 'Swap reads served by zswap',
    gross: { unit: 'pages', formula: 'zswpin', terms: { zswpin: vmstat('zswpin') } },
    notes: [],
    cautions: [noDisk],
  },
  {
    id: 'zswap-guest-writes',
    mechanism: 'zswap',
    part: 'writes-avoided',
    level: 'guest',
    title: 'Swap writes kept by zswap',
    gross: { unit: 'pages', formula: 'zswpout', terms: { zswpout: groupCounter('zswpout') } },
    overhead: { unit: 'pages', formula: 'zswpwb', terms: { zswpwb: groupCounter('zswpwb') } },
    notes: ['Part of what its host avoided.'],
  },
  {
    id: 'zswap-guest-reads',
    mechanism: 'zswap',
    part: 'reads-avoided',
    level: 'guest',
    title: 'Swap reads served by zswap',
    gross: { unit: 'pages', formula: 'zswpin', terms: { zswpin: groupCounter('zswpin') } },
    notes: ['Part of what its host avoided.'],
  },
];

const writeThrough =
  'A backend that writes through (frontswap_writethrough) sends every page to the device as well and avoids no write; no file tells that it does.';
const zeroFetch = 'Pages that the kernel fetches back by itself while nothing presses (selfshrinking) are among them.';
const insideXen = {
  when: { metric: 'xen.memory.target_kb' },
  note: 'This machine is a guest of Xen: its host counts the same pages as gets from tmem.',
} as const;

/**
 * docs/domain.md 5.1 frontswap, cleancache. Where zswap's own counters are there, frontswap's tell the same pages; on
 * a member of a RAMster cluster what other machines served is told apart.
 */
const older: readonly SavingRule[] = [
  {
    id: 'frontswap-writes',
    mechanism: 'frontswap',
    part: 'writes-avoided',
    level: 'host',
    title: 'Swap writes kept by frontswap’s backend',
    gross: { unit: 'pages', formula: 'succ_stores', terms: { succ_stores: frontswap('succ_stores') } },
    notes: [writeThrough],
    cautions: [insideXen],
    unless: ['zswap-writes', 'zswap-writes-before-6.8'],
  },
  {
    id: 'frontswap-reads',
    mechanism: 'frontswap',
    part: 'reads-avoided',
    level: 'host',
    title: 'Swap reads served by frontswap’s backend',
    gross: { unit: 'pages', formula: 'loads', terms: { loads: frontswap('loads') } },
    notes: [zeroFetch],
    cautions: [insideXen],
    unless: ['zswap-reads', 'frontswap-reads-here'],
  },
  {
    id: 'cleancache-reads',
    mechanism: 'cleancache',
    part: 'reads-avoided',
    level: 'host',
    title: 'Disk reads served by cleancache',
    gross: {
      unit: 'pages',
      formula: 'succ_gets',
      terms: { succ_gets: increase('cleancache.succ_gets', '/sys/kernel/debug/cleancache/succ_gets') },
    },
    notes: [],
    cautions: [insideXen],
    unless: ['cleancache-reads-here'],
  },
];

export const traffic: readonly SavingRule[] = [...zswap, ...older];

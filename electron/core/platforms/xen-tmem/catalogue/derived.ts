/** Figures computed from several lines, which the pages know by their signal. derive.ts and guests.ts compute them. */
import type { MetricDef } from '#shared/model/metric.ts';
import { entry } from './entry.ts';

const bytes = (id: string, title: string, help: string, signal?: MetricDef['signal']): MetricDef =>
  entry(`xen-tmem.${id}`, title, 'level', 'bytes', help, signal === undefined ? {} : { signal });
const percent = (id: string, title: string, help: string): MetricDef =>
  entry(`xen-tmem.${id}`, title, 'level', 'percent', help);
const ofGuest = (id: string, title: string, help: string, signal?: MetricDef['signal']): MetricDef =>
  entry(`xen-tmem.guest.${id}`, title, 'level', 'bytes', help, {
    instance: 'guest',
    ...(signal === undefined ? {} : { signal }),
  });

const pageCount = (id: string, title: string, kind: 'level' | 'counter', help: string): MetricDef =>
  entry(`xen-tmem.${id}`, title, kind, 'pages', help, kind === 'counter' ? { sum: true } : {});

export const derived: readonly MetricDef[] = [
  bytes('page-size', 'Page size', 'Size of a page of the hypervisor: what counts of pages are multiplied by.'),
  pageCount(
    'compressed.persistent',
    'Swap pages kept compressed',
    'level',
    'At least: of the compressed pages as many are taken to be ephemeral as there are ephemeral ones.',
  ),
  bytes('compressed.persistent.bytes', 'Compressed swap pages', 'What they take, as their share by number.'),
  pageCount('ephemeral.hits', 'Ephemeral hits', 'counter', 'Reads from disk that guests did not have to make.'),
  pageCount('persistent.puts', 'Swap pages taken', 'counter', 'Writes to swap that guests did not have to make.'),
  pageCount('persistent.gets', 'Swap pages returned', 'counter', 'Reads from swap that guests did not have to make.'),
  bytes('guests.promised', 'Promised to guests', 'The maximum memory of all guests of which it is known.'),
  bytes('guests.current', 'Allowed to guests now', 'Targets, else limits, of the guests whose Mem is known.'),
  bytes('guests.taken', 'Taken by guests', 'Mem of these guests: their persistent tmem pages are in it.'),
  bytes('balloon.promised', 'Promised, of ballooned guests', 'Maximum of the guests whose target and Mem are known.'),
  bytes('balloon.allowed', 'Allowed to them', 'Targets, else limits, of the same guests.'),
  bytes(
    'balloon.beyond',
    'Taken beyond the target',
    'What the same guests have beyond what they are allowed: persistent tmem pages, or a balloon that is on its way.',
  ),
  bytes('available', 'Available', 'Free memory and what tmem would give back when Xen needs it.', 'memory.available'),
  bytes('freeable.told', 'Freeable, as told', 'What tmem would give back, as Xen 4.1 to 4.7 count it.'),
  bytes(
    'freeable.estimate',
    'Freeable, estimated',
    'An estimate: idle frames and the frames of ephemeral pages. Xen 4.8 and later do not tell.',
  ),
  bytes('idle', 'Idle frames', 'Frames on tmem’s free list (Ta). They return to Xen only when it needs memory.'),
  bytes(
    'capacity.ephemeral',
    'Ephemeral cache',
    'Pages of guests’ caches kept outside of them. Capacity gained, not memory saved.',
    'capacity.ephemeral',
  ),
  bytes('persistent', 'Persistent pages', 'Swap pages kept in RAM. They are in their guests’ Mem already.'),
  bytes(
    'saved.compressed',
    'Saved by compression',
    'Size of all compressed pages less what they take; ephemeral pages are among them, so it is in no sum.',
  ),
  bytes(
    'saved.persistent',
    'Saved by compressing swap pages',
    'Persistent pages’ size less what they take: at least, as most compressed pages are taken to be ephemeral.',
    'saved.compressed',
  ),
  bytes(
    'saved.merged',
    'Room gained by deduplication',
    'Ephemeral pages whose content is kept once: room for more cache.',
  ),
  bytes(
    'saved.ballooned',
    'Ballooned away',
    'Promised to guests and not allowed now, over the guests where both are known.',
    'saved.ballooned',
  ),
  percent('compression', 'Compressed to', 'What compressed pages take of their size.'),
  percent('dedup', 'Deduplicated', 'Share of the ephemeral pages that needs no room of its own.'),
  percent('tze', 'Trailing zeros', 'Share of the distinct contents that is zeros at their end, and not kept.'),
  percent(
    'hit-rate',
    'Ephemeral hit rate',
    'Gets that found their page, since the pools were made; asking an empty pool is not counted.',
  ),
  entry(
    'xen-tmem.refused',
    'Puts refused',
    'counter',
    'pages',
    'Pages that tmem did not take. Refusals because the whole host is out of memory are not among them.',
    { signal: 'harm.rejects', sum: true },
  ),
  entry('xen-tmem.clients', 'Guests with tmem', 'level', 'count', 'Guests that have used tmem since they started.'),
];

export const guestDerived: readonly MetricDef[] = [
  ofGuest('resident', 'Resident', 'What the host pays: Mem of xl list, persistent tmem pages included.'),
  ofGuest(
    'persistent',
    'Persistent pages',
    'Its swap pages kept by tmem, at full size; what they take is in Mem already.',
  ),
  ofGuest(
    'capacity.ephemeral',
    'Ephemeral cache',
    'Pages of its caches kept outside of it; not in Mem.',
    'capacity.ephemeral',
  ),
  entry(
    'xen-tmem.guest.compressed.persistent',
    'Swap pages kept compressed',
    'level',
    'pages',
    'At least: of its compressed pages as many are taken to be ephemeral as it has ephemeral ones.',
    { instance: 'guest' },
  ),
  ofGuest('compressed.persistent.bytes', 'Compressed swap pages', 'What they take, as their share by number.'),
  entry(
    'xen-tmem.guest.ephemeral.pages',
    'Private ephemeral pages',
    'level',
    'pages',
    'Pages of its own caches; those of pools it shares belong to no guest.',
    { instance: 'guest' },
  ),
  entry('xen-tmem.guest.ephemeral.hits', 'Private hits', 'counter', 'pages', 'Hits of its own ephemeral pools.', {
    instance: 'guest',
    sum: true,
  }),
  ofGuest(
    'beyond',
    'Taken beyond the target',
    'Mem beyond what it is allowed: persistent tmem pages, or a balloon that is on its way.',
  ),
  ofGuest('promised', 'Promised', 'The most memory this guest may ever have (maxmem).'),
  ofGuest('allowed', 'Allowed', 'What it is told to use (target), else the hypervisor’s limit.'),
  ofGuest(
    'saved.compressed',
    'Saved by compression',
    'cp · page size − cb of its client line, ephemeral pages among them.',
  ),
  ofGuest(
    'saved.persistent',
    'Saved by compressing swap pages',
    'Of its persistent pages, at least.',
    'saved.compressed',
  ),
  ofGuest('saved.ballooned', 'Ballooned away', 'Promised minus allowed.', 'saved.ballooned'),
  entry('xen-tmem.guest.refused', 'Puts refused', 'counter', 'pages', 'Refused puts of its private pools.', {
    instance: 'guest',
    sum: true,
    signal: 'harm.rejects',
  }),
];

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

export const derived: readonly MetricDef[] = [
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
    'Size of all compressed pages less what they take; ephemeral pages are among them.',
    'saved.compressed',
  ),
  bytes('saved.merged', 'Saved by deduplication', 'Ephemeral pages whose content is kept once.', 'saved.merged'),
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
    { signal: 'harm.rejects' },
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
  ofGuest('promised', 'Promised', 'The most memory this guest may ever have (maxmem).'),
  ofGuest('allowed', 'Allowed', 'What it is told to use (target), else the hypervisor’s limit.'),
  ofGuest('saved.compressed', 'Saved by compression', 'cp · page size − cb of its client line.', 'saved.compressed'),
  ofGuest('saved.ballooned', 'Ballooned away', 'Promised minus allowed.', 'saved.ballooned'),
  entry('xen-tmem.guest.refused', 'Puts refused', 'counter', 'pages', 'Refused puts of its private pools.', {
    instance: 'guest',
    signal: 'harm.rejects',
  }),
];

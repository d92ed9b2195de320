/** Every key of `xl tmem-list`, by the letter of its line. What a key means depends on the letter. */
import type { MetricDef } from '#shared/model/metric.ts';
import { keysOf } from './entry.ts';
import type { Key } from './entry.ts';

const never = 'Never raised by any Xen that was watched.';
const most = 'The most there ever was.';

export const globalKeys: readonly Key[] = [
  ['Tt', 'operations', 'counter', 'count', 'Everything asked of tmem; on old versions each listing counts as well.'],
  [
    'Te',
    'without result',
    'counter',
    'count',
    'Gets from an empty pool and puts that were refused. Not an error count: reading a cold file raises it.',
  ],
  ['Cf', 'failed copies', 'counter', 'count', never, 'still'],
  ['Af', 'failed allocations', 'counter', 'count', 'Bookkeeping for which there was no memory.'],
  ['Pf', 'failed page allocations', 'counter', 'count', 'Pages that could not be had for a put.'],
  ['Ta', 'idle frames', 'level', 'pages', 'Frames on tmem’s own free list: idle, and not in free_memory.'],
  ['Lm', 'low on memory', 'counter', 'count', never, 'still'],
  ['Et', 'evicted', 'counter', 'pages', 'Ephemeral pages thrown out for others.'],
  [
    'Ea',
    'eviction attempts',
    'counter',
    'count',
    'Far more of them than evicted pages: something holds pages that cannot be evicted.',
  ],
  ['Rt', 'relinquished', 'counter', 'pages', 'Frames given back because Xen needed memory.'],
  ['Ra', 'relinquish attempts', 'counter', 'count', 'Times Xen asked tmem for a frame.'],
  ['Rx', 'most evictions at once', 'level', 'count', most, 'still'],
  ['Fp', 'pool flushes', 'counter', 'count', never, 'still'],
  ['Ec', 'ephemeral pages', 'level', 'pages', 'Pages of caches that may vanish at any moment; they are in no guest.'],
  ['Em', 'ephemeral pages, most', 'level', 'pages', most, 'still'],
  ['Oc', 'objects', 'level', 'count', 'Files and swap areas with pages here.'],
  ['Om', 'objects, most', 'level', 'count', most, 'still'],
  ['Nc', 'radix nodes', 'level', 'count', 'Bookkeeping that finds a page in its object.'],
  ['Nm', 'radix nodes, most', 'level', 'count', most, 'still'],
  ['Pc', 'pages', 'level', 'pages', 'All pages kept, ephemeral and persistent; a shared pool counts once.'],
  ['Pm', 'pages, most', 'level', 'pages', most, 'still'],
  ['Fc', 'whole frames', 'level', 'pages', 'Frames that hold one uncompressed page. Compressed pages are not in it.'],
  ['Fm', 'whole frames, most', 'level', 'pages', most, 'still'],
  ['Sc', 'distinct contents', 'level', 'pages', 'With deduplication: contents kept once, whoever put them.'],
  ['Sm', 'distinct contents, most', 'level', 'pages', most, 'still'],
  ['Ep', 'ephemeral puts', 'counter', 'pages', 'Pages of caches that were taken.'],
  ['Gd', 'deduplicated puts', 'counter', 'pages', 'Puts whose content was there already.'],
  ['Zt', 'bytes without trailing zeros', 'level', 'bytes', 'Size of the distinct contents without zeros at their end.'],
  ['Gz', 'bytes compressed', 'level', 'bytes', 'Size of the distinct contents, compressed.'],
];

export const clientKeys: readonly Key[] = [
  [
    'ww',
    'weight',
    'setting',
    'count',
    'Meant to share ephemeral memory between guests. A higher weight does not give more cache.',
  ],
  ['ca', 'cap', 'setting', 'count', 'Stored and shown by Xen 4.0 to 4.7, and never enforced.'],
  ['co', 'compress', 'setting', 'flag', 'New pages of this guest are compressed; older ones stay as they are.'],
  ['fr', 'frozen', 'setting', 'flag', 'New pages are refused; gets and flushes go on, so what is kept only shrinks.'],
  ['Tc', 'cycles', 'counter', 'count', never, 'still'],
  [
    'Ge',
    'ephemeral gets',
    'counter',
    'pages',
    'Cache hits: disk reads avoided. A shared pool’s count for its first user.',
  ],
  ['Pp', 'persistent puts', 'counter', 'pages', 'Swap writes avoided.'],
  ['Gp', 'persistent gets', 'counter', 'pages', 'Swap reads avoided.'],
  [
    'Ec',
    'ephemeral pages',
    'level',
    'pages',
    'Pages of its caches here now. A shared pool’s count for its first user.',
  ],
  ['Em', 'ephemeral pages, most', 'level', 'pages', most, 'still'],
  ['cp', 'compressed pages', 'level', 'pages', 'Pages kept compressed now, ephemeral and persistent.'],
  ['cb', 'compressed bytes', 'level', 'bytes', 'What these compressed pages take.'],
  [
    'cn',
    'compressed poorly',
    'counter',
    'pages',
    'Pages that were kept whole because compressing gained nothing.',
    'still',
  ],
  ['cm', 'compression without memory', 'counter', 'pages', 'Pages for whose compression there was no memory.', 'still'],
];

export const poolKeys: readonly Key[] = [
  ['Pc', 'pages', 'level', 'pages', 'Pages in the pool now.'],
  ['Pm', 'pages, most', 'level', 'pages', most, 'still'],
  ['Oc', 'objects', 'level', 'count', 'Files or swap areas with pages in the pool.', 'still'],
  ['Om', 'objects, most', 'level', 'count', most, 'still'],
  ['Nc', 'radix nodes', 'level', 'count', 'Bookkeeping that finds a page in its object.', 'still'],
  ['Nm', 'radix nodes, most', 'level', 'count', most, 'still'],
  ['ps', 'puts taken', 'counter', 'pages', 'Pages that were taken.'],
  [
    'pt',
    'puts',
    'counter',
    'pages',
    'Pages offered. When the whole host is out of memory, refused ones are not counted here.',
  ],
  [
    'pd',
    'puts dropped',
    'counter',
    'pages',
    'Second puts of a page for which there was no room: the old copy is gone too.',
    'still',
  ],
  ['pr', 'puts replaced', 'counter', 'pages', 'Second puts of a page that replaced the first.', 'still'],
  [
    'px',
    'puts refused',
    'counter',
    'pages',
    'Refused: the guest is at its limit in the hypervisor, frozen, or there was no memory.',
  ],
  ['gs', 'gets found', 'counter', 'pages', 'Pages that came back.'],
  ['gt', 'gets', 'counter', 'pages', 'Pages asked for. Asking an empty pool is not counted.'],
  ['fs', 'flushes found', 'counter', 'pages', 'Pages dropped because the guest no longer wants them.', 'still'],
  ['ft', 'flushes', 'counter', 'pages', 'Pages asked to be dropped.', 'still'],
  ['os', 'object flushes found', 'counter', 'count', 'Whole files dropped.', 'still'],
  ['ot', 'object flushes', 'counter', 'count', 'Whole files asked to be dropped.', 'still'],
];

export const tmem: readonly MetricDef[] = [
  ...keysOf('G', 'host', globalKeys),
  ...keysOf('C', 'guest', clientKeys),
  ...keysOf('P', 'device', poolKeys),
];

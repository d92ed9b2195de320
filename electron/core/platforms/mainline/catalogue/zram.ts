/** zram devices and swap devices: instance is the device's name. */
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';

const doc = 'admin-guide/blockdev/zram.html';
const zramLevel = (name: string, title: string, unit: 'bytes' | 'pages' | 'count', help: string): Entry =>
  entry(`zram.${name}`, title, 'level', unit, help, { doc, instance: 'device' });
const zramCounter = (name: string, title: string, unit: 'bytes' | 'pages' | 'count', help: string): Entry =>
  entry(`zram.${name}`, title, 'counter', unit, help, { doc, instance: 'device' });
const zramSetting = (name: string, title: string, unit: 'bytes' | 'text' | 'flag', help: string): Entry =>
  entry(`zram.${name}`, title, 'setting', unit, help, { doc, instance: 'device' });

export const zram: readonly Entry[] = [
  zramLevel('orig_data_size', 'Stored', 'bytes', 'Data stored, before compression; same-filled pages are part of it.'),
  zramLevel(
    'compr_data_size',
    'Compressed',
    'bytes',
    'Data stored, after compression, without the allocator’s losses.',
  ),
  zramLevel('mem_used_total', 'RAM taken', 'bytes', 'RAM the device takes, with fragmentation and bookkeeping.'),
  zramLevel('mem_used_max', 'RAM taken at most', 'bytes', 'High-water mark of the RAM taken.'),
  zramLevel('same_pages', 'Same-filled pages', 'pages', 'Pages of one repeated value, which take no room.'),
  zramLevel('huge_pages', 'Incompressible pages', 'pages', 'Pages stored as they are.'),
  zramLevel('saved', 'Saved', 'bytes', 'orig_data_size − mem_used_total − what was moved to the backing device.'),
  entry('zram.swap', 'Is swap', 'level', 'flag', 'Whether the device is swap of this host.', {
    doc,
    instance: 'device',
  }),
  zramCounter('pages_compacted', 'Pages compacted', 'pages', 'Pages freed by compaction.'),
  zramCounter(
    'huge_pages_since',
    'Incompressible so far',
    'pages',
    'Incompressible pages since the device was set up.',
  ),
  zramCounter('failed_reads', 'Failed reads', 'count', 'Reads that failed.'),
  zramCounter('failed_writes', 'Failed writes', 'count', 'Writes that failed, e.g. because mem_limit was reached.'),
  zramCounter('invalid_io', 'Invalid requests', 'count', 'Requests that are not page-sized.'),
  zramCounter('notify_free', 'Slots freed', 'count', 'Slots that the swap code told the device to free.'),
  zramLevel(
    'bd_count',
    'On the backing device',
    'bytes',
    'Data moved to the backing device; it takes no RAM and is no saving.',
  ),
  zramCounter('bd_reads', 'Backing device reads', 'bytes', 'Data read back from the backing device.'),
  zramCounter('bd_writes', 'Backing device writes', 'bytes', 'Data written to the backing device.'),
  zramSetting('disksize', 'disksize', 'bytes', 'Size the device shows; 0 while it is not set up.'),
  zramSetting('mem_limit', 'mem_limit', 'bytes', 'The most RAM the device may take; 0 is no limit.'),
  zramSetting('comp_algorithm', 'comp_algorithm', 'text', 'Compression algorithm in force.'),
  zramSetting('initstate', 'initstate', 'flag', 'Whether the device is set up.'),
  zramSetting('backing_dev', 'backing_dev', 'text', 'Device that incompressible or idle pages can be moved to.'),

  entry('swap.size', 'Swap size', 'level', 'bytes', 'Size of this swap device.', { instance: 'device' }),
  entry(
    'swap.used',
    'Swap used',
    'level',
    'bytes',
    'Slots taken; pages that zswap keeps take one without being written.',
    {
      instance: 'device',
    },
  ),
  entry('swap.priority', 'Swap priority', 'setting', 'count', 'Devices of higher priority are filled first.', {
    instance: 'device',
  }),
];

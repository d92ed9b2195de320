/** What `xl info`, `xl list`, `xl claims` and `xentop` say. All MiB there; bytes here. */
import type { MetricDef } from '#shared/model/metric.ts';
import { entry } from './entry.ts';

const doc = 'https://xenbits.xen.org/docs/4.11-testing/man/xl.1.html';

/** Keys of `xl info` that are MiB. */
export const infoSizes: readonly MetricDef[] = [
  entry('xen.info.total_memory', 'total_memory', 'level', 'bytes', 'RAM of the machine, all domains’ together.', {
    doc,
    signal: 'memory.total',
  }),
  entry(
    'xen.info.free_memory',
    'free_memory',
    'level',
    'bytes',
    'RAM no domain has, less outstanding claims. Frames tmem holds are not in it, idle or not.',
    { doc },
  ),
  entry(
    'xen.info.outstanding_claims',
    'outstanding_claims',
    'level',
    'bytes',
    'Promised to guests that are being built.',
    {
      doc,
    },
  ),
  entry(
    'xen.info.sharing_freed_memory',
    'sharing_freed_memory',
    'level',
    'bytes',
    'What memory sharing between HVM guests frees; nothing to do with tmem.',
    { doc },
  ),
  entry(
    'xen.info.sharing_used_memory',
    'sharing_used_memory',
    'level',
    'bytes',
    'What shared pages of HVM guests take.',
    {
      doc,
    },
  ),
];

export const infoWords: readonly MetricDef[] = [
  entry('xen.info.xen_version', 'xen_version', 'setting', 'text', 'The hypervisor’s version.', { doc }),
  entry(
    'xen.info.xen_commandline',
    'xen_commandline',
    'setting',
    'text',
    'The hypervisor’s boot options: tmem is on only where it stands here.',
    { doc },
  ),
];

export const dom0Memory = entry(
  'xen.list.dom0.Mem',
  'Mem of Domain-0',
  'level',
  'bytes',
  'What the host’s own domain has.',
  {
    doc,
  },
);

export const domainMetrics: readonly MetricDef[] = [
  entry(
    'xen.list.Mem',
    'Mem',
    'level',
    'bytes',
    'All that Xen charges to the guest: its own pages and its persistent tmem pages, compressed or not.',
    { doc, instance: 'guest' },
  ),
  entry('xen.list.VCPUs', 'VCPUs', 'level', 'count', 'Virtual processors.', { doc, instance: 'guest', charted: false }),
  entry(
    'xen.list.State',
    'State',
    'level',
    'text',
    'r running, b blocked, p paused, s shut down, c crashed, d dying. A crashed guest keeps its memory and its pools.',
    { doc, instance: 'guest' },
  ),
  entry('xen.list.Time', 'Time(s)', 'level', 'seconds', 'Processor time used since it was started.', {
    doc,
    instance: 'guest',
    charted: false,
  }),
  entry('xen.claims.Claimed', 'Claimed', 'level', 'bytes', 'Promised while the guest is being built.', {
    doc,
    instance: 'guest',
    charted: false,
  }),
  entry(
    'xen.xentop.MAXMEM',
    'MAXMEM(k)',
    'level',
    'bytes',
    'The hypervisor’s limit of this guest. Persistent tmem has room only up to here; xl mem-set moves it to the target.',
    { doc, instance: 'guest' },
  ),
];

/**
 * What the agent may read for this platform: an explicit list, which the catalogue already holds. A `*` stands for the
 * name of the cluster or of a node, both directories. frontswap, cleancache in debugfs and /proc/cmdline are in the
 * list of today's Linux already and are not read twice.
 */
import type { FileSet } from '../platform.ts';
import { fileEntries } from './catalogue.ts';
import { clusterAttributes, clusterRoot, nodeAttributes } from './catalogue/cluster.ts';
import { histogramFiles } from './catalogue/zcache-v1.ts';

const counters: FileSet = {
  kind: 'files',
  name: 'ramster.host',
  every: 'tick',
  files: [...fileEntries.flatMap(({ files }) => files ?? []), ...Object.values(histogramFiles)],
};

/** Parameters of zcache built as a module, which needs no word on the kernel's command line. */
export const moduleParameters = '/sys/module/zcache/parameters';

/** A node of the cluster is named as its host. */
export const hostnameFile = '/proc/sys/kernel/hostname';
/** There where ocfs2's cluster stack is loaded, which keeps its cluster in the same place. */
export const ocfs2File = '/sys/fs/o2cb/interface_revision';

const cluster: FileSet = {
  kind: 'files',
  name: 'ramster.cluster',
  every: 'minute',
  files: [
    ...clusterAttributes.map(([name]) => `${clusterRoot}/*/${name}`),
    ...nodeAttributes.map(([name]) => `${clusterRoot}/*/node/*/${name}`),
    ...[
      'ramster_enabled',
      'disable_cleancache',
      'disable_frontswap',
      'disable_frontswap_selfshrink',
      'zcache_comp_name',
    ].map((name) => `${moduleParameters}/${name}`),
    hostnameFile,
    ocfs2File,
  ],
};

export const sets: readonly FileSet[] = [counters, cluster];

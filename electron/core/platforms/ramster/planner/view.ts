/** A host as the wishes of this platform see it: what of RAMster it has, its cluster, its links, what is away. */
import type { HostId } from '#shared/model/host.ts';
import { parseMeminfo } from '../../kernel/table.ts';
import { parseSwaps } from '../../kernel/swaps.ts';
import type { Swap } from '../../kernel/swaps.ts';
import type { Site } from '../../change.ts';
import { byHost } from '../../planning/targets.ts';
import type { Found } from '../../planning/targets.ts';
import { ramsterSysfs } from '../catalogue/ramster.ts';
import type { ClusterConfig } from '../cluster-config.ts';
import { readClusters } from '../cluster-config.ts';
import { addressesOf } from '../commands.ts';
import { hostnameFile, ocfs2File } from '../files.ts';
import { linksOf } from '../links.ts';
import { read } from '../read.ts';
import { stateOf } from '../state.ts';
import type { State } from '../state.ts';
import { Values } from '../values.ts';

export interface View {
  readonly site: Site;
  readonly host: HostId;
  readonly name: string;
  /** The name of its node: its host name, where that is one word. */
  readonly node: string;
  readonly state: State;
  readonly ocfs2: boolean;
  readonly kernel: string | undefined;
  readonly cluster: ClusterConfig | undefined;
  /** Numbers that were raised since its boot: for good. */
  readonly up: readonly number[];
  readonly target: number | undefined;
  /** As the files read: any number but 0 is on. */
  readonly sends: { readonly persistent: string; readonly ephemeral: string };
  readonly linked: (num: number) => boolean | undefined;
  readonly addresses: readonly string[];
  /** Swapped pages of this host on others, at most; pages of others that are kept here. */
  readonly away: number;
  readonly foreign: number;
  /** Bytes. */
  readonly available: number | undefined;
  readonly swaps: readonly Swap[];
}

const word = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The chosen hosts, each once, in the order in which they were chosen. */
export const viewsOf = (found: readonly Found[]): readonly View[] => byHost(found).map(({ site }) => viewOf(site));

export function viewOf(site: Site): View {
  const { host, name, evidence } = site;
  const out = new Values(evidence);
  const text = (path: string): string | undefined => evidence.files.get(path)?.text.trim();
  const switched = (leaf: string): string => text(`${ramsterSysfs}/${leaf}`) ?? '0';
  const cluster = readClusters(out)[0];
  const values = new Map(read(evidence).values.map((value) => [value.metric, value.value]));
  const pages = (...metrics: readonly string[]): number =>
    metrics.reduce((sum, metric) => sum + Math.max(0, Number(values.get(metric) ?? 0)), 0);
  const target = text(`${ramsterSysfs}/remote_target_nodenum`) ?? '';
  const hostname = text(hostnameFile) ?? name;
  const meminfo = evidence.files.get('/proc/meminfo');
  const swaps = evidence.files.get('/proc/swaps');
  return {
    site,
    host,
    name,
    node: word.test(hostname) ? hostname : '',
    state: stateOf(evidence),
    ocfs2: evidence.files.has(ocfs2File),
    kernel: /^Linux version (\S{1,64})/.exec(text('/proc/version') ?? '')?.[1],
    cluster,
    up: (text(`${ramsterSysfs}/manual_node_up`)?.match(/\d+/g) ?? []).map(Number),
    target: /^\d$/.test(target) ? Number(target) : undefined,
    sends: { persistent: switched('pers_remotify_enable'), ephemeral: switched('eph_remotify_enable') },
    linked: cluster === undefined ? () => undefined : linksOf(evidence, cluster).linked,
    addresses: addressesOf(evidence),
    away: pages('ramster.away_at_most'),
    foreign: pages('ramster.foreign_pers_pages'),
    available: meminfo && availableIn(meminfo),
    swaps: swaps === undefined ? [] : parseSwaps(swaps, []).filter(({ deleted }) => !deleted),
  };
}

/** Kernels before 3.14 do not tell MemAvailable: free memory and page cache, which is a little too much. */
function availableIn(meminfo: Parameters<typeof parseMeminfo>[0]): number | undefined {
  const table = parseMeminfo(meminfo, []);
  const row = (name: string): number | undefined => table.get(name)?.value;
  const free = row('MemFree');
  return row('MemAvailable') ?? (free === undefined ? undefined : free + (row('Cached') ?? 0) * 0.5);
}

export const isOn = (text: string): boolean => text !== '0';

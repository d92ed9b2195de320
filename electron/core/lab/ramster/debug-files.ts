/**
 * debugfs of zcache, zbud, RAMster, frontswap and cleancache: 82 counters, and which of them root can overwrite
 * (docs/domain.md 2, 2.5, 2.6).
 */
import type { WriteOutcome } from '../machine.ts';
import { denied, missing, ok } from '../linux/settings.ts';
import type { NodeState } from './node-state.ts';
import { handleBytes } from './zbud.ts';
import type { ZbudPool } from './zbud.ts';

export const debugRoot = '/sys/kernel/debug';

type Figures = Readonly<Record<string, (node: NodeState) => number>>;

const poolFigures = (kind: 'eph' | 'pers'): Figures => ({
  [`zcache/${kind}_zpages`]: (node) => node[kind].zpages,
  [`zcache/${kind}_zpages_max`]: (node) => node[kind].zpagesMax,
  [`zcache/${kind}_pageframes`]: (node) => node[kind].frames,
  [`zcache/${kind}_pageframes_max`]: (node) => node[kind].framesMax,
  [`zcache/${kind}_zbytes`]: (node) => node[kind].zbytes,
  [`zcache/${kind}_zbytes_max`]: (node) => node[kind].zbytesMax,
  [`zbud/${kind}_zbytes`]: (node) => handled(node[kind]),
  [`zbud/${kind}_cumul_zbytes`]: (node) => node[kind].cumulZbytes,
  [`zbud/${kind}_cumul_zpages`]: (node) => node[kind].cumulZpages,
  [`zbud/${kind}_evicted_pageframes`]: (node) => node[kind].evictedFrames,
  [`zbud/${kind}_zpages`]: (node) => node[kind].packed,
  [`zbud/${kind}_pageframes`]: (node) => node[kind].frames,
  [`zbud/${kind}_buddied_count`]: (node) => node[kind].buddied,
  [`zbud/${kind}_unbuddied_count`]: (node) => node[kind].unbuddied,
});

/** zbud's bytes hold a handle of 32 for each page. */
const handled = (pool: ZbudPool): number => pool.zbytes + handleBytes * pool.packed;

/** frontswap spreads its pages over 256 objects; a node of the tree holds 64 pages. */
const objects = (node: NodeState): number => Math.min(256, node.local + node.remoteTotal) + (node.ephLocal > 0 ? 6 : 0);
const objectNodes = (node: NodeState): number => Math.ceil((node.pers.zpages + node.eph.zpages) / 16);

const figures: Figures = {
  ...poolFigures('eph'),
  ...poolFigures('pers'),
  'zcache/obj_count': objects,
  'zcache/objnode_count': objectNodes,
  'zcache/last_active_file_pageframes': (node) => (node.stolen > 0 ? Math.floor(node.file * 0.4) : 0),
  'zcache/last_inactive_file_pageframes': (node) => (node.stolen > 0 ? node.file - Math.floor(node.file * 0.4) : 0),
  'zcache/last_active_anon_pageframes': (node) => (node.stolen > 0 ? Math.min(node.resident, node.wantHot) : 0),
  'zcache/last_inactive_anon_pageframes': (node) => (node.stolen > 0 ? Math.max(0, node.resident - node.wantHot) : 0),
  'ramster/foreign_eph_pages': (node) => node.foreignEph,
  'ramster/foreign_pers_pages': (node) => node.foreignPers,
};

/** Counters that the model counts up, and those that stay 0 here as they do on the real kernel. */
const counted = [
  ...names('zcache', 'obj_count_max objnode_count_max flush_total flush_found flobj_total flobj_found'),
  ...names('zcache', 'failed_eph_puts failed_pers_puts failed_getfreepages failed_alloc put_to_flush'),
  ...names('zcache', 'compress_poor mean_compress_poor eph_ate_tail eph_ate_tail_failed pers_ate_eph'),
  ...names('zcache', 'pers_ate_eph_failed evicted_eph_zpages evicted_eph_pageframes'),
  ...names('zcache', 'eph_nonactive_puts_ignored pers_nonactive_puts_ignored zero_filled_pages'),
  ...names('zbud', 'pers_zombie_count'),
  ...names('ramster', 'eph_pages_remoted pers_pages_remoted eph_pages_remote_failed pers_pages_remote_failed'),
  ...names('ramster', 'remote_eph_pages_succ_get remote_pers_pages_succ_get remote_eph_pages_unsucc_get'),
  ...names('ramster', 'remote_pers_pages_unsucc_get pers_pages_remote_nomem remote_objects_flushed'),
  ...names('ramster', 'remote_pages_flushed remote_object_flushes_failed remote_page_flushes_failed'),
  ...names('ramster', 'foreign_eph_pages_max foreign_pers_pages_max'),
  ...names('frontswap', 'loads succ_stores failed_stores invalidates'),
  ...names('cleancache', 'succ_gets failed_gets puts invalidates'),
];

function names(group: string, list: string): readonly string[] {
  return list.split(' ').map((name) => `${group}/${name}`);
}

export const debugNames: readonly string[] = [...Object.keys(figures), ...counted];
const known = new Set(counted);

export function readDebug(node: NodeState, name: string): string | undefined {
  const forged = node.forged.get(name);
  if (forged !== undefined) return `${String(forged)}\n`;
  const figure = figures[name];
  if (figure !== undefined) return `${String(figure(node))}\n`;
  if (!known.has(name)) return undefined;
  // The marks are kept when they are looked at: nothing else asks for them.
  if (name === 'zcache/obj_count_max') keepMark(node, name, objects(node));
  if (name === 'zcache/objnode_count_max') keepMark(node, name, objectNodes(node));
  return `${String(node.counted(name))}\n`;
}

function keepMark(node: NodeState, name: string, now: number): void {
  node.count(name, Math.max(0, now - node.counted(name)));
}

/** Those made with debugfs_create_u64 refuse; the others can be overwritten by root although they are 0444. */
const refusing = /^(?:frontswap|cleancache)\/|zbytes/;

export function writeDebug(node: NodeState, name: string, value: string): WriteOutcome {
  if (readDebug(node, name) === undefined) return missing;
  if (refusing.test(name)) return denied;
  const text = value.replace(/\n$/, '');
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  // A counter goes on from there; a figure of the model keeps its own value at the next look.
  if (known.has(name)) node.counts.set(name, number);
  else node.forged.set(name, number);
  return ok;
}

/** Objects and their radix trees: what a handle leads to, and how many nodes that takes. */
import { reshape } from './store.ts';
import type { Pool, Run, Tmem, TmemObject } from './tmem.ts';

const fanOut = 6;

/** Nodes of a radix tree of 64 ways that holds these indexes; a lone index 0 needs none. */
export function radixNodes(indexes: Iterable<number>): number {
  let level = new Set(indexes);
  let most = 0;
  for (const index of level) most = Math.max(most, index);
  let nodes = 0;
  while (most > 0) {
    level = new Set([...level].map((index) => Math.floor(index / 2 ** fanOut)));
    most = Math.floor(most / 2 ** fanOut);
    nodes += level.size;
  }
  return nodes;
}

/** All runs of a pool, bulk ones first. */
export const runsOf = (pool: Pool): readonly Run[] => [
  ...pool.runs,
  ...[...pool.objects.values()].flatMap(({ pages }) => [...pages.values()]),
];

/** Puts a run under its handle. */
export function remember(tmem: Tmem, run: Run): void {
  const { pool, handle } = run;
  if (handle === undefined) return;
  const object: TmemObject = pool.objects.get(handle.object) ?? { pages: new Map(), nodes: 0 };
  object.pages.set(handle.index, run);
  pool.objects.set(handle.object, object);
  retell(tmem, pool, object);
}

/** Takes a run that lost its pages from where it stood; an object without pages goes with it. */
export function forget(tmem: Tmem, run: Run): void {
  if (run.whole + run.packed > 0) {
    if (run.handle === undefined) bulkShape(tmem, run.pool);
    return;
  }
  const { pool, handle } = run;
  if (handle === undefined) {
    const at = pool.runs.indexOf(run);
    if (at >= 0) pool.runs.splice(at, 1);
    bulkShape(tmem, pool);
    return;
  }
  const object = pool.objects.get(handle.object);
  if (object?.pages.get(handle.index) !== run) return;
  object.pages.delete(handle.index);
  if (object.pages.size === 0) pool.objects.delete(handle.object);
  retell(tmem, pool, object);
}

function retell(tmem: Tmem, pool: Pool, object: TmemObject): void {
  const nodes = radixNodes(object.pages.keys());
  const before = object.nodes;
  object.nodes = nodes;
  reshape(tmem, pool, pool.objects.size, pool.stats.Nc - before + nodes);
}

const swapObjects = 16;
const pagesPerFile = 192;

/**
 * A bulk pool has no handles, so its shape is estimated: swap lies in 16 objects, about half of whose leaves are
 * filled (31 719 pages were seen in 970 nodes); files are taken as 192 pages each, lying together.
 */
export function bulkShape(tmem: Tmem, pool: Pool): void {
  const count = pool.stats.Pc;
  const objects = pool.ephemeral ? Math.ceil(count / pagesPerFile) : Math.min(swapObjects, count);
  const leaves = pool.ephemeral ? Math.ceil(count / 64) : objects * Math.ceil((2 * count) / (64 * swapObjects));
  reshape(tmem, pool, objects, count === 0 ? 0 : leaves + objects);
}

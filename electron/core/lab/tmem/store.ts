/**
 * Where pages lie: frames taken and given back, gauges moved with them, runs in the order of their last use. Every
 * page enters by `keep` and leaves by `drop`, so that sums hold whatever happens.
 *
 * A frame comes from tmem's own list (`Ta`) or from the heap, and goes back to the list: it returns to the heap only
 * when the hypervisor asks. Compressed pages share frames. Persistent frames are charged to their domain
 * (docs/domain.md 1.4 rule 8).
 */
import { labPageSize } from '../corpus.ts';
import { move } from './stats.ts';
import type { Pool, Run, Tmem } from './tmem.ts';

const framesOf = (bytes: number): number => Math.ceil(bytes / labPageSize);

export const available = (tmem: Tmem): number => tmem.stats.Ta + tmem.heap.free;

/** Frames that `more` bytes of compressed pages of this pool would take beyond those there are. */
export function framesFor(tmem: Tmem, pool: Pool, more: number): number {
  const now = pool.ephemeral ? tmem.ephemeralBytes : pool.owner.persistentBytes;
  return framesOf(now + more) - framesOf(now);
}

/** Adds pages to a run. The frames must be there (`available`, the domain's limit): the caller has looked. */
export function keep(tmem: Tmem, run: Run, whole: number, packed: number, bytes: number): void {
  const { pool } = run;
  shift(tmem, pool, whole, packed, bytes);
  run.whole += whole;
  run.packed += packed;
  run.packedBytes += bytes;
}

/** Takes pages out of a run, whole and compressed ones in their proportion. @returns how many it took */
export function drop(tmem: Tmem, run: Run, wanted: number): number {
  const held = run.whole + run.packed;
  const count = Math.min(held, wanted);
  if (count === 0) return 0;
  const last = count === held;
  const low = Math.max(0, count - run.whole);
  const packed = last ? run.packed : Math.min(run.packed, Math.max(low, Math.round((count * run.packed) / held)));
  const bytes = packed === run.packed ? run.packedBytes : Math.round((run.packedBytes * packed) / run.packed);
  const whole = count - packed;
  run.whole -= whole;
  run.packed -= packed;
  run.packedBytes -= bytes;
  shift(tmem, run.pool, -whole, -packed, -bytes);
  if (last) tmem.lru.delete(run);
  return count;
}

/** The one place where gauges and frames of stored pages change. */
function shift(tmem: Tmem, pool: Pool, whole: number, packed: number, bytes: number): void {
  const { stats } = tmem;
  const { owner } = pool;
  const frames = whole + framesFor(tmem, pool, bytes);
  if (pool.ephemeral) tmem.ephemeralBytes += bytes;
  else {
    owner.persistentBytes += bytes;
    owner.domain.tot += frames;
  }
  const fromList = Math.min(stats.Ta, frames);
  stats.Ta -= fromList;
  tmem.heap.free -= frames - fromList;
  move(stats, 'Fc', 'Fm', whole);
  owner.stats.cp += packed;
  owner.stats.cb += bytes;
  const count = whole + packed;
  move(pool.stats, 'Pc', 'Pm', count);
  move(stats, 'Pc', 'Pm', count);
  if (!pool.ephemeral) return;
  move(stats, 'Ec', 'Em', count);
  move(owner.stats, 'Ec', 'Em', count);
}

/** Objects and radix nodes of a pool, and with them the host's. */
export function reshape(tmem: Tmem, pool: Pool, objects: number, nodes: number): void {
  if (objects !== pool.stats.Oc) {
    move(tmem.stats, 'Oc', 'Om', objects - pool.stats.Oc);
    move(pool.stats, 'Oc', 'Om', objects - pool.stats.Oc);
  }
  if (nodes !== pool.stats.Nc) {
    move(tmem.stats, 'Nc', 'Nm', nodes - pool.stats.Nc);
    move(pool.stats, 'Nc', 'Nm', nodes - pool.stats.Nc);
  }
}

/** Puts a run at the recently used end. */
export function touch(tmem: Tmem, run: Run): void {
  if (!run.pool.ephemeral || run.pool.stuck) return;
  tmem.lru.delete(run);
  tmem.lru.add(run);
}

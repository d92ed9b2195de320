/**
 * The traffic of whole guests: many puts, gets and flushes of one pool at once. The caller says how many of them find
 * their page; which page it was is not known, so pages leave a pool's runs in proportion. Counters, frames, charges
 * and the order of eviction between pools are the same as page by page (handles.ts).
 */
import type { PageMix } from '../corpus.ts';
import { ensureMany } from './evict.ts';
import { packingOf } from './packing.ts';
import { bulkShape } from './shape.ts';
import { drop, framesFor, keep } from './store.ts';
import type { Client, Pool, Run, Tmem } from './tmem.ts';

const mostRuns = 8;

/** New pages. @returns how many were kept; the others were refused */
export function putMany(tmem: Tmem, client: Client, pool: Pool, wanted: number, mix: PageMix): number {
  const { stats } = tmem;
  stats.Tt += wanted;
  if (client.stats.fr === 1) {
    stats.Te += wanted;
    if (wanted === 0 || ensureMany(tmem, client, wanted, 0) === 0) return 0;
    pool.stats.pt += wanted;
    // As if all belonged to objects that are there: only those refusals are counted.
    if (pool.stats.Pc > 0) pool.stats.px += wanted;
    return 0;
  }
  let stored = 0;
  while (stored < wanted) {
    const left = wanted - stored;
    const allowed = pool.ephemeral ? Infinity : Math.max(0, client.domain.max - client.domain.tot);
    const room = ensureMany(tmem, client, left, allowed);
    if (room === 0) {
      // Not even counted as puts: only the error shows.
      stats.Te += left;
      break;
    }
    const part = fitting(tmem, client, pool, Math.min(left, mostAtOnce), Math.min(room, allowed), mix);
    if (part.count === 0) {
      pool.stats.pt += left;
      pool.stats.px += left;
      stats.Te += left;
      if (tmem.traits.limitIsAllocFailure) stats.Pf += left;
      break;
    }
    keep(tmem, newest(tmem, pool), part.whole, part.count - part.whole, part.bytes);
    client.poorCarry = part.carry;
    if (client.stats.co === 1) client.stats.cn += part.whole;
    stored += part.count;
  }
  pool.stats.pt += stored;
  pool.stats.ps += stored;
  if (pool.ephemeral) stats.Ep += stored;
  else client.stats.Pp += stored;
  if (stored > 0) bulkShape(tmem, pool);
  return stored;
}

const mostAtOnce = 4096;

/** The most pages, of those wanted, that go into this many frames, and how they will lie. */
function fitting(tmem: Tmem, client: Client, pool: Pool, wanted: number, frames: number, mix: PageMix) {
  if (frames <= 0) return { count: 0, whole: 0, bytes: 0, carry: client.poorCarry };
  if (client.stats.co !== 1) {
    const count = Math.min(wanted, frames);
    return { count, whole: count, bytes: 0, carry: client.poorCarry };
  }
  const { poor, mean } = packingOf(mix);
  const lie = (count: number) => {
    const exact = count * poor + client.poorCarry;
    const whole = Math.min(count, Math.floor(exact));
    return { count, whole, bytes: Math.round((count - whole) * mean), carry: exact - whole };
  };
  const all = lie(wanted);
  const needed = all.whole + framesFor(tmem, pool, all.bytes);
  return needed <= frames ? all : lie(Math.min(wanted, frames));
}

/** The run that takes new pages: pages of very different age do not share one, and a pool has few. */
function newest(tmem: Tmem, pool: Pool): Run {
  const last = pool.runs.at(-1);
  if (last && (!pool.ephemeral || last.whole + last.packed < Math.max(64, pool.stats.Pc / mostRuns))) return last;
  const run: Run = { pool, whole: 0, packed: 0, packedBytes: 0 };
  pool.runs.push(run);
  if (pool.ephemeral && !pool.stuck) tmem.lru.add(run);
  if (pool.runs.length > mostRuns) merge(tmem, pool);
  return run;
}

/** The two oldest become one, at the older one's place. */
function merge(tmem: Tmem, pool: Pool): void {
  const [first, second] = pool.runs;
  if (first === undefined || second === undefined) return;
  first.whole += second.whole;
  first.packed += second.packed;
  first.packedBytes += second.packedBytes;
  pool.runs.splice(1, 1);
  tmem.lru.delete(second);
}

/** Puts of pages that are there already: each takes its own old place. */
export function putAgainMany(tmem: Tmem, client: Client, pool: Pool, count: number): void {
  tmem.stats.Tt += count;
  pool.stats.pt += count;
  pool.stats.ps += count;
  pool.stats.pr += count;
  if (!pool.ephemeral) client.stats.Pp += count;
}

/** @param found how many of the gets have their page there; never more than the pool holds count */
export function getMany(tmem: Tmem, pool: Pool, tried: number, found: number): number {
  tmem.stats.Tt += tried;
  if (pool.stats.Pc === 0) {
    tmem.stats.Te += tried;
    return 0;
  }
  const hits = Math.min(tried, found, pool.ephemeral && !pool.uuid ? pool.stats.Pc : tried);
  pool.stats.gt += tried;
  pool.stats.gs += hits;
  pool.owner.stats[pool.ephemeral ? 'Ge' : 'Gp'] += hits;
  if (pool.ephemeral && !pool.uuid) take(tmem, pool, hits);
  return hits;
}

/** @returns how many pages went */
export function flushMany(tmem: Tmem, client: Client, pool: Pool, tried: number, found: number): number {
  tmem.stats.Tt += tried;
  if (client.stats.fr === 1) tmem.stats.Te += tried;
  const gone = Math.min(tried, found, pool.stats.Pc);
  pool.stats.ft += tried;
  pool.stats.fs += gone;
  take(tmem, pool, gone);
  return gone;
}

/** Takes pages out of all runs of the pool, in proportion. */
function take(tmem: Tmem, pool: Pool, wanted: number): void {
  if (wanted <= 0) return;
  let left = wanted;
  let held = pool.stats.Pc;
  for (const run of pool.runs) {
    const count = run.whole + run.packed;
    left -= drop(tmem, run, Math.min(count, Math.ceil((left * count) / held)));
    held -= count;
    if (left <= 0) break;
  }
  for (let at = pool.runs.length - 1; at >= 0; at--) {
    const run = pool.runs[at];
    if (run && run.whole + run.packed === 0) pool.runs.splice(at, 1);
  }
  bulkShape(tmem, pool);
}

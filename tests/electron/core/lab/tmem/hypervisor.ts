/** A hypervisor with tmem and nothing else, for the tests of the rules. */
import { labPageSize } from '#core/lab/corpus.ts';
import { createTmem } from '#core/lab/tmem/tmem.ts';
import type { Domain, Pool, Tmem } from '#core/lab/tmem/tmem.ts';
import type { XenVersion } from '#core/lab/tmem/xen-version.ts';
import { runsOf } from '#core/lab/tmem/shape.ts';

export interface Hypervisor {
  readonly tmem: Tmem;
  readonly said: string[];
}

export function hypervisor(
  options: { version?: XenVersion; frames?: number; compress?: boolean; sharedAuth?: boolean } = {},
): Hypervisor {
  const said: string[] = [];
  const tmem = createTmem({
    version: options.version ?? '4.11',
    heap: { free: options.frames ?? 100_000 },
    compress: options.compress === true,
    sharedAuth: options.sharedAuth === true,
    say: (line) => said.push(line),
  });
  return { tmem, said };
}

export const someDomain = (domid: number, tot = 1000, max = 1_000_000): Domain => ({ domid, tot, max });

export function poolsOf(tmem: Tmem): readonly Pool[] {
  return [...new Set([...tmem.clients.values()].flatMap(({ pools }) => pools.flatMap((pool) => pool ?? [])))];
}

const sum = (parts: readonly number[]): number => parts.reduce((so, part) => so + part, 0);

/**
 * The sums that held in every capture of a real host, as the list of those that do not hold.
 * @param frames all frames there were at the start, @param charged what domains had before tmem charged them
 */
export function broken(tmem: Tmem, frames: number, charged: ReadonlyMap<number, number>): readonly string[] {
  const wrong: string[] = [];
  const check = (holds: boolean, words: string): void => {
    if (!holds) wrong.push(words);
  };
  const clients = [...tmem.clients.values()];
  const pools = poolsOf(tmem);
  const { stats } = tmem;
  check(stats.Ec === sum(clients.map((client) => client.stats.Ec)), 'G.Ec = sum of C.Ec');
  check(stats.Pc === sum(pools.map((pool) => pool.stats.Pc)), 'G.Pc = sum of P.Pc, shared ones once');
  check(stats.Oc === sum(pools.map((pool) => pool.stats.Oc)), 'G.Oc = sum of P.Oc');
  check(stats.Nc === sum(pools.map((pool) => pool.stats.Nc)), 'G.Nc = sum of P.Nc');
  check(stats.Fc === sum(pools.flatMap(runsOf).map(({ whole }) => whole)), 'G.Fc = pages kept whole');
  for (const { stats: p, ephemeral, owner } of pools) {
    check(p.pt >= p.ps + p.pd + p.px, `pt ≥ ps + pd + px: ${JSON.stringify(p)}`);
    check(p.gs <= p.gt && p.fs <= p.ft && p.os <= p.ot, 'found ≤ tried');
    check(p.Pc <= p.Pm && p.Oc <= p.Om && p.Nc <= p.Nm, 'now ≤ most');
    check(ephemeral || owner.stats.Pp >= 0, 'persistent');
  }
  let persistentFrames = 0;
  for (const client of clients) {
    const own = pools.filter((pool) => pool.owner === client);
    const eph = sum(own.filter((pool) => pool.ephemeral).map((pool) => pool.stats.Pc));
    check(client.stats.Ec === eph, 'C.Ec = pages of its ephemeral pools');
    const runs = own.flatMap(runsOf);
    check(client.stats.cp === sum(runs.map(({ packed }) => packed)), 'cp = compressed pages');
    check(client.stats.cb === sum(runs.map(({ packedBytes }) => packedBytes)), 'cb = their bytes');
    const mine = own.filter((pool) => !pool.ephemeral).flatMap(runsOf);
    const taken =
      sum(mine.map(({ whole }) => whole)) + Math.ceil(sum(mine.map(({ packedBytes }) => packedBytes)) / labPageSize);
    persistentFrames += taken;
    const before = charged.get(client.domain.domid);
    if (before !== undefined)
      check(client.domain.tot - before === taken, 'persistent frames are charged to the domain');
  }
  const eph = pools.filter((pool) => pool.ephemeral).flatMap(runsOf);
  const ephemeralFrames =
    sum(eph.map(({ whole }) => whole)) + Math.ceil(sum(eph.map(({ packedBytes }) => packedBytes)) / labPageSize);
  check(
    tmem.heap.free + stats.Ta + ephemeralFrames + persistentFrames === frames,
    'every frame is in the heap, on the free list, or holds a page',
  );
  for (const run of tmem.lru) check(run.whole + run.packed > 0 && run.pool.ephemeral && !run.pool.stuck, 'LRU');
  for (const table of [stats, ...clients.map(({ stats: c }) => c), ...pools.map(({ stats: p }) => p)])
    for (const [key, value] of Object.entries(table))
      check(Number.isInteger(value) && (value >= 0 || key === 'ww' || key === 'ca'), `${key} is ${String(value)}`);
  return wrong;
}

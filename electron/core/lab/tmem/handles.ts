/**
 * Operations on single pages by handle: put, get, flush, exactly as the hypervisor does them, page by page. Small
 * pools and the tests of the rules use these; whole guests use bulk.ts, which keeps the same books.
 */
import { ensureAvailable } from './evict.ts';
import { packedSize } from './packing.ts';
import { result } from './results.ts';
import { forget, remember } from './shape.ts';
import { available, drop, framesFor, keep, touch } from './store.ts';
import { counted, poolOf } from './tmem.ts';
import type { Client, Page, Pool, Run, Tmem } from './tmem.ts';

const mostIndex = 2 ** 32 - 1;

/** @returns 1, or ENOMEM, ENOSPC (duplicate: the old page is gone too), EFROZEN */
export function put(tmem: Tmem, domid: number, id: number, object: string, index: number, page: Page): number {
  const client = tmem.clients.get(domid);
  if (client === undefined || !ensureAvailable(tmem, client)) return counted(tmem, result.ENOMEM);
  const pool = client.pools[id];
  if (pool === undefined || index > mostIndex) return counted(tmem, result.EPERM);
  return counted(tmem, putPage(tmem, client, pool, object, index, page));
}

function putPage(tmem: Tmem, client: Client, pool: Pool, object: string, index: number, page: Page): number {
  pool.stats.pt += 1;
  const there = pool.objects.get(object);
  const old = there?.pages.get(index);
  if (old) return putAgain(tmem, client, pool, old, page);
  if (client.stats.fr === 1) {
    // A new object is refused before the refusal is counted.
    if (there) pool.stats.px += 1;
    return result.EFROZEN;
  }
  const run: Run = { pool, whole: 0, packed: 0, packedBytes: 0, handle: { object, index, page } };
  if (!store(tmem, client, run, page)) {
    pool.stats.px += 1;
    return result.ENOMEM;
  }
  remember(tmem, run);
  touch(tmem, run);
  stored(tmem, client, pool);
  return result.done;
}

/**
 * The new page takes the old one's place, or both are gone: the old one is never found again (docs/domain.md 1.4 rule
 * 2).
 */
function putAgain(tmem: Tmem, client: Client, pool: Pool, run: Run, page: Page): number {
  const inPlace = run.whole === 1 && client.stats.co === 0 && !client.migrating;
  if (!inPlace) {
    drop(tmem, run, 1);
    if (client.migrating || !store(tmem, client, run, page)) {
      forget(tmem, run);
      pool.stats.pd += 1;
      return result.ENOSPC;
    }
  }
  if (run.handle) run.handle.page = page;
  if (!inPlace || pool.uuid) touch(tmem, run);
  pool.stats.pr += 1;
  pool.stats.ps += 1;
  if (!pool.ephemeral) client.stats.Pp += 1;
  return result.done;
}

function stored({ stats }: Tmem, client: Client, pool: Pool): void {
  pool.stats.ps += 1;
  if (pool.ephemeral) stats.Ep += 1;
  else client.stats.Pp += 1;
}

/** Finds room for one page, compressed where the client asks for it. @returns false when there is none */
function store(tmem: Tmem, client: Client, run: Run, page: Page): boolean {
  const { pool } = run;
  const size = client.stats.co === 1 ? packedSize(page.kind) : undefined;
  if (client.stats.co === 1 && size === undefined) client.stats.cn += 1;
  const frames = size === undefined ? 1 : framesFor(tmem, pool, size);
  if (!pool.ephemeral && frames > 0 && client.domain.tot >= client.domain.max) {
    if (tmem.traits.limitIsAllocFailure) tmem.stats.Pf += 1;
    return false;
  }
  if (available(tmem) < frames) {
    tmem.stats.Pf += 1;
    return false;
  }
  keep(tmem, run, size === undefined ? 1 : 0, size === undefined ? 0 : 1, size ?? 0);
  return true;
}

/** @returns the page; `nothing` and EEMPTY as `answer` when there is none */
export function get(
  tmem: Tmem,
  domid: number,
  id: number,
  object: string,
  index: number,
): { readonly answer: number; readonly page?: Page } {
  const pool = poolOf(tmem, domid, id);
  if (pool === undefined) return { answer: counted(tmem, result.EPERM) };
  if (pool.stats.Pc === 0) return { answer: counted(tmem, result.EEMPTY) };
  pool.stats.gt += 1;
  const run = pool.objects.get(object)?.pages.get(index);
  const page = run?.handle?.page;
  if (run === undefined || page === undefined) return { answer: counted(tmem, result.nothing) };
  pool.stats.gs += 1;
  pool.owner.stats[pool.ephemeral ? 'Ge' : 'Gp'] += 1;
  if (pool.ephemeral && pool.uuid === undefined) {
    drop(tmem, run, 1);
    forget(tmem, run);
  } else touch(tmem, run);
  return { answer: counted(tmem, result.done), page };
}

/** @returns 1 whether it was there or not; EFROZEN after doing it */
export function flush(tmem: Tmem, domid: number, id: number, object: string, index: number): number {
  const pool = poolOf(tmem, domid, id);
  if (pool === undefined) return counted(tmem, result.EPERM);
  pool.stats.ft += 1;
  const run = pool.objects.get(object)?.pages.get(index);
  if (run) {
    drop(tmem, run, 1);
    forget(tmem, run);
    pool.stats.fs += 1;
  }
  return counted(tmem, flushAnswer(tmem, domid));
}

/** All pages of an object. @returns as `flush` */
export function flushObject(tmem: Tmem, domid: number, id: number, object: string): number {
  const pool = poolOf(tmem, domid, id);
  if (pool === undefined) return counted(tmem, result.EPERM);
  pool.stats.ot += 1;
  const there = pool.objects.get(object);
  if (there) {
    for (const run of [...there.pages.values()]) {
      drop(tmem, run, 1);
      forget(tmem, run);
    }
    pool.stats.os += 1;
  }
  return counted(tmem, flushAnswer(tmem, domid));
}

const flushAnswer = (tmem: Tmem, domid: number): number =>
  tmem.clients.get(domid)?.stats.fr === 1 ? result.EFROZEN : result.done;

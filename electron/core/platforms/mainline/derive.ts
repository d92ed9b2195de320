/**
 * Figures that need several files: savings, swap used, refaults, rejects. Each names its formula and files as its
 * source. What one of its parts lacks, it lacks: nothing is guessed. The formulas are those of docs/domain.md 5.1;
 * each is named where it is computed.
 */
import { add, bytes, minus, minusFloor, pages, pagesToBytes } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import { parseNumber } from '../kernel/single.ts';
import type { Swap } from '../kernel/swaps.ts';
import type { Table } from '../kernel/table.ts';
import type { Values } from './values.ts';
import type { Zram } from './zram.ts';

export interface HostTables {
  readonly meminfo: Table<Bytes> | undefined;
  readonly vmstat: Table | undefined;
  readonly swaps: readonly Swap[] | undefined;
}

/** Bookkeeping of KSM per page it watches, on 64-bit kernels (docs/domain.md 5.1 ksm). */
const rmapItemBytes = 64;
const debugfs = '/sys/kernel/debug';
const ksm = '/sys/kernel/mm/ksm';

export function derive(out: Values, tables: HostTables, zrams: readonly Zram[], guests: readonly GuestReading[]): void {
  const { meminfo, vmstat } = tables;
  const [total, free] = [meminfo?.get('SwapTotal'), meminfo?.get('SwapFree')];
  if (total && free) {
    // docs/domain.md 5.1 swap-used
    out.put('mainline.swap.used', minus(total.value, free.value), 'SwapTotal − SwapFree (/proc/meminfo)', total.line);
  }

  available(out, tables);
  const zswap = zswapSaved(out, tables);
  const zram = zramSwapSaved(out, tables.swaps, zrams);
  if (zswap !== undefined || zram !== undefined) {
    const parts = [
      zswap === undefined ? [] : ['mainline.saved.zswap'],
      zram === undefined ? [] : ['mainline.saved.zram'],
    ];
    out.put('mainline.saved.compressed', (zswap ?? 0) + (zram ?? 0), parts.flat().join(' + '));
  }
  merged(out);
  ballooned(out, guests);
  guestSums(out, guests, zramTaken(tables.swaps, zrams));

  // docs/domain.md 5.1 refaults
  const anon = vmstat?.get('workingset_refault_anon');
  const file = vmstat?.get('workingset_refault_file');
  const both = vmstat?.get('workingset_refault');
  if (anon && file) {
    const source = 'workingset_refault_anon + workingset_refault_file (/proc/vmstat)';
    out.put('mainline.refaults', anon.value + file.value, source, anon.line);
  } else if (both) {
    out.put('mainline.refaults', both.value, 'workingset_refault (/proc/vmstat)', both.line);
  }
  rejects(out);
}

/** The parsers have complained already when read.ts met the file; here a bad number is simply absent. */
function number(out: Values, path: string): number | undefined {
  const file = out.file(path);
  return file === undefined ? undefined : parseNumber(file, []);
}

/** Kernels before 3.14 have no MemAvailable: what is free or can be freed, as `free` counted it then. An estimate. */
function available(out: Values, { meminfo }: HostTables): void {
  if (meminfo === undefined || meminfo.has('MemAvailable')) return;
  const [free, buffers, cached] = ['MemFree', 'Buffers', 'Cached'].map((row) => meminfo.get(row));
  if (!free || !buffers || !cached) return;
  const shmem = meminfo.get('Shmem')?.value ?? bytes(0);
  out.put(
    'mainline.available',
    minusFloor(add(free.value, buffers.value, cached.value), shmem),
    'MemFree + Buffers + Cached − Shmem (/proc/meminfo), an estimate: this kernel has no MemAvailable',
    free.line,
  );
}

/** docs/domain.md 5.1 zswap */
function zswapSaved(out: Values, { meminfo }: HostTables): Bytes | undefined {
  const kept = meminfo?.get('Zswapped');
  const pool = meminfo?.get('Zswap');
  if (kept && pool) {
    const saved = minus(kept.value, pool.value);
    out.put('mainline.saved.zswap', saved, 'Zswapped − Zswap (/proc/meminfo)', kept.line);
    return saved;
  }
  const stored = number(out, `${debugfs}/zswap/stored_pages`);
  const size = number(out, `${debugfs}/zswap/pool_total_size`);
  if (stored === undefined || size === undefined) return undefined;
  const saved = minus(pagesToBytes(pages(stored), out.evidence.pageSize), bytes(size));
  const source = `stored_pages · ${String(out.evidence.pageSize)} − pool_total_size (${debugfs}/zswap)`;
  out.put('mainline.saved.zswap', saved, source, out.file(`${debugfs}/zswap/stored_pages`)?.line);
  return saved;
}

/**
 * Only zram that is swap: what another use keeps in a zram device (an export to another host, a disk for /tmp) is not
 * memory of this host that was compressed. Where nothing tells what is swap, every device that is set up counts.
 * The saving of each is docs/domain.md 5.1 zram.
 */
function zramSwapSaved(out: Values, swaps: readonly Swap[] | undefined, zrams: readonly Zram[]): number | undefined {
  for (const zram of zrams)
    if (zram.ready) out.put('zram.swap', Number(isSwap(zram, swaps)), '/proc/swaps', undefined, zram.device);
  const used = zrams.filter((zram) => isSwap(zram, swaps));
  const saved = used.flatMap((zram) => zram.saved ?? []);
  if (saved.length === 0) return undefined;
  const all = sum(saved);
  const source = `Σ orig_data_size − mem_used_total − bd_count · 4096 (${used.map(({ device }) => device).join(', ')})`;
  out.put('mainline.saved.zram', all, source);
  return all;
}

const isSwap = ({ device, ready }: Zram, swaps: readonly Swap[] | undefined): boolean =>
  ready && (swaps === undefined || swaps.some(({ name }) => name === `/dev/${device}`));

const zramTaken = (swaps: readonly Swap[] | undefined, zrams: readonly Zram[]): number =>
  zrams.reduce((sum, zram) => sum + (isSwap(zram, swaps) ? (zram.taken ?? 0) : 0), 0);

/** docs/domain.md 5.1 ksm: a loss stays a loss. */
function merged(out: Values): void {
  const profit = number(out, `${ksm}/general_profit`);
  if (profit !== undefined) {
    const line = out.file(`${ksm}/general_profit`)?.line;
    return out.put('mainline.saved.merged', profit, `${ksm}/general_profit`, line);
  }
  const [sharing, shared, unshared, unsettled] = [
    'pages_sharing',
    'pages_shared',
    'pages_unshared',
    'pages_volatile',
  ].map((name) => number(out, `${ksm}/${name}`));
  if (sharing === undefined || shared === undefined || unshared === undefined || unsettled === undefined) return;
  const zero = number(out, `${ksm}/ksm_zero_pages`) ?? 0;
  const gross = pagesToBytes(pages(sharing + zero), out.evidence.pageSize);
  out.put(
    'mainline.saved.merged',
    gross - (sharing + shared + unshared + unsettled) * rmapItemBytes,
    `(pages_sharing + ksm_zero_pages) · ${String(out.evidence.pageSize)} − pages watched · ${String(rmapItemBytes)} (${ksm})`,
    out.file(`${ksm}/pages_sharing`)?.line,
  );
}

/** docs/domain.md 5.1 ballooned */
function ballooned(out: Values, guests: readonly GuestReading[]): void {
  const known = guests.flatMap(({ promised, allowed }) => (promised && allowed ? { promised, allowed } : []));
  if (known.length === 0) return;
  const promised = sum(known.map((guest) => guest.promised.bytes));
  const allowed = sum(known.map((guest) => guest.allowed.bytes));
  const over = `over ${String(known.length)} guests`;
  out.put('mainline.balloon.promised', promised, `Σ promised ${over}`);
  out.put('mainline.balloon.allowed', allowed, `Σ allowed ${over}`);
  out.put('mainline.saved.ballooned', promised - allowed, `Σ promised − allowed ${over}`);
}

/** docs/domain.md 5.1 overcommit. What guests are allowed and what they take are of the same guests. */
function guestSums(out: Values, guests: readonly GuestReading[], inZram: number): void {
  const promised = guests.flatMap((guest) => guest.promised?.bytes ?? []);
  if (promised.length > 0)
    out.put('mainline.guests.promised', sum(promised), `Σ promised over ${String(promised.length)} guests`);
  const known = guests.flatMap(({ promised: most, allowed, pays: { resident, compressed } }) => {
    const current = allowed ?? most;
    return current && resident ? { current: current.bytes, taken: resident.bytes + (compressed?.bytes ?? 0) } : [];
  });
  if (known.length === 0) return;
  const over = `over ${String(known.length)} guests`;
  out.put('mainline.guests.current', sum(known.map(({ current }) => current)), `Σ allowed, else promised, ${over}`);
  const taken = sum(known.map((guest) => guest.taken)) + inZram;
  out.put('mainline.guests.taken', taken, `Σ resident + compressed ${over}, + mem_used_total of zram that is swap`);
}

const sum = (parts: readonly number[]): number => parts.reduce((so, part) => so + part, 0);

/**
 * frontswap's failed_stores already holds every page that its backend refused, zswap's own refusals among them, so
 * the two are never added. Without frontswap the refusals are zswap's counters; reject_reclaim_fail is left out, as
 * it counts failures of the write-back worker (or stores that pool_limit_hit has counted already).
 * docs/domain.md 5.1 zswap-rejects
 */
function rejects(out: Values): void {
  const failed = number(out, `${debugfs}/frontswap/failed_stores`);
  if (failed !== undefined) {
    const path = `${debugfs}/frontswap/failed_stores`;
    return out.put('mainline.rejects', failed, path, out.file(path)?.line);
  }
  const names = [
    'pool_limit_hit',
    'reject_alloc_fail',
    'reject_kmemcache_fail',
    'reject_compress_poor',
    'reject_compress_fail',
  ];
  const found = names.flatMap((name) => {
    const value = number(out, `${debugfs}/zswap/${name}`);
    return value === undefined ? [] : [{ name, value }];
  });
  if (found.length === 0) return;
  const all = sum(found.map(({ value }) => value));
  const source = `${found.map(({ name }) => name).join(' + ')} (${debugfs}/zswap)`;
  out.put('mainline.rejects', all, source, out.file(`${debugfs}/zswap/${found[0]?.name ?? ''}`)?.line);
}

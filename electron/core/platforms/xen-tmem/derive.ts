/**
 * Figures of the host that need several lines. Each names its formula as its source; the formulas are those of
 * docs/domain.md 5.1; each is named where it is computed. What one of its parts lacks, it lacks: nothing is guessed,
 * and what is estimated is called so.
 */
import { bytes, minus, pages, pagesToBytes } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { Evidence } from '../platform.ts';
import { parseInteger } from '../kernel/integer.ts';
import { isEphemeral } from './pools.ts';
import { compressedPersistent } from './guests.ts';
import type { XenHost } from './guests.ts';
import { guestSums } from './guest-sums.ts';
import type { Values } from './values.ts';
import { atMost } from './xl/info.ts';
import type { XenVersion, XlInfo } from './xl/info.ts';
import { numberOf } from './xl/record.ts';
import type { TmemList } from './xl/tmem-list.ts';

const mib = 2 ** 20;
/** Below this a share says nothing (docs/domain.md 5.2 trap 14). */
const enoughPages = 1000;

export interface Freeable {
  readonly bytes: Bytes;
  readonly metric: 'xen-tmem.freeable.told' | 'xen-tmem.freeable.estimate';
  readonly source: string;
  readonly line?: number;
}

export function derive(
  out: Values,
  host: XenHost,
  info: XlInfo,
  told: Freeable | undefined,
  guests: readonly GuestReading[],
): void {
  const { list, pageSize } = host;
  const estimate = list && estimateOf(list, host);
  for (const freeable of [told, estimate])
    if (freeable) out.put(freeable.metric, freeable.bytes, freeable.source, freeable.line);
  available(out, info, told ?? estimate);
  guestSums(out, guests);
  if (list) out.put('xen-tmem.page-size', pageSize, 'xen_pagesize (xl info), else the page size of Domain-0');
  // Single domains add up to nothing that could be said of the host.
  if (!list?.whole) return;
  const { global, source } = list;
  const size = (count: number) => pagesToBytes(pages(count), pageSize);
  const idle = numberOf(global, 'Ta');
  if (idle !== undefined) out.put('xen-tmem.idle', size(idle), `Ta · page size (${source})`, global?.line);
  out.put('xen-tmem.clients', list.clients.length, `C lines (${source})`);
  const ephemeral = ephemeralPages(list);
  if (ephemeral !== undefined)
    out.put('xen-tmem.capacity.ephemeral', size(ephemeral), `Ec · page size (${source})`, global?.line);
  compressed(out, list, pageSize);
  merged(out, list, pageSize);
  traffic(out, host, source);
}

/** docs/domain.md 5.1 xen-capacity. G says it; a list without G still has the clients'. */
const ephemeralPages = (list: TmemList): number | undefined =>
  numberOf(list.global, 'Ec') ?? total(list.clients.map((client) => numberOf(client, 'Ec')));

/** undefined where one part is missing: half a sum is no sum. */
function total(parts: readonly (number | undefined)[]): number | undefined {
  return parts.length === 0 || parts.includes(undefined)
    ? undefined
    : parts.reduce<number>((so, part) => so + (part ?? 0), 0);
}

/** `xl tmem-freeable`, where it tells the truth: from 4.8 on it prints 0 whatever there is (docs/domain.md 3.1). */
export function toldFreeable(evidence: Evidence, version: XenVersion | undefined): Freeable | undefined {
  if (version === undefined || !atMost(version, 7)) return undefined;
  const answer = [...evidence.commands.values()]
    .filter(({ command }) => /\bx[lm] tmem-freeable\b/.test(command))
    .at(-1);
  const amount = answer && parseInteger(answer.text);
  if (answer === undefined || amount === undefined || amount < 0) return undefined;
  return { bytes: bytes(amount * mib), metric: 'xen-tmem.freeable.told', source: answer.command, line: answer.line };
}

/**
 * Idle frames, the frames of whole ephemeral pages, and what compressed ones take. Which of a guest's compressed pages
 * are ephemeral is not told: as many as can be are taken to be, which makes the estimate a low one. With
 * deduplication, which excludes compression, the frames are the whole frames that hold no persistent page.
 * docs/domain.md 5.1 xen-freeable
 */
function estimateOf(list: TmemList, { pools, pageSize }: XenHost): Freeable | undefined {
  const idle = numberOf(list.global, 'Ta');
  const contents = numberOf(list.global, 'Sc');
  if (idle === undefined || !list.long) return undefined;
  const frames = (contents ?? 0) > 0 ? dedupFrames() : total([0, ...list.clients.map(clientFrames)]);
  if (frames === undefined) return undefined;
  return {
    bytes: pagesToBytes(pages(Math.round(idle + frames)), pageSize),
    metric: 'xen-tmem.freeable.estimate',
    source: `(Ta + frames of ephemeral pages) · page size (${list.source})`,
    ...(list.global ? { line: list.global.line } : {}),
  };

  function dedupFrames(): number | undefined {
    const whole = numberOf(list.global, 'Fc');
    const persistent = total([
      0,
      ...pools.filter((pool) => !isEphemeral(pool)).map(({ record }) => numberOf(record, 'Pc')),
    ]);
    return whole === undefined || persistent === undefined ? undefined : Math.max(0, whole - persistent);
  }

  function clientFrames(client: TmemList['clients'][number]): number | undefined {
    const [kept, cp, cb] = [numberOf(client, 'Ec'), numberOf(client, 'cp'), numberOf(client, 'cb')];
    if (kept === undefined || cp === undefined || cb === undefined) return undefined;
    const small = Math.max(0, Math.min(kept, cp));
    return kept - small + (cp > 0 ? (small * cb) / cp / pageSize : 0);
  }
}

/** docs/domain.md 5.1 xen-available */
function available(out: Values, info: XlInfo, freeable: Freeable | undefined): void {
  const free = info.get('free_memory');
  const amount = free && parseInteger(free.value);
  if (free === undefined || amount === undefined) return;
  const source = freeable ? `free_memory (${free.source}) + ${freeable.metric}` : `free_memory (${free.source})`;
  out.put('xen-tmem.available', amount * mib + (freeable?.bytes ?? 0), source, free.line);
}

/** docs/domain.md 5.1 xen-compressed */
function compressed(out: Values, list: TmemList, pageSize: number): void {
  if (!list.long) return;
  const cp = total([0, ...list.clients.map((client) => numberOf(client, 'cp'))]);
  const cb = total([0, ...list.clients.map((client) => numberOf(client, 'cb'))]);
  if (cp === undefined || cb === undefined) return;
  const whole = pagesToBytes(pages(cp), pageSize);
  out.put('xen-tmem.saved.compressed', minus(whole, bytes(cb)), `Σ cp · page size − cb (${list.source})`);
  if (cp >= enoughPages)
    out.put('xen-tmem.compression', (100 * cb) / whole, `100 · Σ cb / (Σ cp · page size) (${list.source})`);
  const persistent = list.clients.map(compressedPersistent);
  const id = 'xen-tmem.compressed.persistent';
  const kept = total([0, ...persistent.map((one) => one?.pages)]);
  out.put(id, kept, `Σ max(cp − Ec, 0) (${list.source})`);
  const taken = total([0, ...persistent.map((one) => one?.bytes)]);
  out.put(`${id}.bytes`, taken, `Σ cb · max(cp − Ec, 0) / cp (${list.source})`);
  // Of all that is compressed only this is memory saved: the rest is cache, and room for more of it.
  if (kept === undefined || taken === undefined) return;
  const saved = minus(pagesToBytes(pages(kept), pageSize), bytes(taken));
  out.put('xen-tmem.saved.persistent', saved, `Σ max(cp − Ec, 0) · (page size − cb / cp) (${list.source})`);
}

/** docs/domain.md 5.1 xen-dedup, xen-tze. It is on where there are contents (Sc), and for ephemeral pages only. */
function merged(out: Values, { global, source }: TmemList, pageSize: number): void {
  const [kept, contents, trimmed] = [numberOf(global, 'Ec'), numberOf(global, 'Sc'), numberOf(global, 'Zt')];
  if (kept === undefined || contents === undefined || contents <= 0) return;
  const gained = pagesToBytes(pages(kept - contents), pageSize);
  out.put('xen-tmem.saved.merged', gained, `(Ec − Sc) · page size (${source})`, global?.line);
  if (kept >= enoughPages)
    out.put('xen-tmem.dedup', 100 * (1 - contents / kept), `100 · (1 − Sc / Ec) (${source})`, global?.line);
  if (trimmed !== undefined && trimmed > 0 && contents >= enoughPages) {
    const share = 100 * (1 - trimmed / (contents * pageSize));
    out.put('xen-tmem.tze', share, `100 · (1 − Zt / (Sc · page size)) (${source})`, global?.line);
  }
}

/** docs/domain.md 5.1 xen-refused, xen-hits, xen-persistent */
function traffic(out: Values, { list, pools, pageSize }: XenHost, source: string): void {
  // Of a shared pool the first joiner's client has all: each page is in one C line.
  for (const [id, key] of [
    ['ephemeral.hits', 'Ge'],
    ['persistent.puts', 'Pp'],
    ['persistent.gets', 'Gp'],
  ] as const)
    out.put(
      `xen-tmem.${id}`,
      total((list?.clients ?? []).map((client) => numberOf(client, key))),
      `Σ C ${key} (${source})`,
    );
  const refused = total(pools.map(({ record }) => numberOf(record, 'px')));
  if (refused !== undefined) out.put('xen-tmem.refused', refused, `Σ px of all pools (${source})`);
  const ephemeral = pools.filter(isEphemeral);
  const [found, gets] = ['gs', 'gt'].map((name) => total(ephemeral.map(({ record }) => numberOf(record, name))));
  if (found !== undefined && gets !== undefined && gets >= enoughPages)
    out.put('xen-tmem.hit-rate', (100 * found) / gets, `100 · Σ gs / Σ gt of ephemeral pools (${source})`);
  const persistent = total(pools.filter((pool) => !isEphemeral(pool)).map(({ record }) => numberOf(record, 'Pc')));
  if (persistent === undefined) return;
  const size = pagesToBytes(pages(persistent), pageSize);
  out.put('xen-tmem.persistent', size, `Σ Pc of persistent pools · page size (${source})`);
}

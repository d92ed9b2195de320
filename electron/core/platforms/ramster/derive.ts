/**
 * Figures that need several files. Each names its formula and its files as the source. What one of its parts lacks, it
 * lacks: nothing is guessed, and where a share has to be estimated the source says so. The formulas are those of
 * docs/domain.md 5.1; each is named where it is computed.
 */
import { pages, pagesToBytes } from '#shared/units.ts';
import { ramsterDebug } from './catalogue/ramster.ts';
import type { Values } from './values.ts';

/** What zcache keeps of one kind, this host's own and other nodes' apart. */
export interface Kept {
  readonly kind: 'ephemeral' | 'persistent';
  /** Metric the count was read as, for the age of a figure. */
  readonly restsOn: string;
  readonly source: string;
  /** The two sides of the formula. */
  readonly sources: { readonly holds: string; readonly takes: string };
  readonly own: { readonly holds: number; readonly takes: number };
  readonly foreign: { readonly holds: number; readonly takes: number } | undefined;
}

/** Ratios of fewer pages than this say nothing (docs/domain.md 5.2 trap 14). */
const enoughPages = 1000;

/** @param targetLost the link with the target is down: what is there cannot be fetched, and saves nothing */
export function derive(out: Values, targetLost: boolean): readonly Kept[] {
  const kept = [
    zcache2(out, 'ephemeral', 'eph') ?? zcacheV1Ephemeral(out),
    zcache2(out, 'persistent', 'pers') ?? zcacheV1Persistent(out),
  ].flatMap((one) => one ?? []);
  for (const { kind, own, source, restsOn } of kept) {
    const metric = kind === 'persistent' ? 'zcache.saved.persistent' : 'zcache.capacity.ephemeral';
    out.put(metric, own.holds - own.takes, `${source}, gross`, lineOf(out, restsOn));
  }
  if (out.number('ramster.foreign_pers_pages') !== undefined) {
    const lent = kept.reduce((sum, { foreign }) => sum + (foreign?.takes ?? 0), 0);
    out.put(
      'ramster.lent',
      lent,
      'RAM taken · foreign pages / pages kept, of either kind: a share, as frames are not told apart',
    );
  }
  ratios(out);
  remote(out, targetLost);
  rejects(out);
  return kept;
}

const lineOf = (out: Values, metric: string): number | undefined => out.file(out.source(metric) ?? '')?.line;
/** A gauge may dip below zero, as it is counted without a lock: that is none (docs/domain.md 2). */
const gauge = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.max(0, value));

/** docs/domain.md 5.1 zcache2 */
function zcache2(out: Values, kind: Kept['kind'], prefix: 'eph' | 'pers'): Kept | undefined {
  const frames = gauge(out.number(`zcache.${prefix}_pageframes`));
  // zpages holds the zero-filled pages already (both are counted up at the same place, docs/domain.md 2.5), so they are
  // not added.
  return keptOf(out, kind, `zcache.${prefix}_zpages`, frames && pagesToBytes(pages(frames), out.evidence.pageSize), {
    count: `${prefix}_zpages`,
    takes: `${prefix}_pageframes · ${String(out.evidence.pageSize)}`,
    place: '/sys/kernel/debug/zcache',
  });
}

/** docs/domain.md 5.1 zcache-v1 */
function zcacheV1Ephemeral(out: Values): Kept | undefined {
  const frames = gauge(out.number('zcache.zbud_curr_raw_pages'));
  return keptOf(
    out,
    'ephemeral',
    'zcache.zbud_curr_zpages',
    frames && pagesToBytes(pages(frames), out.evidence.pageSize),
    {
      count: 'zbud_curr_zpages',
      takes: `zbud_curr_raw_pages · ${String(out.evidence.pageSize)}`,
      place: '/sys/kernel/mm/zcache',
    },
  );
}

/**
 * docs/domain.md 5.1 zcache-v1. It counts no bytes for swapped pages: they follow from the size classes, each page at
 * the upper end of its class.
 */
function zcacheV1Persistent(out: Values): Kept | undefined {
  const metric = 'zcache.zv_curr_dist_counts';
  return keptOf(out, 'persistent', `${metric}.pages`, gauge(out.number(`${metric}.bytes`)), {
    count: 'Σ count',
    takes: 'Σ class · 64 · count (rounded up to the class)',
    place: '/sys/kernel/mm/zcache/zv_curr_dist_counts',
  });
}

interface Names {
  readonly count: string;
  readonly takes: string;
  readonly place: string;
}

/** The difference of the two sides, split between this host and others by docs/domain.md 5.1 foreign. */
function keptOf(
  out: Values,
  kind: Kept['kind'],
  metric: string,
  takes: number | undefined,
  { count: name, takes: taken, place }: Names,
): Kept | undefined {
  const count = gauge(out.number(metric));
  if (count === undefined || takes === undefined) return undefined;
  const size = out.evidence.pageSize;
  const foreignName = kind === 'ephemeral' ? 'foreign_eph_pages' : 'foreign_pers_pages';
  const foreign = Math.min(count, gauge(out.number(`ramster.${foreignName}`)) ?? 0);
  const lent = count === 0 ? 0 : Math.round((takes * foreign) / count);
  const holds = (number: number): number => pagesToBytes(pages(number), size);
  const sources =
    foreign === 0
      ? { holds: `${name} · ${String(size)} (${place})`, takes: `${taken} (${place})` }
      : {
          holds: `(${name} − ${foreignName}) · ${String(size)} (${place}, ramster)`,
          takes: `own share of ${taken} (${place}; an estimate, as frames are not told apart)`,
        };
  return {
    kind,
    restsOn: metric,
    source: `${sources.holds} − ${sources.takes}`,
    sources,
    own: { holds: holds(count - foreign), takes: takes - lent },
    foreign: foreign === 0 ? undefined : { holds: holds(foreign), takes: lent },
  };
}

/** docs/domain.md 5.1 density, ratio */
function ratios(out: Values): void {
  for (const prefix of ['eph', 'pers'] as const) {
    const [v2, v1] = [`${prefix}_`, 'zbud_curr_'];
    const first = out.number(`zcache.${v2}zpages`) === undefined && prefix === 'eph' ? v1 : v2;
    const zpages = out.number(`zcache.${first}zpages`);
    if (zpages === undefined || zpages < enoughPages) continue;
    const frameName = first === v1 ? `${first}raw_pages` : `${first}pageframes`;
    const frames = out.number(`zcache.${frameName}`);
    const zbytes = out.number(`zcache.${first}zbytes`);
    if (frames !== undefined && frames > 0) {
      out.put(`zcache.${prefix}_density`, round((100 * zpages) / frames), `${first}zpages / ${frameName}`);
    }
    if (zbytes !== undefined && zbytes > 0) {
      const ratio = (100 * zpages * out.evidence.pageSize) / zbytes;
      out.put(
        `zcache.${prefix}_ratio`,
        round(ratio),
        `${first}zpages · ${String(out.evidence.pageSize)} / ${first}zbytes`,
      );
    }
  }
}

const round = (percent: number): number => Math.round(percent * 10) / 10;

/**
 * docs/domain.md 5.1 away. What this host has away: its own remote_pers_pages drifts (2545 read while the peer kept 0).
 * At rest and without flushes the peer keeps exactly what was sent and not fetched; flushes take more away, but not all
 * of them find a page.
 */
function remote(out: Values, targetLost: boolean): void {
  const sent = out.number('ramster.pers_pages_remoted');
  const fetched = out.number('ramster.remote_pers_pages_succ_get');
  const flushed = out.number('ramster.remote_pages_flushed');
  if (sent === undefined || fetched === undefined || flushed === undefined) return;
  const line = lineOf(out, 'ramster.pers_pages_remoted');
  const atMost = Math.max(0, sent - fetched);
  const away = Math.max(0, sent - fetched - flushed);
  out.put('ramster.away_at_most', atMost, `pers_pages_remoted − remote_pers_pages_succ_get (${ramsterDebug})`, line);
  out.put('ramster.away', away, awaySource, line);
  if (targetLost) return;
  out.put(
    'ramster.saved.remote',
    pagesToBytes(pages(away), out.evidence.pageSize),
    `(${awaySource}) · ${String(out.evidence.pageSize)}`,
    line,
  );
}

export const awaySource =
  'pers_pages_remoted − remote_pers_pages_succ_get − remote_pages_flushed: an estimate, as this host’s counters drift; the target’s foreign_pers_pages is exact';

/** frontswap counts the same refusals since 3.5 (docs/domain.md 2.2), and today's Linux reads them there. */
function rejects(out: Values): void {
  const path = out.source('zcache.failed_pers_puts');
  if (path === undefined || out.file('/sys/kernel/debug/frontswap/failed_stores') !== undefined) return;
  out.put('ramster.rejects', out.number('zcache.failed_pers_puts'), path, out.file(path)?.line);
}

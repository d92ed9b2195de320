/**
 * The address of a view into the history: `/history?s=HOST/GUEST/METRIC/INSTANCE&s=…&last=3600`, or `from=…&to=…`, and
 * what it is compared with. All that is on the page is in it, so that it can be kept as a bookmark. Pure.
 */
import type { LocationQuery, LocationQueryRaw, LocationQueryValue, RouteLocationRaw } from 'vue-router';
import type { EntityKey, HistoryKey } from '#shared/model/history.ts';
import type { TimeSpan } from '../../parts/time-view.ts';

/** As long as ago up to now, and on with the time; or a span that stays. */
export type ViewSpan = { readonly last: number } | TimeSpan;
/** The span before, the same hours a day or a week before, or one that begins at a moment. */
export type Comparison = 'previous' | 'day' | 'week' | { readonly start: number };

export interface HistoryView {
  readonly series: readonly HistoryKey[];
  readonly span: ViewSpan;
  readonly zoom?: TimeSpan | undefined;
  readonly compare?: Comparison | undefined;
  /** Hosts and guests beside each other, not in one chart. */
  readonly apart: boolean;
}

/** The fleet as a whole stands where a host would: it has no id of its own. */
export const fleet: EntityKey = { host: '', guest: '' };
export const isFleet = ({ host }: Pick<EntityKey, 'host'>): boolean => host === '';
export const entityId = ({ host, guest }: EntityKey): string => `${host}\n${guest}`;
export const seriesId = ({ host, guest, metric, instance }: HistoryKey): string =>
  [host, guest, metric, instance].join('\n');
export const isLive = (span: ViewSpan): span is { readonly last: number } => 'last' in span;

/** More could not be told apart, nor read. */
export const mostSeries = 60;
const defaultView: HistoryView = { series: [], span: { last: 3600 }, apart: false };
/** Ten years, as far as a history can reach. */
const longestSeconds = 316_000_000;

export function readView(query: LocationQuery): HistoryView {
  const series = new Map<string, HistoryKey>();
  for (const text of listOf(query['s'])) {
    const key = decodedKey(text);
    if (key !== undefined && series.size < mostSeries) series.set(seriesId(key), key);
  }
  const compare = readComparison(listOf(query['vs'])[0]);
  const zoom = spanOf(...(listOf(query['zoom'])[0] ?? '').split('--'));
  return {
    series: [...series.values()],
    span: readSpan(query),
    apart: listOf(query['apart'])[0] === '1',
    ...(zoom === undefined ? {} : { zoom }),
    ...(compare === undefined ? {} : { compare }),
  };
}

/** Only what differs from a view of nothing: an empty page keeps a clean address. */
export function queryOf({ series, span, zoom, compare, apart }: HistoryView): LocationQueryRaw {
  const shown = isLive(span) ? { last: String(span.last) } : { from: momentText(span.from), to: momentText(span.to) };
  return {
    ...(series.length === 0 ? {} : { s: series.slice(0, mostSeries).map(encodedKey) }),
    ...shown,
    ...(zoom === undefined ? {} : { zoom: `${momentText(zoom.from)}--${momentText(zoom.to)}` }),
    ...(compare === undefined ? {} : { vs: typeof compare === 'string' ? compare : momentText(compare.start) }),
    ...(apart ? { apart: '1' } : {}),
  };
}

/** The way into the history from another page. */
export const historyRoute = (view: Partial<HistoryView>): RouteLocationRaw => ({
  name: 'history',
  query: queryOf({ ...defaultView, ...view }),
});

function readSpan(query: LocationQuery): ViewSpan {
  const fixed = spanOf(listOf(query['from'])[0], listOf(query['to'])[0]);
  if (fixed !== undefined) return fixed;
  const last = Number(listOf(query['last'])[0] ?? NaN);
  return Number.isInteger(last) && last >= 1 && last <= longestSeconds ? { last } : defaultView.span;
}

function readComparison(text: string | undefined): Comparison | undefined {
  if (text === 'previous' || text === 'day' || text === 'week') return text;
  const start = momentOf(text);
  return start === undefined ? undefined : { start };
}

function spanOf(from?: string, to?: string): TimeSpan | undefined {
  const [first, last] = [momentOf(from), momentOf(to)];
  return first !== undefined && last !== undefined && last > first ? { from: first, to: last } : undefined;
}

/** `2026-01-15T12:00:00Z`, to the millisecond where that matters. */
const momentText = (at: number): string => new Date(Math.round(at)).toISOString().replace('.000Z', 'Z');

function momentOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) || at < 0 ? undefined : at;
}

const encodedKey = ({ host, guest, metric, instance }: HistoryKey): string =>
  [host, guest, metric, instance].map(encodeURIComponent).join('/');

/** Undefined for what is no series: an address may be typed by hand. */
function decodedKey(text: string): HistoryKey | undefined {
  const parts = text.split('/');
  if (parts.length !== 4) return undefined;
  try {
    const [host = '', guest = '', metric = '', instance = ''] = parts.map(decodeURIComponent);
    const tooLong = host.length > 200 || metric.length > 200 || guest.length > 1000 || instance.length > 1000;
    return metric === '' || tooLong ? undefined : { host, guest, metric, instance };
  } catch {
    return undefined;
  }
}

const listOf = (value: LocationQueryValue | LocationQueryValue[] | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');

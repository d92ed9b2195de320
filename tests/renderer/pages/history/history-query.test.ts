import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryHistory } from 'vue-router';
import {
  historyRoute,
  mostSeries,
  queryOf,
  readView,
  seriesId,
  type HistoryView,
} from '../../../../renderer/pages/history/history-query.ts';
import { createConsoleRouter } from '../../../../renderer/routes.ts';
import { noon } from '../../../support/host-view.ts';

const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
const span = fc
  .tuple(moment, fc.integer({ min: 1, max: 10 ** 11 }))
  .map(([from, length]) => ({ from, to: from + length }));
const word = fc.string({ unit: 'grapheme', maxLength: 40 });
const view: fc.Arbitrary<HistoryView> = fc.record(
  {
    series: fc.uniqueArray(
      fc.record({ host: word, guest: word, metric: fc.string({ minLength: 1, maxLength: 40 }), instance: word }),
      { selector: seriesId, maxLength: 6 },
    ),
    span: fc.oneof(span, fc.record({ last: fc.integer({ min: 1, max: 316_000_000 }) })),
    apart: fc.boolean(),
    zoom: span,
    compare: fc.oneof(
      fc.constantFrom('previous' as const, 'day' as const, 'week' as const),
      fc.record({ start: moment }),
    ),
  },
  { requiredKeys: ['series', 'span', 'apart'] },
);

describe('the address of a view', () => {
  it('holds all of it: through the router and back it is the same', () => {
    const router = createConsoleRouter(createMemoryHistory());
    fc.assert(
      fc.property(view, (shown) => {
        const { query } = router.resolve(router.resolve(historyRoute(shown)).fullPath);
        expect(readView(query)).toEqual(shown);
      }),
      { numRuns: 200 },
    );
  });
  it('reads like what it says', () => {
    const key = { host: 'h1', guest: 'libvirt:1', metric: 'guest.resident', instance: '' };
    expect(queryOf({ series: [key], span: { from: noon, to: noon + 60_500 }, apart: true, compare: 'week' })).toEqual({
      s: ['h1/libvirt%3A1/guest.resident/'],
      from: '2026-01-15T12:00:00Z',
      to: '2026-01-15T12:01:00.500Z',
      vs: 'week',
      apart: '1',
    });
  });
  it.each([
    [{}],
    [{ last: '0' }],
    [{ last: '1e99' }],
    [{ last: 'x' }],
    [{ from: '2026-01-15T12:00:00Z' }],
    [{ from: '2026-01-15T12:00:00Z', to: '2026-01-15T11:00:00Z' }],
    [{ from: 'yesterday', to: 'now' }],
    [{ from: '2026-13-45T12:00:00Z', to: '2026-01-15T12:00:00Z' }],
    [{ s: ['a/b/c', 'h1//', '%/x/y/z', ''], zoom: 'a--b', vs: 'month' }],
    [{ s: null, zoom: ['2026-01-15T12:00:00Z'] }],
  ])('typed by hand, what makes no sense is left out: %o', (query) => {
    expect(readView(query)).toEqual({ series: [], span: { last: 3600 }, apart: false });
  });
  it('never makes the reader throw, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('s', 'last', 'from', 'to', 'zoom', 'vs', 'apart'), fc.string()),
        (query) => {
          expect(readView(query).series.length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
  it('names each series once, and no more than can be told apart', () => {
    const all = Array.from({ length: 200 }, (_, i) => `h${i}//m/`);
    expect(readView({ s: ['h//m/', 'h//m/', ...all] }).series.length).toBe(mostSeries);
    expect(readView({ s: ['h//m/', 'h//m/'] }).series.length).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import {
  momentsOf,
  spanErrors,
  spanForm,
  spanInQuery,
  spanOf,
  spanQuery,
  spanWords,
  usualSpan,
} from '../../../../renderer/pages/savings/span.ts';
import { findOptions, pickedIds, pickOf, pickWords } from '../../../../renderer/pages/savings/pick.ts';
import { noon } from '../../../support/host-view.ts';

describe('a span', () => {
  it('comes out of its form and its address as it went in', () => {
    for (const span of [{ lastSeconds: 86_400 }, { lastSeconds: 5400 }, { from: noon - 3_600_000, to: noon }]) {
      expect(spanOf(spanForm(span, noon))).toEqual(span);
      expect(spanInQuery(spanQuery(span), usualSpan)).toEqual(span);
    }
  });
  it('is the usual one where the address makes no sense', () => {
    for (const query of [
      {},
      { last: '5' },
      { last: 'x' },
      { from: '9', to: '3' },
      { from: '1' },
      { from: '0', to: '9e99' },
    ])
      expect(spanInQuery(query, usualSpan)).toEqual(usualSpan);
  });
  it('ends now, or where it was said', () => {
    expect(momentsOf({ lastSeconds: 60 }, noon)).toEqual({ from: noon - 60_000, to: noon });
    expect(momentsOf({ from: 1, to: 2 }, noon)).toEqual({ from: 1, to: 2 });
  });
  it('says what is wrong with which end', () => {
    const form = spanForm({ from: noon - 60_000, to: noon }, noon);
    expect(spanErrors(form)).toEqual({});
    expect(spanErrors({ ...form, from: '' })).toHaveProperty('from');
    expect(spanErrors({ ...form, to: 'yesterday' })).toHaveProperty('to');
    expect(spanErrors({ ...form, from: form.to, to: form.from })).toHaveProperty('to');
    expect(spanOf({ ...form, to: '' })).toBeUndefined();
  });
  it('has words', () => {
    expect(spanWords({ lastSeconds: 30 * 86_400 })).toBe('the last 30\u00a0days');
    expect(spanWords({ lastSeconds: 7200 })).toBe('the last 2\u00a0h');
    expect(spanWords({ from: noon, to: noon + 60_000 })).toMatch(/^2026-01-15 \d\d:00 to 2026-01-15 \d\d:01$/);
  });
});

describe('a choice of hosts', () => {
  const options = [
    { id: 'a', name: 'db-1', about: 'berlin' },
    { id: 'b', name: 'web-1' },
  ];
  it('is none for all, and nothing while none of some is ticked', () => {
    expect(pickedIds(pickOf([]))).toEqual([]);
    expect(pickedIds(pickOf(['a']))).toEqual(['a']);
    expect(pickedIds({ all: false, ids: [] })).toBeUndefined();
    expect(pickedIds({ all: true, ids: ['a'] })).toEqual([]);
  });
  it('is found by every word, in the name or what stands beside it', () => {
    expect(findOptions(options, 'BER db').map(({ id }) => id)).toEqual(['a']);
    expect(findOptions(options, ' ')).toHaveLength(2);
  });
  it('has words', () => {
    const words = (ids: string[]) => pickWords(pickOf(ids), options, 'host', 'hosts');
    expect([words([]), words(['a']), words(['gone']), words(['a', 'b'])]).toEqual([
      'All hosts',
      'db-1',
      '1 host',
      '2 hosts',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { earlierSpan, shifted } from '../../../../renderer/pages/history/compare.ts';
import { fieldMoment, fieldText } from '../../../../renderer/format/moment-field.ts';
import {
  endingAt,
  follows,
  moved,
  spanWords,
  typedSpan,
  visibleSpan,
} from '../../../../renderer/pages/history/history-span.ts';

const hour = 3_600_000;
const now = new Date(2026, 0, 15, 12).getTime();
const local = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

describe('the span on the screen', () => {
  it('is what was zoomed to, or the whole', () => {
    expect(visibleSpan({ span: { last: 60 } }, now)).toEqual({ from: now - 60_000, to: now });
    expect(visibleSpan({ span: { last: 60 }, zoom: { from: 1, to: 2 } }, now)).toEqual({ from: 1, to: 2 });
    expect(visibleSpan({ span: { from: 5, to: 9 } }, now)).toEqual({ from: 5, to: 9 });
  });
  it('goes on with the time only where it ends now', () => {
    expect(follows({ span: { last: 60 } }, now)).toBe(true);
    expect(follows({ span: { last: 60 }, zoom: { from: now - 9, to: now - 1 } }, now)).toBe(false);
    expect(follows({ span: { from: 1, to: now } }, now)).toBe(false);
  });
  it('moves by its own length, and beyond now follows the time again', () => {
    const shown = { from: now - 3 * hour, to: now - 2 * hour };
    expect(moved(shown, -1, now)).toEqual({ from: now - 4 * hour, to: now - 3 * hour });
    expect(moved(shown, 1, now)).toEqual({ from: now - 2 * hour, to: now - hour });
    expect(moved({ from: now - hour, to: now - 1000 }, 1, now)).toEqual({ last: 3599 });
    expect(moved({ from: 10, to: 110 }, -1, now)).toEqual({ from: 0, to: 100 });
  });
  it('can end where figures ended, so that the last one is on the screen', () => {
    expect(endingAt({ from: now - hour, to: now }, 5 * hour)).toEqual({ from: 4 * hour + 1000, to: 5 * hour + 1000 });
  });
  it('is said in words', () => {
    expect(spanWords({ from: now - 24 * hour, to: now }, true)).toBe('the last 24\u00a0h');
    expect(spanWords({ from: now, to: now + 90 * 60_000 }, false)).toBe(
      '2026-01-15 12:00 – 13:30 (1\u00a0h\u00a030\u00a0min)',
    );
    expect(spanWords({ from: now - 36 * hour, to: now }, false)).toContain('2026-01-14 00:00 – 2026-01-15 12:00');
  });
});

describe('from and to as typed', () => {
  it('are moments of the local clock', () => {
    expect(fieldText(now)).toBe('2026-01-15T12:00:00');
    expect(fieldMoment(fieldText(now))).toBe(now);
    expect(fieldMoment('2026-01-15T12:00')).toBe(now);
    for (const text of ['', '2026-01-15', 'x', '2026-02-31T99:00', '1960-01-01T00:00:00'])
      expect(fieldMoment(text)).toBeUndefined();
    expect(typedSpan('2026-01-15T10:00', '2026-01-15T11:00', now)).toEqual({
      span: { from: now - 2 * hour, to: now - hour },
    });
  });
  it.each([
    ['', '2026-01-15T11:00', 'from', 'Say a day and a time'],
    ['2026-01-15T10:00', '', 'to', 'Say a day and a time'],
    ['2026-01-15T11:00', '2026-01-15T10:00', 'to', 'after the beginning'],
    ['2026-01-15T11:00', '2026-01-15T11:00', 'to', 'after the beginning'],
    ['2026-01-15T13:00', '2026-01-15T14:00', 'from', 'still to come'],
    ['2026-01-15T11:00', '2026-01-15T14:00', 'to', 'still to come'],
    ['1999-01-15T11:00', '2026-01-15T11:00', 'from', 'ten years'],
  ] as const)('%s to %s says what is wrong', (from, to, field, words) => {
    const typed = typedSpan(from, to, now);
    expect('errors' in typed ? typed.errors[field] : '').toContain(words);
  });
});

describe('an earlier span', () => {
  const shown = { from: local(2026, 0, 15, 9), to: local(2026, 0, 15, 12) };
  it.each([
    ['previous' as const, local(2026, 0, 15, 6), 'one span before'],
    ['day' as const, local(2026, 0, 14, 9), 'a day before'],
    ['week' as const, local(2026, 0, 8, 9), 'a week before'],
    [{ start: local(2025, 11, 24, 18) }, local(2025, 11, 24, 18), 'from 2025-12-24 18:00'],
  ])('of %o begins there and is as long', (comparison, start, words) => {
    const earlier = earlierSpan(comparison, shown);
    expect(earlier?.span).toEqual({ from: start, to: start + 3 * hour });
    expect(earlier?.shiftMs).toBe(shown.from - start);
    expect(earlier?.words).toBe(words);
  });
  it('is none where it would not be earlier', () => {
    expect(earlierSpan({ start: shown.from }, shown)).toBeUndefined();
    expect(earlierSpan({ start: shown.to }, shown)).toBeUndefined();
    expect(earlierSpan('previous', { from: 10, to: 30 })).toBeUndefined();
  });
  it('moves onto the axis of the one shown, gaps and all', () => {
    expect(shifted({ at: [1, 2], values: [5, null], low: [4, null], high: [6, null] }, 100)).toEqual({
      at: [101, 102],
      values: [5, null],
      low: [4, null],
      high: [6, null],
    });
  });
});

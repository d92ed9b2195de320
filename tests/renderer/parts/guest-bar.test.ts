import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costParts, guestBar, guestBarWords, paidRam, type GuestTruths } from '../../../renderer/parts/guest-bar.ts';
import { truthLines } from '../../../renderer/parts/truth-lines.ts';
import { bytes, epochMs } from '#shared/units.ts';
import { gibibytes, said } from '../../support/guest-rows.ts';

const g = (count: number) => said(gibibytes(count));

describe('guest bar', () => {
  it('is as long as the promise', () => {
    const shape = guestBar({
      promised: g(8),
      allowed: g(6),
      uses: g(2),
      pays: { resident: g(3), compressed: g(1), onDisk: g(1) },
    });
    expect(shape).toEqual({
      promised: 1,
      notch: 0.75,
      tick: 0.25,
      over: false,
      segments: [
        { part: 'resident', from: 0, to: 0.375 },
        { part: 'compressed', from: 0.375, to: 0.5 },
        { part: 'onDisk', from: 0.5, to: 0.625 },
      ],
    });
  });

  it('is as long as the larger sum when more is paid than was promised, and says so', () => {
    const truths: GuestTruths = { promised: g(4), pays: { resident: g(4), onDisk: g(4) } };
    const shape = guestBar(truths);
    expect(shape.over).toBe(true);
    expect(shape.promised).toBe(0.5);
    expect(shape.segments.at(-1)?.to).toBe(1);
    expect(guestBarWords(truths)).toContain('more than was promised');
  });

  it('hatches what nobody says, as far as the balloon lets the guest go', () => {
    expect(guestBar({ promised: g(8), allowed: g(4), pays: {} }).unknown).toEqual({ from: 0, to: 0.5 });
    expect(guestBar({ pays: {} })).toEqual({ segments: [], unknown: { from: 0, to: 1 }, over: false });
    expect(guestBar({ promised: g(8), pays: { resident: g(0) } }).unknown).toBeUndefined();
  });

  it('keeps every mark inside and in order, whatever is said', () => {
    const figure = fc.option(
      fc.oneof(fc.double(), fc.maxSafeNat(), fc.constantFrom(NaN, Infinity, -1, 0)).map((size) => ({
        bytes: bytes(size),
        source: 'x',
        at: epochMs(0),
      })),
      { nil: undefined },
    );
    const truths = fc.record({
      promised: figure,
      allowed: figure,
      uses: figure,
      pays: fc.record(Object.fromEntries(costParts.map((part) => [part, figure]))),
    });
    fc.assert(
      fc.property(truths, (any) => {
        const shape = guestBar(any as GuestTruths);
        const { segments, promised = 0, notch = 0, tick = 0, unknown = { from: 0, to: 0 } } = shape;
        for (const place of [promised, notch, tick, unknown.from, unknown.to]) {
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(1);
        }
        let end = 0;
        for (const { from, to } of segments) {
          expect(from).toBe(end);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(1);
          end = to;
        }
        expect(unknown.to).toBeGreaterThanOrEqual(unknown.from);
        expect(guestBarWords(any as GuestTruths)).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts as RAM what is resident and compressed, and nothing when nobody says', () => {
    expect(paidRam({ resident: g(2), compressed: g(1), remote: g(5), onDisk: g(5) })).toBe(gibibytes(3));
    expect(paidRam({ compressed: g(1) })).toBeUndefined();
  });

  it('leaves out parts nobody mentions, never what is resident', () => {
    expect(truthLines({ pays: {} }).map(({ id }) => id)).toEqual(['resident', 'uses', 'allowed', 'promised']);
    expect(truthLines({ pays: { remote: g(1) } }).map(({ id }) => id)).toContain('remote');
  });
});

/** Bytes: whatever is written comes back to the last digit, and damage is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBlocks } from '#core/history/codec/block.ts';
import type { Block } from '#core/history/codec/block.ts';
import { ByteReader, ByteWriter, Damaged } from '#core/history/codec/bytes.ts';
import { readNumbers, writeNumbers } from '#core/history/codec/numbers.ts';
import { decodeChunk, encodeChunk } from '#core/history/codec/raw-chunk.ts';
import { decodeSteps, encodeSteps } from '#core/history/codec/step-chunk.ts';
import type { StepColumn } from '#core/history/codec/steps.ts';
import { partOf } from '#core/history/dictionary.ts';
import type { Shape } from '#core/history/dictionary.ts';
import { advance, encodeTick, freshState, readState, readTick, readValues } from '#core/history/journal-tick.ts';
import { held } from '#core/ports.ts';

const shapeOf = (counters: readonly boolean[], first = 0): Shape => {
  const columns = counters.map((_, index) => first + index);
  return {
    id: first + 1,
    columns,
    counters,
    indexOf: (column) => (columns.includes(column) ? column - first : undefined),
  };
};

const decimal = (digits: number) => (value: number) => Math.round(value * 10 ** digits) / 10 ** digits + 0;
const value = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: 0, max: 2 ** 40 }).map((pages) => pages * 4096),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, 2 ** 53, -(2 ** 53), 2 ** 51, 2 ** 51 - 1, Number.MAX_VALUE, 5e-324),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(decimal(2)),
  fc.double({ min: -9e11, max: 9e11, noNaN: true }).map(decimal(4)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((any) => any + 0),
);
const reading = fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: fc.constantFrom(NaN, held) });
const column = fc.oneof(
  fc.array(reading, { minLength: 1, maxLength: 70 }),
  fc.array(fc.constantFrom(0, 0, 0, 7, held), { minLength: 1, maxLength: 70 }),
  fc.array(fc.constantFrom(NaN, held), { minLength: 1, maxLength: 70 }),
);

describe('numbers', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), (values) => {
        const out = new ByteWriter();
        writeNumbers(out, Float64Array.from(values), values.length);
        expect([...readNumbers(new ByteReader(out.take()), values.length)]).toEqual(values);
      }),
    );
  });

  it('of a usual kind take few bytes', () => {
    const bytesOf = (values: readonly number[]): number => {
      const out = new ByteWriter();
      writeNumbers(out, Float64Array.from(values), values.length);
      return out.take().length;
    };
    const sixty = Array.from({ length: 60 }, (_, index) => index);
    expect(bytesOf(sixty.map(() => 8_123_456_789))).toBeLessThan(12);
    expect(bytesOf(sixty.map((index) => (1_000_000 + ((index * 7) % 13)) * 4096))).toBeLessThan(70);
    expect(bytesOf(sixty.map((index) => (index % 5) / 100))).toBeLessThan(80);
  });

  it('of any size are told in as many bytes as they need', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER })), (values) => {
        const out = new ByteWriter();
        for (const one of values) out.varint(one);
        const bytes = new ByteReader(out.take());
        expect(values.map(() => bytes.varint())).toEqual(values);
      }),
    );
  });
});

/** Moments, readings and what was known before, for some columns. */
const block = fc
  .record({
    columns: fc.array(column, { minLength: 1, maxLength: 5 }),
    counters: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    steps: fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 70, maxLength: 70 }),
    begin: fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 }),
    before: fc.option(fc.integer({ min: 1, max: 1e9 })),
    leads: fc.array(fc.option(fc.integer({ min: 0, max: 1e6 })), { minLength: 5, maxLength: 5 }),
    interval: fc.integer({ min: 1, max: 60_000 }),
  })
  .map(({ columns, counters, steps, begin, before, leads, interval }): Block => {
    const count = Math.min(...columns.map(({ length }) => length));
    let at = begin;
    const times = Float64Array.from({ length: count }, (_, index) => (at += steps[index] ?? 1));
    const prevAt = before === null ? 0 : begin - before;
    return {
      shape: shapeOf(counters.slice(0, columns.length)),
      times,
      intervals: new Float64Array(count).fill(interval),
      prevAt,
      lead: (index) => {
        const lead = leads[index] ?? null;
        return lead === null || prevAt === 0 ? 0 : prevAt - lead;
      },
      column: (index) => Float64Array.from((columns[index] ?? []).slice(0, count)),
    };
  });

const plain = (one: Block) => ({
  times: [...one.times],
  intervals: [...one.intervals],
  prevAt: one.prevAt,
  columns: one.shape.columns.map((_, index) => {
    const values = [...(one.column(index) ?? new Float64Array(one.times.length).fill(NaN))];
    const onlyGaps = values.every(Number.isNaN);
    // Of a column that tells nothing, nothing is kept.
    return { values, lead: one.shape.counters[index] === true && !onlyGaps ? one.lead(index) : 0 };
  }),
});

describe('a chunk of readings', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(block, (one) => {
        expect(plain(decodeChunk(encodeChunk(one), one.shape))).toEqual(plain(one));
      }),
    );
  });

  it('that was changed anywhere is told', () => {
    fc.assert(
      fc.property(block, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, place, change) => {
        const bytes = encodeChunk(one);
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ change;
        expect(() => decodeChunk(bytes, one.shape)).toThrow(Damaged);
      }),
    );
  });

  it('that ends early is told', () => {
    fc.assert(
      fc.property(block, fc.nat(), (one, length) => {
        const bytes = encodeChunk(one);
        expect(() => decodeChunk(bytes.subarray(0, length % bytes.length), one.shape)).toThrow(Damaged);
      }),
    );
  });

  it('joined of two takes a column that one of them lacks as not told', () => {
    const part = (shape: Shape, times: number[], values: number[]): Block => ({
      shape,
      times: Float64Array.from(times),
      intervals: new Float64Array(times.length).fill(5),
      prevAt: (times[0] ?? 0) - 5,
      lead: () => (times[0] ?? 0) - 5,
      column: () => Float64Array.from(values),
    });
    const both: Shape = { id: 9, columns: [0, 7], counters: [true, true], indexOf: (column) => [0, 7].indexOf(column) };
    const joined = joinBlocks([part(shapeOf([true]), [10, 15], [1, 2]), part(shapeOf([true], 7), [20], [3])], both);
    expect(plain(joined).columns.map(({ values }) => values)).toEqual([
      [1, 2, NaN],
      [NaN, NaN, 3],
    ]);
  });
});

describe('a journal row', () => {
  it('comes back as it was, after those before it', () => {
    const ticks = fc.array(
      fc.record({
        values: fc.array(reading, { minLength: 6, maxLength: 6 }),
        passed: fc.integer({ min: 1, max: 1e6 }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(ticks, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (told, counters) => {
        const pieces = [
          { piece: { id: 1, host: 1, guest: '', part: partOf.entity }, shape: shapeOf(counters.slice(0, 4)) },
          { piece: { id: 2, host: 1, guest: '', part: partOf.signals }, shape: shapeOf(counters.slice(4)) },
        ];
        const states = pieces.map(({ piece, shape }) => freshState(piece, shape, 0));
        let at = 1_700_000_000_000;
        const rows = told.map(({ values, passed }, index) => {
          at += passed;
          const parts = [Float64Array.from(values.slice(0, 4)), Float64Array.from(values.slice(4))];
          const row = encodeTick(at, 5000, index === 0, states, parts);
          states.forEach((state, place) => advance(state, at, 5000, parts[place] ?? new Float64Array()));
          return { row, parts };
        });
        let read: ReturnType<typeof readState>[] = [];
        for (const { row, parts } of rows) {
          const head = readTick(row);
          const rest = head.rest();
          const bytes = [rest, head.signals];
          if (head.key)
            read = pieces.map(({ piece, shape }, place) => {
              const state = readState(bytes[place] as ByteReader, piece, shape, row.at);
              expect([...readValues(bytes[place] as ByteReader, state.last)]).toEqual([...(parts[place] ?? [])]);
              return state;
            });
          else
            read.forEach(({ last }, place) =>
              expect([...readValues(bytes[place] as ByteReader, last)]).toEqual([...(parts[place] ?? [])]),
            );
        }
      }),
    );
  });
});

describe('a chunk of steps', () => {
  const step = fc.record({
    ahead: fc.integer({ min: 1, max: 4 }),
    covered: fc.integer({ min: 1, max: 70_000 }),
    own: fc.option(fc.integer({ min: 1, max: 70_000 })),
    gaps: fc.constantFrom(0, 0, 0, 1, 3),
    told: fc.boolean(),
    low: fc.oneof(fc.integer({ min: 0, max: 2 ** 45 }), fc.double({ min: 0, max: 1e5, noNaN: true }).map(decimal(4))),
    mean: fc.integer({ min: 0, max: 50 }),
    high: fc.integer({ min: 0, max: 5 }),
    loose: fc.constantFrom(0, 0, 5),
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const pick = (of: (one: (typeof steps)[number]) => number) => Float64Array.from(steps.map(of));
        let begin = 1_700_000_040_000;
        const covered = pick((one) => one.covered);
        const own = pick((one) => (one.told ? (one.own ?? one.covered) : NaN));
        const low = pick((one) => (one.told ? one.low : NaN));
        const mean = low.map((figure, index) => decimal(4)(figure + (steps[index]?.mean ?? 0)));
        const high = mean.map((figure, index) => decimal(4)(figure + (steps[index]?.high ?? 0)));
        const loose = pick((one) => (one.told ? one.loose : NaN));
        const columns: StepColumn[] = [
          { kind: 'level', mean, low, high, covered: own },
          { kind: 'counter', sum: high, peak: low, loose, covered: own },
        ];
        const shape = shapeOf([false, true]);
        const one = {
          shape,
          stepMs: 60_000,
          intervalMs: 5000,
          begins: pick(({ ahead }) => (begin += ahead * 60_000)),
          covered,
          gaps: pick(({ gaps }) => gaps),
          longest: pick(({ gaps }) => gaps * 1000),
          column: (index: number) => columns[index],
        };
        const back = decodeSteps(encodeSteps(one), shape);
        const told = steps.some((any) => any.told);
        const seen = (figures: Float64Array | undefined) =>
          [...(figures ?? [])].filter((_, index) => steps[index]?.told === true);
        const { stepMs, intervalMs, begins, gaps, longest } = one;
        expect(back).toMatchObject({ stepMs, intervalMs, begins, covered, gaps, longest });
        columns.forEach((wanted, index) => {
          const got = back.column(index);
          if (!told) return expect(got).toBeUndefined();
          for (const [name, figures] of Object.entries(wanted))
            if (name === 'kind') expect(got?.kind).toBe(figures);
            else expect(seen(got?.[name as 'covered'])).toEqual(seen(figures as Float64Array));
          return undefined;
        });
      }),
    );
  });
});

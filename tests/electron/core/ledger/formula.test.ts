/** Formulas: what they accept, what they come to, and that printing the values in gives the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, parseFormula, replaceNames } from '#core/ledger/formula.ts';

const valueOf = (text: string, values: Readonly<Record<string, number>> = {}): number | undefined =>
  evaluate(parseFormula(text), (name) => values[name]);

describe('arithmetic', () => {
  test.each([
    ['1 + 2 × 3', 7],
    ['(1 + 2) × 3', 9],
    ['10 − 4 − 3', 3],
    ['24 ÷ 4 ÷ 2', 3],
    ['2 * 3 - 8 / 4', 4],
    ['−2 × −3', 6],
    ['min(4, 2 + 1, 9) + max(1, 0)', 4],
    ['0.5 × 4', 2],
  ])('%s', (text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  test('names are spelled as the kernel does', () => {
    expect(valueOf('memory.stat.zswapped − Zswap_2', { 'memory.stat.zswapped': 9, Zswap_2: 4 })).toBe(5);
    expect(valueOf('min − max', { min: 9, max: 4 })).toBe(5);
    expect(parseFormula('a + b × a').names).toEqual(['a', 'b']);
  });

  test('what has no value has none', () => {
    expect(valueOf('a − b', { a: 1 })).toBeUndefined();
    expect(valueOf('max(a, 0)')).toBeUndefined();
    expect(valueOf('1 ÷ 0')).toBeUndefined();
    expect(valueOf('1 ÷ (a − a)', { a: 3 })).toBeUndefined();
    expect(valueOf('a × a', { a: 1e200 })).toBeUndefined();
  });

  test.each(['', '1 +', '(1', '1)', 'a b', '2a', 'min()', 'a, b', 'a = b', '“a”'])('“%s” is no formula', (text) => {
    expect(() => parseFormula(text)).toThrow('is no formula');
  });
});

/** Formulas over three names. */
const formula: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('a', 'b', 'pages.kept'),
    fc.nat({ max: 5000 }).map(String),
    fc
      .tuple(tie('node'), fc.constantFrom('+', '−', '×', '÷', '-', '*', '/'), tie('node'))
      .map(([left, sign, right]) => `${left} ${sign} ${right}`),
    tie('node').map((inner) => `(${inner})`),
    fc
      .tuple(fc.constantFrom('min', 'max'), tie('node'), tie('node'))
      .map(([name, one, other]) => `${name}(${one}, ${other})`),
  ),
})).node;

const amount = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }));
const printed = (value: number): string => (value < 0 ? `(−${String(-value)})` : String(value));

test('printing the terms in and doing the sum gives the value', () => {
  fc.assert(
    fc.property(formula, amount, amount, amount, (text, a, b, kept) => {
      const values: Readonly<Record<string, number>> = { a, b, 'pages.kept': kept };
      const parsed = parseFormula(text);
      const value = evaluate(parsed, (name) => values[name]);
      const again = valueOf(replaceNames(parsed, (name) => printed(values[name] ?? 0)));
      // 0 and −0 are the same amount.
      expect(again === undefined ? again : again + 0).toBe(value === undefined ? value : value + 0);
    }),
    { numRuns: 300 },
  );
});

test('names are replaced, functions are not', () => {
  expect(replaceNames(parseFormula('min(a, min) + a.b'), (name) => `${name}_2`)).toBe('min(a_2, min_2) + a.b_2');
});

test('no text makes it do anything but parse or say that it is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      try {
        parseFormula(text);
      } catch (error) {
        expect(String(error)).toContain('is no formula');
      }
    }),
  );
});

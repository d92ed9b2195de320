import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KnobRange } from '#shared/model/knob.ts';
import { checkValue, limitShape } from '#core/platforms/planning/check-value.ts';

const number: KnobRange = { kind: 'number', min: 1, max: 100, unit: 'MiB' };
const limit: KnobRange = { kind: 'text', shape: limitShape('MiB') };
const choice: KnobRange = { kind: 'choice', choices: ['lzo', 'zstd'] };
const onOff: KnobRange = { kind: 'switch' };

describe('a value that cannot be', () => {
  test.each([
    [number, '', 'Size is empty. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '  ', 'Size is empty. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '-5', 'Size cannot be negative. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '−5', 'Size cannot be negative. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '4G', 'Size cannot be “4G”. It is counted in MiB: write digits only.'],
    [number, '4 GiB', 'Size cannot be “4 GiB”. It is counted in MiB: write digits only.'],
    [number, '20%', 'Size cannot be “20%”. It is counted in MiB: write digits only.'],
    [number, '0', 'Size cannot be below 1 MiB. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '101', 'Size cannot be above 100 MiB. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '9'.repeat(400), 'Size cannot be above 100 MiB. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '1.5', 'Size cannot be “1.5”. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '0x10', 'Size cannot be “0x10”. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '010', 'Size cannot be “010”. Give a whole number from 1 to 100 MiB, digits only.'],
    [number, '$(reboot)', 'Size cannot be “$(reboot)”. Give a whole number from 1 to 100 MiB, digits only.'],
    [limit, '1G', 'Size cannot be “1G”. It is counted in MiB: write digits only.'],
    [limit, 'MAX', 'Size cannot be “MAX”. Give a whole number of MiB, or “max” for none.'],
    [limit, '-1', 'Size cannot be negative. Give a whole number of MiB, or “max” for none.'],
    [choice, 'lz4; rm -rf /', 'Size cannot be “lz4; rm -rf /”. Choose one of lzo, zstd.'],
    [onOff, 'Y', 'Size cannot be “Y”. Choose on or off.'],
  ])('%o refuses %o', (range, text, sentence) => {
    expect(checkValue(range, text, 'Size')).toBe(sentence);
  });

  test('text that would change the sentence is never in it', () => {
    for (const text of ['a\nb', '\u202Eevil', '\0', 'x'.repeat(5000)]) {
      const sentence = checkValue(choice, text, 'Size') ?? '';
      expect(sentence).toMatch(/^Size holds a line break, a control character or too much text\./);
    }
  });
});

test('what is accepted is a number of the range, whoever types', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (text) => {
      if (checkValue(number, text, 'Size') !== undefined) return;
      expect(text).toMatch(/^[1-9][0-9]*$/);
      expect(Number(text)).toBeLessThanOrEqual(100);
    }),
  );
});

test('what is in range is accepted', () => {
  for (const text of ['1', '100']) expect(checkValue(number, text, 'Size')).toBeUndefined();
  for (const text of ['0', '512', 'max']) expect(checkValue(limit, text, 'Size')).toBeUndefined();
  expect(checkValue(choice, 'zstd', 'Size')).toBeUndefined();
  expect(checkValue(onOff, 'off', 'Size')).toBeUndefined();
});

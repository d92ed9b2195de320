/** Any text is one safe word in a request, and comes back as it was. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from '#core/platforms/change-text.ts';

const text = fc.string({ unit: 'binary', maxLength: 80 }).filter((drawn) => !drawn.includes('\0'));

describe('encodeText', () => {
  it.each([
    ['/dev', '+057dev'],
    ['', '+'],
    ['-', '-'],
    ['Y', 'Y'],
    ['a+b', 'a+053b'],
    ['machine-qemu\\x2d1.scope', 'machine-qemu+134x2d1.scope'],
    ['ü\n', '+303+274+012'],
    ['\uD800', '+357+277+275'],
  ])('%j is %s', (plain, word) => expect(encodeText(plain)).toBe(word));

  it('is one word of a request, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (drawn) => /^[A-Za-z0-9._+-]+$/.test(encodeText(drawn))));
  });

  it('is what a shell turns back into the same bytes', () => {
    const drawn = fc.sample(text, { numRuns: 60, seed: 4 });
    const words = drawn.map((one) => encodeText(one).replaceAll('+', '\\0').replace(/^\\0$/, ''));
    const said = execFileSync('/bin/sh', ['-c', `for word; do printf '%b.' "$word"; done`, 'sh', ...words]);
    expect(said.toString('utf8')).toBe(drawn.map((one) => `${one}.`).join(''));
  });
});

describe('decodeText', () => {
  it('brings back what was encoded', () => {
    fc.assert(fc.property(text, (drawn) => decodeText(encodeText(drawn)) === drawn));
  });

  it.each(['', '++', '+0', '+05', '+400', '+089', 'a b', '/dev', 'a+', '+000', '+101', '+055x', 'a%41', 'ü'])(
    'refuses %j',
    (word) => expect(decodeText(word)).toBeUndefined(),
  );

  it('never throws, and reads what is no UTF-8 as the console reads it elsewhere', () => {
    expect(decodeText('a+377b+057+303')).toBe('a\uFFFDb/\uFFFD');
    const octal = fc.integer({ min: 0, max: 511 }).map((value) => `+${value.toString(8).padStart(3, '0')}`);
    const words = fc.array(fc.oneof(octal, fc.string({ maxLength: 3 }))).map((parts) => parts.join(''));
    fc.assert(fc.property(words, (word) => ['string', 'undefined'].includes(typeof decodeText(word))));
  });
});

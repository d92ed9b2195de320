import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesList, matchesPattern } from '#core/hosts/host-pattern.ts';

const cases: readonly [string, string, boolean][] = [
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['**', 'abc', true],
  ['?', '', false],
  ['a*c', 'abbc', true],
  ['a*c', 'abb', false],
  ['*a?b*', 'xxaybzz', true],
  ['a.c', 'abc', false],
  ['[a]', 'a', false],
];
it.each(cases)('%j against %j: %s', (pattern, text, fits) => {
  expect(matchesPattern(pattern, text)).toBe(fits);
});

it('agrees with a regular expression of the same meaning', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((all) => all.join(''));
  const texts = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(letters, texts, (pattern, text) => {
      const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesPattern(pattern, text)).toBe(same.test(text));
    }),
  );
});

it('takes time in proportion to a pattern that is made to be slow', () => {
  const started = performance.now();
  expect(matchesPattern(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});

it('lets a negated pattern win wherever it stands', () => {
  expect(matchesList(['*', '!b'], 'b')).toBe(false);
  expect(matchesList(['!b', '*'], 'a')).toBe(true);
  expect(matchesList(['!b'], 'a')).toBe(false);
});

import fc from 'fast-check';
import { createMemoryHistory } from 'vue-router';
import { describe, expect, it } from 'vitest';
import type { WishTarget } from '#shared/model/wish.ts';
import { changeRoute, readChange, targetId, targetOf } from '../../../../renderer/pages/change/change-route.ts';
import { createConsoleRouter } from '../../../../renderer/routes.ts';

const word = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => !text.includes('\n') && !/\p{Surrogate}/u.test(text));
const target: fc.Arbitrary<WishTarget> = fc
  .record({ host: word, guest: fc.option(word, { nil: undefined }) })
  .map(({ host, guest }) => (guest === undefined ? { host } : { host, guest }));

describe('the address of a wizard', () => {
  it('gives back whatever targets it was made of', () => {
    const router = createConsoleRouter(createMemoryHistory());
    fc.assert(
      fc.property(fc.uniqueArray(target, { selector: targetId, maxLength: 8 }), (targets) => {
        const { fullPath } = router.resolve(changeRoute('pool', { targets }));
        expect(readChange(router.resolve(fullPath).query).targets).toEqual(targets);
      }),
    );
  });
  it('takes a target as one word and back', () => {
    fc.assert(fc.property(target, (one) => void expect(targetOf(targetId(one))).toEqual(one)));
  });
  it('leaves out what is no target, and says the same one once', () => {
    expect(
      readChange({ t: ['h1', 'h1', 'h1/a', '', '/a', 'h1/', 'h1/a/b', '%E0%A4%A', null], wish: 'w', find: '' }),
    ).toEqual({
      targets: [{ host: 'h1' }, { host: 'h1', guest: 'a' }],
      wish: 'w',
    });
  });
});

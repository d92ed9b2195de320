/** mainline.compress: zswap on a host. */
import { byHost } from '../../planning/targets.ts';
import type { Found } from '../../planning/targets.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { Look } from './look.ts';
import { zswapFindings } from './zswap-found.ts';
import { zswapFields, zswapProblems, zswapSteps, zswapWill } from './zswap.ts';

export const looksOf = (found: readonly Found[]): readonly Look[] => byHost(found).map(({ site }) => new Look(site));

export const compress: WishKind = {
  def: {
    id: 'mainline.compress',
    wizard: 'compress',
    title: 'Compress swapped pages with zswap',
    about:
      'Pages on their way to the swap device are kept compressed in RAM first. For hosts that have a swap device and swap now and then.',
    of: 'host',
  },
  fits: (found) => {
    const looks = looksOf(found);
    const able = looks.filter((look) => look.hasZswap);
    if (able.length === 0) return { fits: false, because: 'No kernel of these hosts has zswap.', rank: 0 };
    const bare = able.every((look) => look.withoutSwap === true);
    return bare
      ? { fits: true, because: 'These kernels have zswap, but there is no swap device yet.', rank: 40 }
      : { fits: true, because: 'These kernels have zswap, and there is swap to compress.', rank: 80 };
  },
  form: (found) => {
    const looks = looksOf(found);
    return {
      fields: zswapFields(looks.filter((look) => look.hasZswap)),
      findings: looks.flatMap((look) => [...zswapFindings(look)]),
    };
  },
  plan: (found, values) => {
    const looks = looksOf(found).filter((look) => look.hasZswap);
    return {
      steps: looks.flatMap((look) => [...zswapSteps(look, values)]),
      fields: looks.flatMap((look) => [...zswapProblems(look, values)]),
      will: looks.flatMap((look) => [...zswapWill(look, values)]),
    };
  },
};

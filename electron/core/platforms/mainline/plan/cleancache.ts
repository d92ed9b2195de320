/** mainline.cleancache: what a guest's kernel has of cleancache, said honestly. Of itself it keeps nothing. */
import type { Finding } from '#shared/model/wish.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { insideOf } from './inside.ts';
import type { Look } from './look.ts';

const hasBelow = (look: Look, ...places: readonly string[]): boolean =>
  [...look.site.evidence.files.keys()].some((path) => places.some((place) => path.startsWith(place)));
const hasCleancache = (look: Look): boolean =>
  hasBelow(look, '/sys/kernel/debug/cleancache/', '/sys/kernel/mm/cleancache/');
const hasBackend = (look: Look): boolean =>
  hasBelow(look, '/sys/kernel/debug/zcache/', '/sys/kernel/mm/zcache/', '/sys/module/tmem/parameters/');

export const cleancache: WishKind = {
  def: {
    id: 'mainline.cleancache',
    wizard: 'cleancache',
    title: 'Find out what cleancache keeps',
    about:
      'cleancache offers clean file pages to a backend before they are dropped. Kernels from 3.0 to 5.16 have it; without a backend it keeps nothing.',
    of: 'guest',
  },
  fits: (found, sites) => {
    const { inside, findings } = insideOf(found, sites);
    const there = inside.filter(({ look }) => hasCleancache(look));
    if (there.some(({ look }) => hasBackend(look))) {
      return { fits: true, because: 'The guest’s kernel has cleancache, and a backend for it.', rank: 20 };
    }
    const because =
      there.length > 0
        ? noBackend
        : inside.length > 0
          ? 'The guest’s kernel has no cleancache: it was removed in 5.17, and nothing in current kernels compresses file pages.'
          : (findings[0]?.sentence ?? 'No guest is selected.');
    return { fits: false, because, rank: 0 };
  },
  form: (found, sites) => {
    const { inside, findings } = insideOf(found, sites);
    return { fields: [], findings: [...findings, ...inside.map(({ look }) => said(look))] };
  },
  plan: () => ({}),
};

const noBackend =
  'The guest’s kernel has cleancache but no backend: its pages are counted as put and are dropped all the same.';

function said(look: Look): Finding {
  if (!hasCleancache(look)) {
    return look.finding(
      'missing',
      `The kernel of ${look.site.name} has no cleancache: it was removed in 5.17, and nothing in current kernels compresses file pages.`,
      'Give the guest more memory for its cache, or let KSM merge what several guests cache alike.',
    );
  }
  return hasBackend(look)
    ? look.finding(
        'ok',
        `${look.site.name} has cleancache and a backend for it, which takes pages of file systems mounted since.`,
      )
    : look.finding(
        'missing',
        `The kernel of ${look.site.name} has cleancache but no backend: its pages are counted as put and are dropped all the same.`,
        'Under Xen boot the guest with “tmem” on its command line; a kernel 3.x with zcache is booted with “zcache”.',
      );
}

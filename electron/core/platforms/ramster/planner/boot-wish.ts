/** frontswap and cleancache through zcache: words on the kernel's command line, as zcache has no switch while it runs. */
import type { ManualStep } from '#shared/model/plan.ts';
import type { Finding } from '#shared/model/wish.ts';
import { bootLines } from '../../planning/boot-lines.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { finding } from './findings.ts';
import { viewsOf } from './view.ts';
import type { View } from './view.ts';

interface Use {
  readonly id: 'frontswap' | 'cleancache';
  readonly title: string;
  readonly about: string;
  readonly off: (view: View) => boolean;
}

const hasZcache = ({ state: { there, asked } }: View): boolean =>
  there.zcacheDebug || there.zcacheSysfs || asked.zcache === true;

/** Words to put on the command line and to take off it; undefined when it is as it should be. */
function wanted(view: View, use: Use) {
  const words = (view.site.evidence.files.get('/proc/cmdline')?.text ?? '').split(/\s+/);
  const refused = view.state.compressorFailed ? words.filter((word) => word.startsWith('zcache=')) : [];
  const remove = [...refused, ...(use.off(view) ? [`no${use.id}`] : [])];
  const add = view.state.running === true ? [] : ['zcache'];
  return add.length + remove.length === 0 ? undefined : { add, remove };
}

function bootWish(use: Use): WishKind {
  return {
    def: { id: `ramster.${use.id}`, wizard: use.id, title: use.title, about: use.about, of: 'host' },
    fits: (found) => {
      const able = viewsOf(found).filter(hasZcache);
      return able.length === 0
        ? { fits: false, because: 'None of these hosts has zcache in its kernel (Linux 2.6.39 to 3.11).', rank: 0 }
        : { fits: true, because: `${able.map(({ name }) => name).join(', ')} can do it with zcache.`, rank: 70 };
    },
    form: (found) => ({ fields: [], findings: viewsOf(found).flatMap((view) => findings(view, use)) }),
    plan: (found) => {
      const manual = viewsOf(found).flatMap((view) => manualStep(view, use));
      return {
        manual,
        will: manual.map(
          ({ lines }) => `After the reboot ${use.id} keeps pages compressed in RAM (${lines[0] ?? ''}).`,
        ),
      };
    },
  };
}

function findings(view: View, use: Use): readonly Finding[] {
  if (!hasZcache(view)) {
    return [
      finding(
        view,
        'missing',
        `${view.name} has no zcache in its kernel: it was in Linux 2.6.39 to 3.11.`,
        use.id === 'frontswap' ? 'Use zswap there.' : 'Today’s Linux has nothing that keeps clean pages compressed.',
      ),
    ];
  }
  const found: Finding[] = [];
  if (wanted(view, use) === undefined)
    found.push(finding(view, 'ok', `zcache runs on ${view.name} and ${use.id} uses it.`));
  if (use.id === 'frontswap' && view.swaps.length === 0) {
    found.push(
      finding(
        view,
        'missing',
        `${view.name} has no swap device: frontswap keeps pages on their way to one, and what fits on it is the most it keeps.`,
        'mkswap DEVICE; swapon DEVICE; and a line for it in /etc/fstab.',
      ),
    );
  }
  return found;
}

function manualStep(view: View, use: Use): readonly ManualStep[] {
  const words = hasZcache(view) ? wanted(view, use) : undefined;
  if (words === undefined) return [];
  const { lines, undoLines } = bootLines(view.site.evidence, words);
  return [
    {
      host: view.host,
      title: `Boot ${view.name} with ${use.id} on zcache`,
      because: 'Nothing switches it while the kernel runs: it is decided on the kernel’s command line.',
      lines,
      undoLines,
      needs: 'reboot',
    },
  ];
}

export const bootWishes: readonly WishKind[] = [
  bootWish({
    id: 'frontswap',
    title: 'Keep swapped pages with zcache',
    about:
      'Pages on their way to swap are kept compressed in RAM. For hosts of Linux 2.6.39 to 3.11, whose kernel has zcache; it takes a reboot.',
    off: ({ state }) => state.nofrontswap,
  }),
  bootWish({
    id: 'cleancache',
    title: 'Keep clean pages with zcache',
    about:
      'Clean pages of files are kept compressed in RAM after they were evicted. For hosts of Linux 2.6.39 to 3.11, whose kernel has zcache; it takes a reboot.',
    off: ({ state }) => state.nocleancache,
  }),
];

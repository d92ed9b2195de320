/** The guest's own side: whether its kernel speaks to tmem, and the words it has to be booted with. */
import type { ManualStep } from '#shared/model/plan.ts';
import type { Finding } from '#shared/model/wish.ts';
import { parseSwaps } from '../../kernel/swaps.ts';
import { parseFlag } from '../../kernel/single.ts';
import { bootLines } from '../../planning/boot-lines.ts';
import type { Site } from '../../change.ts';
import { balloonDirectory, parameterDirectory } from '../catalogue/inside.ts';
import type { Pool } from '../pools.ts';
import { finding } from './view.ts';
import type { GuestView } from './view.ts';

type Use = 'frontswap' | 'cleancache';
const poolKind = { frontswap: 'P', cleancache: 'E' } as const;

/** The guest has such a pool, so its kernel offers pages. */
export const uses = ({ pools }: GuestView, use: Use): boolean =>
  pools.some(({ type }: Pool) => type.startsWith(poolKind[use]));

/** As the driver in the guest says; undefined where the guest is not connected or has no driver. */
function driver({ inside }: GuestView, use: Use): boolean | undefined {
  const file = inside?.evidence.files.get(`${parameterDirectory}/${use}`);
  const value = file && parseFlag(file, []);
  return value === undefined ? undefined : value === 1;
}

export const selfBallooning = ({ inside }: GuestView): boolean | undefined => {
  const file = inside?.evidence.files.get(`${balloonDirectory}/selfballoon/selfballooning`);
  return file && file.text.trim() !== '0';
};

export function insideFindings(view: GuestView, use: Use): readonly Finding[] {
  const { known, inside } = view;
  const found: Finding[] = [];
  if (uses(view, use) || driver(view, use) === true) found.push(finding(view, 'ok', `${known.name} uses ${use}.`));
  else if (inside === undefined) {
    found.push(
      finding(
        view,
        'note',
        `${known.name} has no ${use} pool and is not connected to the console itself: its kernel’s side is shown as lines to run in it.`,
      ),
    );
  }
  if (inside !== undefined && use === 'frontswap' && !hasSwap(inside)) {
    found.push(
      finding(
        view,
        'missing',
        `${known.name} has no swap device: frontswap keeps pages on their way to one, and what fits on it is the most it keeps.`,
        'In the guest: mkswap DEVICE; swapon DEVICE; and a line for it in /etc/fstab.',
      ),
    );
  }
  return found;
}

function hasSwap({ evidence }: Site): boolean {
  const file = evidence.files.get('/proc/swaps');
  return file === undefined || parseSwaps(file, []).some(({ deleted }) => !deleted);
}

/** Nothing where the guest does it already. */
export function bootSteps(view: GuestView, use: Use): readonly ManualStep[] {
  if (uses(view, use) || driver(view, use) === true) return [];
  const { inside, known, site } = view;
  const evidence = inside?.evidence ?? site.evidence;
  const words = (inside?.evidence.files.get('/proc/cmdline')?.text ?? '').split(/\s+/);
  const off = [`no${use}`, `tmem.${use}=0`].filter((word) => words.includes(word));
  const { lines, undoLines } = bootLines(evidence, {
    add: words.includes('tmem') ? [] : ['tmem'],
    remove: off,
  });
  return [
    {
      host: inside?.host ?? site.host,
      title: `Boot ${known.name} with ${use} offered to Xen`,
      because: `Its kernel offers no pages to the hypervisor: the driver is switched on by the word tmem on its command line (Linux 3.0 to 5.2, CONFIG_XEN_TMEM).`,
      lines: [...(inside === undefined ? [`# in ${known.name}, as root`] : []), ...lines],
      undoLines,
      needs: 'guest-restart',
    },
  ];
}

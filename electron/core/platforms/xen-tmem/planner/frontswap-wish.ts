/** "Enable frontswap": open the door in the hypervisor, compress, and let the guest use it. */
import type { PlannedStep } from '../../change.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { asked, compressField, limitFor, roomField, roomOf, selfBalloonField } from './fields.ts';
import { bootSteps, insideFindings, selfBallooning } from './inside.ts';
import { clientStep, insideStep, memMaxStep } from './steps.ts';
import { finding, fitsXen, guestsOf, nameFindings, tmemFindings } from './view.ts';
import type { GuestView } from './view.ts';

const usualRoom = 50;

export const frontswapWish: WishKind = {
  def: {
    id: 'xen-tmem.frontswap',
    wizard: 'frontswap',
    title: 'Keep swapped pages in Xen',
    about:
      'Pages on their way to the guest’s swap disk stay in the host’s RAM as persistent tmem pages. For paravirtual guests on Xen 4.0 to 4.12.',
    of: 'guest',
  },
  fits: (found, sites) => fitsXen(guestsOf(found, sites).guests, 'frontswap'),
  form: (found, sites) => {
    const { guests, findings } = guestsOf(found, sites);
    if (guests.length === 0) return { fields: [], findings };
    return {
      fields: [
        roomField(
          guests,
          1,
          Math.max(usualRoom, ...guests.map((view) => roomOf(view) ?? 0)),
          'Half of the target holds what a busy guest swaps out, and is not reserved: other guests use it until then.',
        ),
        ...compressField(guests, 'on', 'Swapped pages shrink to about half; a guest is still charged for whole ones.'),
        ...selfBalloonField(guests, 'on'),
      ],
      findings: [
        ...findings,
        ...guests.flatMap((view) => [
          ...nameFindings(view),
          ...tmemFindings(view),
          ...insideFindings(view, 'frontswap'),
          ...door(view),
        ]),
      ],
    };
  },
  plan: (found, values, sites) => {
    const { guests } = guestsOf(found, sites);
    const room = Number(values('room_percent'));
    return {
      steps: guests.flatMap((view) => stepsOf(view, room, (field) => values(field))),
      manual: guests.flatMap((view) => bootSteps(view, 'frontswap')),
      will: guests.flatMap((view) =>
        view.target === undefined
          ? []
          : [
              `${view.known.name}: up to ${String(limitFor(view.target, room) - view.target)} MiB of swapped pages in RAM above its ${String(view.target)} MiB.`,
            ],
      ),
    };
  },
};

function door(view: GuestView) {
  const { known, target, limit, promised } = view;
  if (target === undefined || limit === undefined) {
    return [
      finding(
        view,
        'missing',
        `The target or the limit of ${known.name} was not read: xl list -l and xentop tell them.`,
        'Install the whole of the Xen tools on this host.',
      ),
    ];
  }
  const figures = `target ${String(target)} MiB, limit ${String(limit)} MiB, maxmem ${promised === undefined ? 'unknown' : `${String(promised)} MiB`}`;
  return [
    limit <= target
      ? finding(
          view,
          'note',
          `No room for swap pages of ${known.name} (${figures}): creating a guest and xl mem-set set the limit to the target.`,
        )
      : finding(view, 'ok', `${known.name} has ${String(limit - target)} MiB of room for swap pages (${figures}).`),
  ];
}

function stepsOf(view: GuestView, room: number, values: (field: string) => string): readonly PlannedStep[] {
  const { target, limit, known } = view;
  if (target === undefined || limit === undefined) return [];
  const wanted = limitFor(target, room);
  return [
    // A door that stands wider open is left so.
    ...(limit >= wanted
      ? []
      : memMaxStep(view, wanted, {
          title: `Limit of ${known.name}`,
          because: 'Persistent pages are charged to the guest: above its target there has to be room for them.',
          stage: 0,
          risk: 'low',
          riskWords:
            'The room is not reserved: when the whole host is out of memory puts fail all the same. The next xl mem-set closes it again.',
          undoWords: 'Pages that are kept by then stay until the guest drops them.',
        })),
    ...(values('compress') === ''
      ? []
      : clientStep(view, 'xen.tmem.compress', asked(values, 'compress'), {
          title: `Compress tmem pages of ${known.name}`,
          because: 'Less of the host’s RAM for the same pages.',
          stage: 0,
          riskWords: 'It costs processor time in the hypervisor with every put and get.',
          undoWords: 'Pages that were compressed meanwhile stay so.',
        })),
    ...(values('selfballooning') === '' || selfBallooning(view) === undefined
      ? []
      : ballooning(view, asked(values, 'selfballooning'))),
  ];
}

export function ballooning(view: GuestView, to: '0' | '1'): readonly PlannedStep[] {
  const words = {
    because:
      to === '1'
        ? 'The guest gives away what it does not need, and leaves room for its swap pages.'
        : 'The guest keeps to the target that it was given.',
    stage: 1,
    risk: 'medium' as const,
    riskWords:
      to === '1'
        ? 'An idle guest gives memory away within seconds; what comes back must be swapped in. The host’s target does not move with it.'
        : '',
  };
  return [
    ...insideStep(view, 'selfballooning', to, { ...words, title: `Self-ballooning of ${view.known.name}` }),
    ...insideStep(view, 'frontswap_selfshrinking', to, {
      ...words,
      title: `Self-shrinking of ${view.known.name}`,
      because:
        to === '1'
          ? 'While nothing presses, swapped pages are fetched back, so that the guest is charged for less.'
          : 'It goes with self-ballooning.',
    }),
  ];
}

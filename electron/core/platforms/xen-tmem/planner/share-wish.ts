/** "Set a guest's share": weight, compress, freeze, cap; each with what it does not do. */
import type { WishField } from '#shared/model/wish.ts';
import type { PlannedStep } from '../../change.ts';
import { agreed } from '../../planning/targets.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { asked, compressField, onOff } from './fields.ts';
import { clientStep } from './steps.ts';
import { clientFindings, clientNumber, finding, fitsXen, guestsOf, nameFindings, tmemFindings } from './view.ts';
import type { GuestView } from './view.ts';

const noShares =
  'A higher weight does not give more cache: on a full host with weights 90 and 10 the guest with 90 fell to 9 % of the pages, and turning them round changed nothing any more.';

export const shareWish: WishKind = {
  def: {
    id: 'xen-tmem.share',
    wizard: 'pool',
    title: 'Set a share of tmem',
    about:
      'Weight, compression and freezing of one guest’s pools. For guests that use tmem; read what each of them does not do.',
    of: 'guest',
  },
  fits: (found, sites) => {
    const { guests } = guestsOf(found, sites);
    const fit = fitsXen(guests, 'that');
    return guests.some(({ known }) => known.client !== undefined) || !fit.fits
      ? fit
      : { fits: false, because: 'None of these guests has used tmem yet.', rank: 0 };
  },
  form: (found, sites) => {
    const { guests, findings } = guestsOf(found, sites);
    return {
      fields: guests.length === 0 ? [] : fieldsOf(guests),
      findings: [
        ...findings,
        ...guests.flatMap((view) => [...nameFindings(view), ...tmemFindings(view), ...clientFindings(view)]),
        ...guests.slice(0, 1).map((view) => finding(view, 'note', noShares)),
        ...guests.slice(0, 1).flatMap((view) => (hasCap(view) ? [finding(view, 'note', noCap)] : [])),
      ],
    };
  },
  plan: (found, values, sites) => {
    const { guests } = guestsOf(found, sites);
    return {
      steps: guests.flatMap((view) => stepsOf(view, (field) => values(field))),
      will:
        values('frozen') === 'on'
          ? ['Frozen guests put no new page: what they have only leaves, and their swapping moves to their disks.']
          : [],
    };
  },
};

const noCap = 'The cap is stored and shown, and enforced nowhere: a guest with cap 100 went on to 31 719 pages.';
const hasCap = (view: GuestView): boolean => clientNumber(view, 'ca') !== undefined;

function fieldsOf(guests: readonly GuestView[]): readonly WishField[] {
  const now = (key: string): number | undefined => agreed(guests.map((view) => clientNumber(view, key)));
  const number = (id: string, key: string, title: string, help: string): WishField => {
    const current = now(key);
    return {
      id,
      title,
      help,
      range: { kind: 'number', min: 0, max: 2_147_483_647, unit: '' },
      value: String(Math.max(0, current ?? 0)),
      because: current === undefined ? '0 leaves a guest out of the division.' : 'Left as it is.',
      ...(current === undefined ? {} : { current: String(current) }),
    };
  };
  const compress = onOff(now('co')) ?? 'off';
  const frozen = onOff(now('fr'));
  return [
    number('weight', 'ww', 'Weight', `Meant to divide ephemeral memory when the host is full. ${noShares}`),
    ...(guests.every(hasCap) ? [number('cap', 'ca', 'Cap', noCap)] : []),
    ...compressField(guests, compress, 'Left as it is.'),
    {
      id: 'frozen',
      title: 'Frozen',
      help: 'New pages are refused, ephemeral and persistent; gets and flushes go on, so a frozen guest’s pages only leave.',
      range: { kind: 'switch' },
      value: frozen ?? 'off',
      because: frozen === undefined ? 'A frozen guest swaps to its disk.' : 'Left as it is.',
      ...(frozen === undefined ? {} : { current: frozen }),
    },
  ];
}

function stepsOf(view: GuestView, values: (field: string) => string): readonly PlannedStep[] {
  const { name } = view.known;
  const unless = (field: string, steps: () => readonly PlannedStep[]) => (values(field) === '' ? [] : steps());
  const stage = 0;
  return [
    ...unless('weight', () =>
      clientStep(view, 'xen.tmem.weight', values('weight'), {
        title: `Weight of ${name}`,
        because: 'It was asked for.',
        stage,
        riskWords: noShares,
      }),
    ),
    ...unless('cap', () =>
      clientStep(view, 'xen.tmem.cap', values('cap'), {
        title: `Cap of ${name}`,
        because: 'It was asked for.',
        stage,
        riskWords: noCap,
      }),
    ),
    ...unless('compress', () =>
      clientStep(view, 'xen.tmem.compress', asked(values, 'compress'), {
        title: `Compress tmem pages of ${name}`,
        because: 'It was asked for.',
        stage,
        riskWords: 'Pages that are there stay as they are, in both directions.',
      }),
    ),
    ...unless('frozen', () =>
      clientStep(view, 'xen.tmem.frozen', asked(values, 'frozen'), {
        title: `Frozen: ${name}`,
        because: 'It was asked for.',
        stage,
        risk: values('frozen') === 'on' ? 'medium' : 'low',
        riskWords:
          values('frozen') === 'on'
            ? 'Its swapping moves to its disk: 32 767 pages became 19 224 within a minute.'
            : '',
        undoWords: values('frozen') === 'on' ? 'Pages that left meanwhile do not come back.' : '',
      }),
    ),
  ];
}

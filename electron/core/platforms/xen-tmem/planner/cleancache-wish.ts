/** "Enable cleancache": all of it is decided in the guest, at boot. */
import type { WishKind } from '../../planning/wish-kind.ts';
import { asked, compressField } from './fields.ts';
import { bootSteps, insideFindings } from './inside.ts';
import { clientStep } from './steps.ts';
import { finding, fitsXen, guestsOf, nameFindings, tmemFindings } from './view.ts';

export const cleancacheWish: WishKind = {
  def: {
    id: 'xen-tmem.cleancache',
    wizard: 'cleancache',
    title: 'Keep evicted file pages in Xen',
    about:
      'Clean pages of files that a guest evicts stay in RAM that the host has to spare, and may vanish at any moment. For paravirtual guests on Xen 4.0 to 4.12.',
    of: 'guest',
  },
  fits: (found, sites) => fitsXen(guestsOf(found, sites).guests, 'cleancache'),
  form: (found, sites) => {
    const { guests, findings } = guestsOf(found, sites);
    return {
      fields: guests.length === 0 ? [] : compressField(guests, 'on', 'More pages of files in the same RAM.'),
      findings: [
        ...findings,
        ...guests.flatMap((view) => [
          ...nameFindings(view),
          ...tmemFindings(view),
          ...insideFindings(view, 'cleancache'),
          finding(
            view,
            'note',
            'Only file systems that ask for it gain: ext3, ext4, btrfs, xfs, ocfs2; ext4 with blocks of 1 KiB (smaller than 512 MB) puts pages and never gets one back.',
          ),
        ]),
      ],
    };
  },
  plan: (found, values, sites) => {
    const { guests } = guestsOf(found, sites);
    return {
      steps:
        values('compress') === ''
          ? []
          : guests.flatMap((view) =>
              clientStep(view, 'xen.tmem.compress', asked(values, 'compress'), {
                title: `Compress tmem pages of ${view.known.name}`,
                because: 'Less of the host’s RAM for the same pages.',
                stage: 0,
                riskWords: 'It costs processor time in the hypervisor with every put and get.',
                undoWords: 'Pages that were compressed meanwhile stay so.',
              }),
            ),
      manual: guests.flatMap((view) => bootSteps(view, 'cleancache')),
      will: guests.length === 0 ? [] : ['Ephemeral pages are in no guest’s charge: they take what the host has free.'],
    };
  },
};

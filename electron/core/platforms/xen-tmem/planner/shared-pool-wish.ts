/** "Share the cache of a cluster file system": who may, by the file system's uuid in the form that works. */
import type { ManualStep } from '#shared/model/plan.ts';
import type { Finding } from '#shared/model/wish.ts';
import type { PlannedStep } from '../../change.ts';
import { commandStep } from '../../planning/steps.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { atMost, hypervisorOption } from '../xl/info.ts';
import { authoriseForm } from '../xl/uuid.ts';
import { asked } from './fields.ts';
import { commandKnob } from './steps.ts';
import { clientFindings, finding, fitsXen, guestsOf, nameFindings, tmemFindings } from './view.ts';
import type { GuestView } from './view.ts';

export const sharedPoolWish: WishKind = {
  def: {
    id: 'xen-tmem.shared-pool',
    wizard: 'pool',
    title: 'Share the cache of a cluster file system',
    about:
      'Guests that mount the same ocfs2 file system keep its evicted pages once, in one pool. For guests that trust each other: they can read each other’s pages of it.',
    of: 'guest',
  },
  fits: (found, sites) => ({ ...fitsXen(guestsOf(found, sites).guests, 'shared pools'), rank: 50 }),
  form: (found, sites) => {
    const { guests, findings } = guestsOf(found, sites);
    return {
      fields: [
        {
          id: 'uuid',
          title: 'UUID of the file system',
          help: 'As blkid prints it. xl wants it with all bytes reversed, and takes this form as well, without doing anything: the console turns it round.',
          range: { kind: 'text', shape: 'a UUID as blkid prints it' },
          value: guests.flatMap(({ pools }) => pools.flatMap(({ shared }) => shared?.fileSystem ?? []))[0] ?? '',
          because: 'blkid DEVICE in one of the guests tells it.',
        },
        {
          id: 'authorised',
          title: 'Authorised',
          help: 'Counts at the next mount. Taking it back does not end a sharing that is there.',
          range: { kind: 'switch' },
          value: 'on',
          because: 'Without it a guest that asks for a shared pool silently gets a private one.',
        },
      ],
      findings: [
        ...findings,
        ...guests.flatMap((view) => [
          ...nameFindings(view),
          ...tmemFindings(view),
          ...(old(view) ? clientFindings(view) : []),
          ...notNeeded(view),
        ]),
      ],
    };
  },
  plan: (found, values, sites) => {
    const { guests } = guestsOf(found, sites);
    const authorise = authoriseForm(values('uuid'));
    if (authorise === undefined) {
      return {
        fields: [
          {
            field: 'uuid',
            sentence: 'This is no UUID: give it as blkid prints it, 1f2e3d4c-5b6a-7988-8897-a6b5c4d3e2f1.',
          },
        ],
      };
    }
    const to = asked(values, 'authorised');
    const misread = /[a-f]/.test(authorise) ? guests.filter(misreads) : [];
    const open = guests.filter((view) => !(to === '1' && shares(view, authorise)));
    return {
      findings: misread.map((view) =>
        finding(
          view,
          'missing',
          `The Xen of ${view.site.name} misreads the digits a to f of a UUID: this file system cannot be authorised there, and every try exits with 0.`,
          'Make the file system with a UUID of decimal digits only (mkfs.ocfs2 -U), or use Xen 4.9 or later.',
        ),
      ),
      steps: open.flatMap((view) => stepOf(view, authorise, to)),
      manual: open.flatMap((view) => (to === '1' ? [remount(view)] : [])),
      will: [
        to === '1'
          ? `From its next mount on, each of these guests shares the pool of ${values('uuid').toLowerCase()}. Read the kind of the pool back: ES is shared, EP is private.`
          : 'From its next mount on, each of these guests gets a private pool; a sharing that is there stays.',
      ],
    };
  },
};

const old = ({ look }: GuestView): boolean => look.version !== undefined && atMost(look.version, 8);
/** The reading of a UUID was mended in 2017 (docs/domain.md 3.1). */
const misreads = old;
const shares = ({ pools }: GuestView, authorise: string): boolean =>
  pools.some(({ shared }) => shared?.authorise === authorise);

function notNeeded(view: GuestView): readonly Finding[] {
  if (!old(view) || hypervisorOption(view.look.info, 'tmem_shared_auth') !== false) return [];
  return [
    finding(
      view,
      'note',
      `${view.site.name} asks for no authorisation: any guest that names the file system shares its cache. Boot Xen with tmem_shared_auth=1 to ask for it.`,
    ),
  ];
}

function stepOf(view: GuestView, authorise: string, to: string): readonly PlannedStep[] {
  if (view.name === undefined) return [];
  const words = (value: string): string => `xl tmem-shared-auth -u ${authorise} -A ${value} ${view.name ?? ''}`;
  const step = commandStep(commandKnob('xen.tmem.shared-auth'), view.site, `${view.name}/${authorise}`, 'unknown', to, {
    title: `Shared pool for ${view.known.name}`,
    because: 'It counts at the next mount of the file system.',
    stage: 0,
    target: view.found.at,
    risk: 'medium',
    riskWords:
      to === '1'
        ? 'Guests that share a pool can read each other’s pages of that file system. After one of them leaves it, its pages are never evicted while another uses it.'
        : '',
    undo: 'none',
    undoWords: `Who is authorised cannot be asked, so it is not taken back by itself: ${words(to === '1' ? '0' : '1')}`,
  });
  return [{ ...step, place: words(to) }];
}

const remount = (view: GuestView): ManualStep => ({
  host: view.inside?.host ?? view.site.host,
  title: `Mount the file system anew in ${view.known.name}`,
  because: 'A pool is made shared or private when the file system is mounted.',
  lines: ['umount MOUNTPOINT', 'mount MOUNTPOINT'],
  undoLines: ['umount MOUNTPOINT', 'mount MOUNTPOINT'],
  needs: 'remount',
});

/** mainline.guest-swap: a guest's swapped pages, kept compressed by its host. */
import type { Finding, WishField } from '#shared/model/wish.ts';
import { size } from '../../planning/sizes.ts';
import type { PlannedStep } from '../../change.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { compressor, enabled } from '../knobs/zswap.ts';
import { limitField, limitToWrite, numberOf, unlessShut } from './guest-fields.ts';
import { findGuests, limitOfGuest, limitStep, withoutGroup } from './guest-look.ts';
import type { GuestLook } from './guest-look.ts';
import type { Look } from './look.ts';
import { stages } from './stages.ts';
import { withoutSwap } from './swap-found.ts';
import { compressorsOf, switchOn, zswapFields, zswapSteps } from './zswap.ts';

const zswapMax = 'memory.zswap.max';
const swapMax = 'memory.swap.max';
const writeback = 'memory.zswap.writeback';

const able = (one: GuestLook): boolean => withoutGroup(one) === undefined && one.look.hasZswap;

export const guestSwap: WishKind = {
  def: {
    id: 'mainline.guest-swap',
    wizard: 'frontswap',
    title: 'Keep swapped pages compressed on the host',
    about:
      'What the host swaps out of the guest goes to zswap first, up to a limit of its own. The guest is not touched and notices nothing but speed.',
    of: 'guest',
  },
  fits: (found) => {
    const { guests, findings } = findGuests(found);
    if (guests.some(able))
      return {
        fits: true,
        because: `The host has zswap, and a control group for ${guests.length === 1 ? 'the guest' : 'each guest'}.`,
        rank: 70,
      };
    const why = guests.flatMap((one) => withoutGroup(one) ?? [])[0] ?? findings[0];
    return { fits: false, because: why?.sentence ?? 'The kernel of the host has no zswap.', rank: 0 };
  },
  form: (found) => {
    const { guests, looks, findings } = findGuests(found);
    return {
      fields: fieldsOf(guests.filter(able)),
      findings: [
        ...findings,
        ...looks.flatMap((look) => [...hostFindings(look)]),
        ...guests.flatMap((one) => [...guestFindings(one)]),
      ],
    };
  },
  plan: (found, values) => {
    const { guests, looks } = findGuests(found);
    const usable = guests.filter(able);
    const hosts = looks.filter((look) => usable.some((one) => one.look === look));
    return {
      steps: [...hosts.flatMap((look) => [...hostSteps(look)]), ...usable.flatMap((one) => [...steps(one, values)])],
      findings: usable.flatMap((one) => [...lowered(one, values)]),
      will: usable.map((one) => will(one, values)),
    };
  },
};

function fieldsOf(guests: readonly GuestLook[]): readonly WishField[] {
  return [
    ...limitField(guests, zswapMax, {
      id: 'zswap-max',
      value: unlessShut(guests, zswapMax),
      because: 'Without a limit of its own the guest may fill the host’s pool as far as others leave room.',
    }),
    ...limitField(guests, swapMax, {
      id: 'swap-max',
      value: unlessShut(guests, swapMax),
      because: 'A page in zswap takes a slot of swap: too few slots keep pages in RAM.',
      advanced: true,
    }),
    ...limitField(guests, writeback, {
      id: 'writeback',
      value: 'on',
      because: 'Off can make the guest stand still once the pool is full.',
      advanced: true,
    }),
  ];
}

function hostFindings(look: Look): readonly Finding[] {
  const { name } = look.site;
  if (!look.hasZswap)
    return [look.finding('missing', `The kernel of ${name} has no zswap.`, 'Use a kernel with CONFIG_ZSWAP.')];
  const state =
    look.on(enabled) === true
      ? look.finding('ok', `zswap is on at ${name}.`)
      : look.finding(
          'note',
          `zswap is off on ${name}: a step for the whole host switches it on, for all its guests.`,
          'Set compressor and size with “Compress swapped pages with zswap” beforehand.',
        );
  return [state, ...withoutSwap(look)];
}

function guestFindings(one: GuestLook): readonly Finding[] {
  const { look, guest, found } = one;
  const without = withoutGroup(one);
  if (without) return [without];
  const limit = limitOfGuest(one, zswapMax);
  if (limit === undefined) {
    return [
      look.finding(
        'missing',
        `The group of ${guest.name} has no ${zswapMax}.`,
        'Kernels from 5.19 have it.',
        found.target,
      ),
    ];
  }
  return limit.now === '0'
    ? [look.finding('note', `${guest.name} is kept out of zswap now: its limit is 0.`, undefined, found.target)]
    : [
        look.finding(
          'ok',
          `${guest.name} may use zswap already, up to ${limit.now === 'max' ? 'the whole pool' : size(Number(limit.now))}.`,
          undefined,
          found.target,
        ),
      ];
}

/** zswap is switched on as it is set, but never with a compressor that the kernel would replace by itself. */
function hostSteps(look: Look): readonly PlannedStep[] {
  if (look.on(enabled) === true) return [];
  const known = compressorsOf(look);
  if (!look.modules.told || known.includes(look.value(compressor) ?? '')) return [switchOn(look)];
  const recommended = zswapFields([look]).find(({ id }) => id === 'compressor')?.value ?? '';
  return zswapSteps(look, (field) => (field === 'compressor' ? recommended : ''));
}

function steps(one: GuestLook, values: Values): readonly PlannedStep[] {
  const { guest } = one;
  const off = values('writeback') === 'off';
  return [
    ...limitStep(one, zswapMax, limitToWrite(one, zswapMax, values('zswap-max')), {
      because: `It is what zswap may keep for ${guest.name}.`,
      stage: stages.guests,
      riskWords: 'Pages beyond the limit go to the swap device uncompressed.',
      undoWords: 'Pages that are kept by then stay until they are read or freed.',
    }),
    ...limitStep(one, swapMax, limitToWrite(one, swapMax, values('swap-max')), {
      because: `It is how much of ${guest.name} may be swapped at all, compressed pages included.`,
      stage: stages.guests,
      risk: values('swap-max') === 'max' ? 'low' : 'medium',
      riskWords: 'A guest at its swap limit keeps everything in RAM, and is killed when there is none left.',
    }),
    ...limitStep(one, writeback, off ? '0' : '1', {
      because: off ? 'Its pages are to stay in RAM.' : 'Cold pages of it may go on to the swap device.',
      stage: stages.guests,
      risk: off ? 'high' : 'low',
      riskWords: off
        ? 'It stops ordinary swapping as well: once the pool is full the guest cannot swap, and stands still at its memory.high.'
        : '',
    }),
  ];
}

/** Lowering a limit trims nothing. */
function lowered(one: GuestLook, values: Values): readonly Finding[] {
  const held = one.look.number(`${one.guest.cgroup ?? ''}/memory.zswap.current`) ?? 0;
  const limit = numberOf(limitToWrite(one, zswapMax, values('zswap-max')));
  if (held <= limit) return [];
  return [
    one.look.finding(
      'note',
      `zswap keeps ${size(held)} for ${one.guest.name} now: the new limit trims nothing and only refuses new pages.`,
      undefined,
      one.found.target,
    ),
  ];
}

function will({ guest, look }: GuestLook, values: Values): string {
  const most = values('zswap-max');
  const pool = ((look.number('/sys/module/zswap/parameters/max_pool_percent') ?? 0) * look.total) / 100;
  return most === 'max'
    ? `${guest.name} may use all of the pool of ${look.site.name}, which is ${size(pool)}.`
    : `${guest.name} may use ${most} MiB of the ${size(pool)} of the pool of ${look.site.name}.`;
}

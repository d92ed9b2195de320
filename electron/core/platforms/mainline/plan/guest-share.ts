/** mainline.guest-share: a guest's share of the pool, and from where it is throttled or spared. */
import type { FieldProblem, Finding, WishField } from '#shared/model/wish.ts';
import { size, wholePages } from '../../planning/sizes.ts';
import type { PlannedStep } from '../../change.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { number } from '../knobs/setting.ts';
import { maxPool } from '../knobs/zswap.ts';
import { limitField, limitToWrite, numberOf } from './guest-fields.ts';
import { findGuests, limitOfGuest, limitStep, withoutGroup } from './guest-look.ts';
import type { GuestLook } from './guest-look.ts';
import type { Look } from './look.ts';
import { stages } from './stages.ts';

const able = (one: GuestLook): boolean => withoutGroup(one) === undefined;
const poolOf = (look: Look): number => (look.total * Number(look.value(maxPool) ?? 0)) / 100;

export const guestShare: WishKind = {
  def: {
    id: 'mainline.guest-share',
    wizard: 'pool',
    title: 'Set a share of memory and of zswap',
    about:
      'How much of the compressed pool one guest may fill, below which size it is spared, above which it is slowed down. For hosts whose guests get in each other’s way.',
    of: 'guest',
  },
  fits: (found) => {
    const { guests, findings } = findGuests(found);
    if (guests.some(able))
      return {
        fits: true,
        because: `${guests.length === 1 ? 'The guest has' : 'Each guest has'} a control group of its own.`,
        rank: 60,
      };
    const why = guests.flatMap((one) => withoutGroup(one) ?? [])[0] ?? findings[0];
    return { fits: false, because: why?.sentence ?? 'There is no such guest.', rank: 0 };
  },
  form: (found) => {
    const { guests, looks, findings } = findGuests(found);
    return {
      fields: fieldsOf(guests.filter(able)),
      findings: [
        ...findings,
        ...looks.flatMap((look) => [...poolFinding(look)]),
        ...guests.flatMap((one) => withoutGroup(one) ?? []),
      ],
    };
  },
  plan: (found, values) => {
    const guests = findGuests(found).guests.filter(able);
    return {
      steps: guests.flatMap((one) => [...steps(one, values)]),
      fields: problems(guests, values),
      will: guests.map((one) => will(one, values)),
    };
  },
};

function fieldsOf(guests: readonly GuestLook[]): readonly WishField[] {
  const many = Math.max(1, guests.length);
  const share = Math.max(5, Math.floor(100 / many));
  const fields: WishField[] = [];
  if (guests.some((one) => limitOfGuest(one, 'memory.zswap.max') !== undefined)) {
    fields.push({
      id: 'share',
      title: 'Share of the pool',
      help: 'The part of the compressed pool that each guest may fill. 100 sets no limit. Lowering it trims nothing: only new pages are refused.',
      range: number(1, 100, '% of the pool'),
      value: String(share),
      because:
        many === 1
          ? 'One guest alone may have all of it.'
          : `Equal parts for the ${String(many)} guests that are chosen.`,
    });
  }
  return [
    ...fields,
    ...limitField(guests, 'memory.low', {
      id: 'low',
      value: '0',
      keep: true,
      because: 'It is what is set now; give an important guest what it needs at least.',
    }),
    ...limitField(guests, 'memory.high', {
      id: 'high',
      value: 'max',
      keep: true,
      because: 'It is what is set now; a limit makes the guest give way before others have to.',
    }),
  ];
}

function poolFinding(look: Look): readonly Finding[] {
  const { name } = look.site;
  if (!look.hasZswap) return [look.finding('note', `The kernel of ${name} has no zswap: there is no pool to share.`)];
  const pool = poolOf(look);
  return pool > 0
    ? [look.finding('ok', `The pool of ${name} may take ${size(pool)}, ${look.value(maxPool) ?? '?'} % of its RAM.`)]
    : [look.finding('note', `How large the pool of ${name} may be could not be read.`)];
}

/** 100 % is no limit: the pool has its own. */
const zswapLimit = ({ look }: GuestLook, share: string): string =>
  share === '100' ? 'max' : wholePages((poolOf(look) * Number(share)) / 100, look.site.evidence.pageSize);

function problems(guests: readonly GuestLook[], values: Values): readonly FieldProblem[] {
  const found: FieldProblem[] = [];
  const [low, high] = [values('low'), values('high')];
  if (low !== '' && high !== '' && numberOf(low) > numberOf(high)) {
    found.push({
      field: 'low',
      sentence: `Spared below ${low} MiB and throttled above ${high} MiB contradict each other. Give a lower number here.`,
    });
  }
  const without = guests.find((one) => values('share') !== '' && values('share') !== '100' && poolOf(one.look) === 0);
  if (without) {
    found.push({
      field: 'share',
      sentence: `How large the pool of ${without.look.site.name} is, is not known. Give 100 for no limit.`,
    });
  }
  const host = guests.map(({ look }) => look).find((look) => low !== '' && numberOf(low) * 2 ** 20 > look.total);
  if (host) {
    found.push({
      field: 'low',
      sentence: `${host.site.name} has ${size(host.total)} of RAM: it cannot spare ${low} MiB for one guest.`,
    });
  }
  return found;
}

function steps(one: GuestLook, values: Values): readonly PlannedStep[] {
  const { guest, look } = one;
  const used = look.number(`${guest.cgroup ?? ''}/memory.current`) ?? 0;
  const high = limitToWrite(one, 'memory.high', values('high') || 'max');
  const tight = numberOf(high) < used;
  return [
    ...(values('share') === ''
      ? []
      : limitStep(one, 'memory.zswap.max', zswapLimit(one, values('share')), {
          because: `It is the part of the pool that ${guest.name} may fill.`,
          stage: stages.guests,
          riskWords: 'Pages beyond it go to the swap device uncompressed.',
          undoWords: 'Pages that are kept by then stay until they are read or freed.',
        })),
    ...(values('low') === ''
      ? []
      : limitStep(one, 'memory.low', limitToWrite(one, 'memory.low', values('low')), {
          because: `${guest.name} is spared below it as long as others have anything to give.`,
          stage: stages.guests,
          risk: values('low') === '0' ? 'low' : 'medium',
          riskWords: 'What is spared here is taken from other guests.',
        })),
    ...(values('high') === ''
      ? []
      : limitStep(one, 'memory.high', high, {
          because: `${guest.name} gives memory back above it.`,
          stage: stages.guests,
          risk: tight ? 'high' : 'low',
          riskWords: tight
            ? `${guest.name} takes ${size(used)} now, more than the limit of ${size(numberOf(high))}: it is slowed down until it fits.`
            : '',
        })),
  ];
}

function will(one: GuestLook, values: Values): string {
  const { guest, look } = one;
  const share = values('share');
  if (share === '' || share === '100') return `${guest.name} has no limit of its own in the pool.`;
  return `${guest.name} may fill ${size(Number(zswapLimit(one, share)))} of the ${size(poolOf(look))} of the pool of ${look.site.name}.`;
}

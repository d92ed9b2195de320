/** Questions about limits of guests, in MiB. */
import type { WishField } from '#shared/model/wish.ts';
import { limitShape } from '../../planning/check-value.ts';
import { inMebibytes, limitOf } from '../../planning/sizes.ts';
import { agreed } from '../../planning/targets.ts';
import { cgroupKnobs } from '../knobs/cgroup.ts';
import type { GroupLeaf } from '../knobs/cgroup.ts';
import type { GuestLook } from './guest-look.ts';
import { limitOfGuest } from './guest-look.ts';

export interface LimitWords {
  readonly id: string;
  /** Recommended where nothing sensible is set. */
  readonly value: string;
  readonly because: string;
  /** What is set now is recommended where all guests agree on it; where they do not, the question is left out. */
  readonly keep?: true;
  readonly advanced?: true;
}

/** Empty when none of the guests has that limit. */
export function limitField(guests: readonly GuestLook[], leaf: GroupLeaf, words: LimitWords): readonly WishField[] {
  const def = cgroupKnobs.find(({ id }) => id === `cgroup.${leaf}`);
  const limits = guests.map((one) => limitOfGuest(one, leaf)?.now);
  const there = limits.filter((limit) => limit !== undefined);
  const now = agreed(there);
  if (def === undefined || there.length === 0 || (words.keep && now === undefined)) return [];
  const flag = def.range.kind === 'switch';
  const current = flag ? (now === undefined ? undefined : now === '1' ? 'on' : 'off') : inMebibytes(now);
  return [
    {
      id: words.id,
      title: def.title,
      help: [def.help, ...def.traps].join(' '),
      range: flag ? def.range : { kind: 'text', shape: limitShape('MiB') },
      value: words.keep && current !== undefined ? current : words.value,
      because: words.because,
      ...(current === undefined ? {} : { current }),
      ...(words.advanced ? { advanced: true } : {}),
    },
  ];
}

/** As the guest's file takes it: bytes in whole pages; a limit that comes to as many MiB already stays to the byte. */
export function limitToWrite(one: GuestLook, leaf: GroupLeaf, mebibytes: string): string {
  const now = limitOfGuest(one, leaf)?.now;
  if (now !== undefined && inMebibytes(now) === mebibytes) return now;
  return limitOf(mebibytes, one.look.site.evidence.pageSize);
}

/** Of a limit in whatever unit it is in; none is more than any. */
export const numberOf = (limit: string): number => (limit === 'max' ? Infinity : Number(limit));

/** What all guests have now, unless that shuts them out. */
export function unlessShut(guests: readonly GuestLook[], leaf: GroupLeaf): string {
  const now = inMebibytes(agreed(guests.map((one) => limitOfGuest(one, leaf)?.now)));
  return now === undefined || now === '0' ? 'max' : now;
}

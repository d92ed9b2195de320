/** Questions that several wishes ask. */
import type { WishField } from '#shared/model/wish.ts';
import { agreed } from '../../planning/targets.ts';
import type { Values } from '../../planning/wish-kind.ts';
import { hypervisorOption } from '../xl/info.ts';
import { selfBallooning } from './inside.ts';
import { clientNumber } from './view.ts';
import type { GuestView } from './view.ts';

export const onOff = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : value === 0 ? 'off' : 'on';
export const asked = (values: Values, field: string): '0' | '1' => (values(field) === 'on' ? '1' : '0');
const currently = (current: string | undefined): Pick<WishField, 'current'> =>
  current === undefined ? {} : { current };

/** Room above the target, as a share of it. */
export function roomOf({ target, limit }: GuestView): number | undefined {
  if (target === undefined || limit === undefined || target === 0) return undefined;
  return Math.max(0, Math.round(((limit - target) / target) * 100));
}

export const limitFor = (target: number, percent: number): number => target + Math.ceil((target * percent) / 100);

export function roomField(guests: readonly GuestView[], least: 0 | 1, value: number, because: string): WishField {
  const current = agreed(guests.map(roomOf));
  return {
    id: 'room_percent',
    title: 'Room for swap pages',
    help: 'How much more than its target the hypervisor lets the guest have, as a share of the target. Persistent tmem pages are charged to the guest, so without room every one of them is refused.',
    range: { kind: 'number', min: least, max: 1000, unit: '%' },
    value: String(value),
    because,
    ...currently(current === undefined ? undefined : String(current)),
  };
}

/** Not asked where the hypervisor deduplicates: it changes nothing there. */
export function compressField(guests: readonly GuestView[], value: string, because: string): readonly WishField[] {
  if (guests.some(({ look }) => hypervisorOption(look.info, 'tmem_dedup') === true)) return [];
  return [
    {
      id: 'compress',
      title: 'Compress',
      help: 'New pages are kept compressed; pages that are there stay as they are. It costs processor time in the hypervisor with every put and get.',
      range: { kind: 'switch' },
      value,
      because,
      ...currently(onOff(agreed(guests.map((view) => clientNumber(view, 'co'))))),
    },
  ];
}

/** Asked where at least one guest is connected itself and its kernel can. */
export function selfBalloonField(guests: readonly GuestView[], wanted: 'on' | 'now'): readonly WishField[] {
  const states = guests.flatMap((view) => selfBallooning(view) ?? []);
  if (states.length === 0) return [];
  const current = agreed(states);
  const now = current === undefined ? undefined : current ? 'on' : 'off';
  return [
    {
      id: 'selfballooning',
      title: 'Self-ballooning',
      help: 'The guest follows its own need with its balloon and gives memory away by itself; what it needs again comes back through swap. For guests that are connected to the console.',
      range: { kind: 'switch' },
      value: wanted === 'on' ? 'on' : (now ?? 'off'),
      because:
        wanted === 'on'
          ? 'A guest that stays below its target leaves room for its swap pages by itself.'
          : 'Left as it is.',
      ...currently(now),
    },
  ];
}

/**
 * The address of a wizard: `/change/WIZARD?t=HOST&t=HOST/GUEST&wish=ID&find=WORDS`. Targets are encoded once by
 * themselves, so that a guest's key may hold anything, and once more as part of the address. Pure.
 */
import type { LocationQuery, LocationQueryValue, RouteLocationRaw } from 'vue-router';
import type { WishTarget, WizardId } from '#shared/model/wish.ts';
import { guestRowId } from '../../stores/guests.ts';

export interface ChangeAddress {
  readonly targets?: readonly WishTarget[];
  /** The wish to pick. */
  readonly wish?: string;
  /** What the list of targets is narrowed to at first. */
  readonly find?: string;
}

export function changeRoute(wizard: WizardId, { targets = [], wish, find }: ChangeAddress = {}): RouteLocationRaw {
  return {
    name: 'change',
    params: { wizard },
    query: {
      ...(targets.length === 0 ? {} : { t: targets.map(encoded) }),
      ...(wish === undefined ? {} : { wish }),
      ...(find === undefined ? {} : { find }),
    },
  };
}

export function readChange(query: LocationQuery): ChangeAddress & { readonly targets: readonly WishTarget[] } {
  const found = new Map<string, WishTarget>();
  for (const part of listOf(query['t'])) {
    const target = decoded(part);
    if (target !== undefined) found.set(targetId(target), target);
  }
  const wish = listOf(query['wish'])[0];
  const find = listOf(query['find'])[0];
  return {
    targets: [...found.values()],
    ...(wish === undefined ? {} : { wish }),
    ...(find === undefined ? {} : { find }),
  };
}

/** A target as one word: the key of its row in the lists of hosts and of guests. */
export const targetId = ({ host, guest }: WishTarget): string => (guest === undefined ? host : guestRowId(host, guest));

export function targetOf(id: string): WishTarget {
  const at = id.indexOf('\n');
  return at < 0 ? { host: id } : { host: id.slice(0, at), guest: id.slice(at + 1) };
}

const encoded = ({ host, guest }: WishTarget): string =>
  encodeURIComponent(host) + (guest === undefined ? '' : `/${encodeURIComponent(guest)}`);

/** Undefined for what is no target: an address may be typed by hand. */
function decoded(text: string): WishTarget | undefined {
  const [host = '', guest, ...more] = text.split('/');
  if (host === '' || guest === '' || more.length > 0) return undefined;
  try {
    return { host: decodeURIComponent(host), ...(guest === undefined ? {} : { guest: decodeURIComponent(guest) }) };
  } catch {
    return undefined;
  }
}

const listOf = (value: LocationQueryValue | LocationQueryValue[] | undefined): string[] =>
  [value].flat().filter((one) => typeof one === 'string' && one !== '') as string[];

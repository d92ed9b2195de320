/** What things are called in reports, beside shared/model/titles.ts; and lists of names as a person says them. */
import type { Harm, LedgerPart, Mechanism } from '#shared/model/ledger.ts';
import type { ReportKind } from '#shared/model/report.ts';

export const kindTitles: { readonly [kind in ReportKind]: string } = {
  savings: 'Savings',
  'host-health': 'Host health',
  guest: 'Guests',
  'change-impact': 'Change impact',
  inventory: 'Inventory',
};

/** Colours and patterns; each mechanism has one of its own, as they stand in one chart. */
export const mechanismLooks: { readonly [mechanism in Mechanism]: string } = {
  zswap: 'compressed',
  zram: 'resident',
  ksm: 'merged',
  balloon: 'ballooned',
  zcache: 'accent',
  'tmem-persistent': 'on-disk',
  'tmem-ephemeral': 'ephemeral',
  ramster: 'remote',
  cleancache: 'ephemeral',
  frontswap: 'on-disk',
};

export const partTitles: { readonly [part in LedgerPart]: string } = {
  saved: 'saved',
  capacity: 'capacity gained',
  moved: 'moved to another machine',
  lent: 'lent to other machines',
  'reads-avoided': 'reads avoided',
  'writes-avoided': 'writes avoided',
};

export const harmTitles: { readonly [harm in Harm]: string } = {
  'psi-some': 'Some task waited',
  'psi-full': 'All tasks waited',
  refaults: 'Refaults',
  'swap-ins': 'Swap-ins',
  'stall-per-swap-in': 'Stall per swap-in',
  rejects: 'Rejects',
  'oom-kills': 'OOM kills',
};

/** `a`, `a and b`, `a, b, c and 5 more`. */
export function names(all: readonly string[], most = 4): string {
  if (all.length <= 1) return all[0] ?? '';
  if (all.length > most) return `${all.slice(0, most - 1).join(', ')} and ${all.length - most + 1} more`;
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

/** `1 host`, `20 hosts`. */
export const many = (of: number, one: string, more = `${one}s`): string => `${of} ${of === 1 ? one : more}`;

/** `host-07` for a single one, else how many. */
export const subjectOf = (all: readonly { readonly name: string }[], one = 'host'): string =>
  all.length === 1 ? (all[0]?.name ?? '') : all.length === 0 ? `no ${one}s` : many(all.length, one);

/** The three answers of a guest report, as sentences with figures. Pure. */
import { formatBytes } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import type { LedgerScope } from '#shared/model/ledger.ts';
import type { ReportSources } from '../sources.ts';
import { many, names } from '../words.ts';
import { harmOf, harmValue } from './figures.ts';
import type { Means, SubjectGuest } from './guest-truths.ts';
import { couldTell, keyOf } from './guest-truths.ts';

export function guestsSaved(guests: readonly SubjectGuest[], scopes: readonly LedgerScope[]): string[] {
  const told = scopes
    .flatMap(({ name, sums }) => (sums.saved === undefined || sums.saved === 0 ? [] : [{ name, saved: sums.saved }]))
    .sort((a, b) => b.saved - a.saved);
  const [best] = told;
  if (best === undefined)
    return [
      scopes.some(({ sums }) => sums.saved !== undefined)
        ? 'Nothing was saved in these guests.'
        : `Nothing tells what ${many(guests.length, 'guest')} save on their own.`,
    ];
  const sum = told.reduce((total, one) => total + one.saved, 0);
  return told.length === 1
    ? [`${best.name} does without ${formatBytes(best.saved)} of RAM, as a mean over the span.`]
    : [
        `${many(told.length, 'guest')} of ${guests.length} do without ${formatBytes(sum)} of RAM together, as a mean over the span.`,
        `${best.name} saves most: ${formatBytes(best.saved)}.`,
      ];
}

export function guestsCost(scopes: readonly LedgerScope[]): string[] {
  const [worst] = scopes
    .flatMap((scope) => {
      const wait = harmOf(scope, 'psi-some');
      return wait === undefined ? [] : [{ name: scope.name, wait: wait.value, peak: wait.peak }];
    })
    .sort((a, b) => b.wait - a.wait);
  const swapIns = scopes.reduce((sum, scope) => sum + harmValue(scope, 'swap-ins'), 0);
  const refaults = scopes.reduce((sum, scope) => sum + harmValue(scope, 'refaults'), 0);
  const kills = scopes.reduce((sum, scope) => sum + harmValue(scope, 'oom-kills'), 0);
  return [
    worst === undefined
      ? 'Nothing tells how long these guests wait for memory.'
      : worst.wait === 0
        ? 'None of those that tell waited for memory.'
        : `${worst.name} waited for memory ${formatPercent(worst.wait)} of the time${worst.peak === undefined || worst.peak < worst.wait ? '' : `, and ${formatPercent(worst.peak)} in its worst spell`}.`,
    ...(swapIns > 0 || refaults > 0
      ? [
          `${count(swapIns)} of their pages came back from swap, and ${count(refaults)} were needed again soon after eviction.`,
        ]
      : []),
    ...(kills > 0
      ? [`${many(Math.round(kills), 'process of theirs was', 'processes of theirs were')} killed for lack of memory.`]
      : []),
  ];
}

/** Percent of time: from here people notice. */
const felt = 1;

export function guestsNext(
  guests: readonly SubjectGuest[],
  scopes: readonly LedgerScope[],
  means: Means,
  sources: ReportSources,
): string[] {
  const found: string[] = [];
  const hurt = scopes.filter((scope) => harmValue(scope, 'psi-some') >= felt).map(({ name }) => name);
  if (hurt.length > 0)
    found.push(
      `${names(hurt, 6)} ${hurt.length === 1 ? 'waits' : 'wait'} for memory: allow ${hurt.length === 1 ? 'it' : 'them'} more before taking anything further.`,
    );
  const idle = guests
    .flatMap(({ host, guest, name }) => {
      const [allowed, uses] = [
        means.get(keyOf(host, guest, 'allowed'))?.mean,
        means.get(keyOf(host, guest, 'uses'))?.high,
      ];
      return allowed !== undefined && uses !== undefined && uses < allowed / 2 ? [{ name, room: allowed - uses }] : [];
    })
    .sort((a, b) => b.room - a.room);
  if (idle.length > 0)
    found.push(
      `${names(
        idle.map(({ name }) => name),
        6,
      )} never used half of what ${idle.length === 1 ? 'it is' : 'they are'} allowed: a balloon can take up to ${formatBytes(idle.reduce((sum, { room }) => sum + room, 0))} back.`,
    );
  const silent = guests.filter(
    ({ host, guest }) => means.get(keyOf(host, guest, 'uses')) === undefined && couldTell(host, guest, means, sources),
  );
  if (silent.length > 0)
    found.push(
      `${names(
        silent.map(({ name }) => name),
        6,
      )} ${silent.length === 1 ? 'does' : 'do'} not say what ${silent.length === 1 ? 'it uses' : 'they use'}: switch balloon statistics on to size ${silent.length === 1 ? 'it' : 'them'}.`,
    );
  return found.length > 0 ? found : ['No figure calls for a change.'];
}

/** The truths about guests: what each was promised and allowed, what it uses, and what its host pays for it. */
import type { SeriesTotals } from '#shared/model/history.ts';
import type { ReportTable } from '#shared/model/report.ts';
import { figure, words } from '../format.ts';
import type { ReportSources } from '../sources.ts';
import { truthOf } from './charts.ts';
import type { BuildContext } from './context.ts';
import { left, right } from './tables.ts';

export interface SubjectGuest {
  readonly host: string;
  readonly hostName: string;
  readonly guest: string;
  readonly name: string;
}

const truths = ['promised', 'allowed', 'uses', 'resident', 'compressed', 'remote', 'on-disk'] as const;
type Truth = (typeof truths)[number];
const truthTitles: { readonly [truth in Truth]: string } = {
  promised: 'Promised',
  allowed: 'Allowed',
  uses: 'Uses',
  resident: 'Resident',
  compressed: 'Compressed',
  remote: 'Remote',
  'on-disk': 'On disk',
};

export type Means = ReadonlyMap<string, SeriesTotals>;
export const keyOf = (host: string, guest: string, truth: Truth): string => `${host}\n${guest}\n${truth}`;

export async function truthMeans({ sources, from, to }: BuildContext, hosts: readonly string[]): Promise<Means> {
  const isTruth = (word: string | undefined): word is Truth => truths.some((truth) => truth === word);
  const metrics = sources.catalogue
    .filter(({ id, instance }) => instance === 'guest' && isTruth(truthOf(id)))
    .map(({ id }) => id);
  if (metrics.length === 0) return new Map();
  const { totals } = await sources.history.totals({ hosts, guests: true, metrics, from, to });
  return new Map(
    totals.flatMap((one) => {
      const word = truthOf(one.metric);
      return isTruth(word) && one.guest !== '' ? [[keyOf(one.host, one.guest, word), one]] : [];
    }),
  );
}

export const truthTable = (guests: readonly SubjectGuest[], means: Means): ReportTable => ({
  id: 'truths',
  title: 'What was promised, allowed, used and paid',
  columns: [left('Guest'), left('Host'), ...truths.map((truth) => right(truthTitles[truth]))],
  rows: guests.map(({ host, guest, name, hostName }) => [
    words(name),
    words(hostName),
    ...truths.map((truth) => figure(means.get(keyOf(host, guest, truth))?.mean, 'bytes')),
  ]),
  note: 'Means over the time that is known. Promised is the most the guest may ever have, allowed what its balloon leaves it, used what it says itself; the others are what its host pays, by where the pages are.',
});

/** Its platform has a metric for what a guest uses, beside those it tells of this one. */
export function couldTell(host: string, guest: string, means: Means, { catalogue }: ReportSources): boolean {
  return truths.some((truth) => {
    const metric = means.get(keyOf(host, guest, truth))?.metric;
    const uses = metric === undefined ? undefined : `${metric.slice(0, -truth.length)}uses`;
    return uses !== undefined && catalogue.some(({ id }) => id === uses);
  });
}

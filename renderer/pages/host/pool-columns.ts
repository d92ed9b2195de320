/** The columns of the pools table, and what is computed from a pool for them. Pure; knows no platform. */
import type { PoolReading } from '#shared/model/pool.ts';
import { absent } from '#shared/format/absent.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { count, digits } from '#shared/format/number.ts';
import { formatShare } from '#shared/format/percent.ts';

export interface PoolColumn {
  readonly id: 'title' | 'kind' | 'sharing' | 'owner' | 'holds' | 'takes' | 'density' | 'hits' | 'refused' | 'frozen';
  readonly title: string;
  readonly about: string;
  readonly figure?: boolean;
  readonly sortBy: (pool: PoolReading) => string | number | undefined;
}

export const kindWords = {
  ephemeral: {
    word: 'ephemeral',
    about: 'Extra cache: a page in it may be dropped at any moment, and is then read from the disk again.',
  },
  persistent: {
    word: 'persistent',
    about: 'Swapped memory: every page it took must come back, so it is never dropped to make room.',
  },
} as const;

export const sharingWords = {
  private: { word: 'private', about: 'One user alone puts pages here and finds them again.' },
  shared: {
    word: 'shared',
    about: 'Several users find each other’s pages here, so hits cannot be counted for one of them.',
  },
} as const;

/** Bytes kept per byte of RAM; undefined where one side is not told, or nothing is taken. */
export function densityOf({ holds, takes }: PoolReading): number | undefined {
  return holds === undefined || takes === undefined || takes.bytes <= 0 ? undefined : holds.bytes / takes.bytes;
}

/** 0…1; undefined before anything was asked for. */
export function hitRateOf({ traffic: { gets, found } }: PoolReading): number | undefined {
  return gets === undefined || found === undefined || gets <= 0 ? undefined : Math.min(1, found / gets);
}

/** `12.3 %` is the rate; this is what it is made of. */
export function hitWords({ traffic: { gets, found } }: PoolReading): string {
  if (found === undefined) return gets === undefined ? '' : `of ${count(gets)}`;
  return gets === undefined ? `${count(found)} found` : `${count(found)} of ${count(gets)}`;
}

export const densityWords = (pool: PoolReading): string => {
  const density = densityOf(pool);
  return density === undefined ? absent : `${digits(density)} : 1`;
};
export const hitRateWords = (pool: PoolReading): string => formatShare(hitRateOf(pool));

export const frozenWords = (frozen: boolean | undefined): string =>
  frozen === undefined ? absent : frozen ? 'frozen' : 'no';

/** @param ownersOf the owners' names, as they are shown */
export function poolColumns(ownersOf: (pool: PoolReading) => string): readonly PoolColumn[] {
  return [
    { id: 'title', title: 'Pool', about: 'What is kept here, and for whom.', sortBy: ({ title }) => title },
    {
      id: 'kind',
      title: 'Kind',
      about: 'Whether pages may be dropped (ephemeral) or must come back (persistent).',
      sortBy: ({ kind }) => kind,
    },
    { id: 'sharing', title: 'Use', about: 'By one alone, or by several.', sortBy: ({ sharing }) => sharing },
    {
      id: 'owner',
      title: 'Owner',
      about: 'The guests it belongs to; none where it is the host’s own.',
      sortBy: ownersOf,
    },
    {
      id: 'holds',
      title: 'Holds',
      about: 'What is kept, as its users see it.',
      figure: true,
      sortBy: ({ holds }) => holds?.bytes,
    },
    {
      id: 'takes',
      title: 'Takes',
      about: 'RAM that keeping it takes.',
      figure: true,
      sortBy: ({ takes }) => takes?.bytes,
    },
    {
      id: 'density',
      title: 'Density',
      about: 'Bytes kept for each byte of RAM.',
      figure: true,
      sortBy: densityOf,
    },
    {
      id: 'hits',
      title: 'Hit rate',
      about: 'Of the pages that were asked for, those that were found, since the pool was made.',
      figure: true,
      sortBy: hitRateOf,
    },
    {
      id: 'refused',
      title: 'Refused',
      about: 'Pages that were offered and not taken: no memory, over the limit, frozen, badly compressible.',
      figure: true,
      sortBy: ({ traffic }) => traffic.refused,
    },
    {
      id: 'frozen',
      title: 'Frozen',
      about: 'A frozen pool takes no new page and still gives back those it has.',
      sortBy: ({ frozen }) => (frozen === undefined ? undefined : Number(frozen)),
    },
  ];
}

/** All pools in one sentence: how many, what they hold, what that takes. */
export function poolsSentence(pools: readonly PoolReading[]): string {
  const sum = (of: 'holds' | 'takes', among = pools): number =>
    among.reduce((total, pool) => total + (pool[of]?.bytes ?? 0), 0);
  const many = pools.length === 1 ? '1 pool' : `${count(pools.length)} pools`;
  if (pools.every(({ holds }) => holds === undefined)) return many;
  const told = pools.filter(({ takes }) => takes !== undefined);
  const holds = `${many} ${pools.length === 1 ? 'holds' : 'hold'} ${formatBytes(sum('holds'))}`;
  if (told.length === 0) return holds;
  const partly = told.length < pools.length ? `, as far as ${told.length} of them tell` : '';
  return `${holds} and ${pools.length === 1 ? 'takes' : 'take'} ${formatBytes(sum('takes'))} of RAM${partly}`;
}

/**
 * The pools of a host: what zcache keeps for cleancache and for frontswap, what it keeps for other nodes, and what this
 * host has on its target. Pages of other nodes are in no pool of this host's own, so the rows add up.
 */
import type { PoolReading, PoolTraffic } from '#shared/model/pool.ts';
import { pages, pagesToBytes } from '#shared/units.ts';
import { parseInteger } from '../kernel/integer.ts';
import { awaySource } from './derive.ts';
import type { Kept } from './derive.ts';
import type { State } from './state.ts';
import type { Values } from './values.ts';

const users = { ephemeral: 'cleancache', persistent: 'frontswap' } as const;

export function poolsOf(out: Values, state: State, kept: readonly Kept[]): readonly PoolReading[] {
  if (state.running !== true) return [];
  const used = kept.filter(({ kind }) => !(kind === 'ephemeral' ? state.nocleancache : state.nofrontswap));
  return [
    ...used.map((one) => localPool(out, one)),
    ...kept.flatMap((one) => foreignPool(out, one) ?? []),
    ...(state.ramster ? awayPools(out) : []),
  ];
}

function localPool(out: Values, { kind, own, sources, restsOn }: Kept): PoolReading {
  const holds = out.said(own.holds, sources.holds, restsOn);
  const takes = out.said(own.takes, sources.takes, restsOn);
  return {
    key: `zcache:${kind}`,
    title: `zcache, ${kind} (${users[kind]})`,
    mechanism: 'compressed',
    kind,
    sharing: 'private',
    owners: [],
    ...(holds && { holds }),
    ...(takes && { takes }),
    traffic: kind === 'ephemeral' ? cleancacheTraffic(out) : frontswapTraffic(out),
  };
}

/** docs/domain.md 5.1 foreign */
function foreignPool(out: Values, { kind, foreign }: Kept): PoolReading | undefined {
  if (foreign === undefined) return undefined;
  const metric = `ramster.foreign_${kind === 'ephemeral' ? 'eph' : 'pers'}_pages`;
  const holds = out.said(foreign.holds, `${out.source(metric) ?? metric} · page size`, metric);
  const takes = out.said(foreign.takes, 'their share of the RAM taken: an estimate', metric);
  return {
    key: `ramster:foreign:${kind}`,
    title: `Kept for other nodes, ${kind}`,
    mechanism: 'remote',
    kind,
    sharing: 'private',
    owners: [],
    ...(holds && { holds }),
    ...(takes && { takes }),
    traffic: {},
  };
}

/** RAM of another machine: it takes none here. The donor may drop cache pages, so how many are left is not known. */
function awayPools(out: Values): readonly PoolReading[] {
  const found: PoolReading[] = [];
  for (const [kind, prefix] of [
    ['persistent', 'pers'],
    ['ephemeral', 'eph'],
  ] as const) {
    const sent = out.number(`ramster.${prefix}_pages_remoted`);
    const failed = out.number(`ramster.${prefix}_pages_remote_failed`);
    if (((sent ?? 0) || (failed ?? 0)) === 0) continue;
    const away = kind === 'persistent' ? out.number('ramster.away') : undefined;
    const holds =
      away === undefined
        ? undefined
        : out.said(pagesToBytes(pages(away), out.evidence.pageSize), awaySource, 'ramster.pers_pages_remoted');
    const got = out.number(`ramster.remote_${prefix}_pages_succ_get`);
    const missed = out.number(`ramster.remote_${prefix}_pages_unsucc_get`);
    found.push({
      key: `ramster:away:${kind}`,
      title: `On node ${out.text('ramster.remote_target_nodenum') ?? '?'}, ${kind}`,
      mechanism: 'remote',
      kind,
      sharing: 'private',
      owners: [],
      ...(holds && { holds }),
      traffic: {
        ...count('puts', sum(sent, failed)),
        ...count('refused', failed),
        ...count('gets', sum(got, missed)),
        ...count('found', got),
        ...count('flushes', kind === 'persistent' ? out.number('ramster.remote_pages_flushed') : undefined),
      },
    });
  }
  return found;
}

/** docs/domain.md 5.1 cleancache; puts are attempts (2.1). */
function cleancacheTraffic(out: Values): PoolTraffic {
  const debug = '/sys/kernel/debug/cleancache';
  const found = other(out, `${debug}/succ_gets`) ?? out.number('cleancache.sysfs.succ_gets');
  const missed = other(out, `${debug}/failed_gets`) ?? out.number('cleancache.sysfs.failed_gets');
  return {
    ...count('puts', other(out, `${debug}/puts`) ?? out.number('cleancache.sysfs.puts')),
    ...count('refused', out.number('zcache.failed_eph_puts')),
    ...count('gets', sum(found, missed)),
    ...count('found', found),
    ...count('flushes', other(out, `${debug}/invalidates`) ?? out.number('cleancache.sysfs.flushes')),
  };
}

/**
 * docs/domain.md 5.1 frontswap. `loads` counts those that succeeded, and nothing the others: no rate of hits follows.
 */
function frontswapTraffic(out: Values): PoolTraffic {
  const debug = '/sys/kernel/debug/frontswap';
  const stored = other(out, `${debug}/succ_stores`);
  const failed = other(out, `${debug}/failed_stores`);
  return {
    ...count('puts', sum(stored, failed)),
    ...count('refused', failed ?? out.number('zcache.failed_pers_puts')),
    ...count('found', other(out, `${debug}/loads`)),
    ...count('flushes', other(out, `${debug}/invalidates`)),
  };
}

/** A counter that the platform of today's Linux declares; it complains where the file makes no sense. */
function other(out: Values, path: string): number | undefined {
  const file = out.file(path);
  return file && parseInteger(file.text);
}

const count = (name: keyof PoolTraffic, value: number | undefined): PoolTraffic =>
  value === undefined ? {} : { [name]: Math.max(0, value) };

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

/** One member's view of its cluster: who is there, where its pages go, what stands and what an operator must know. */
import type { ClusterReading } from '#shared/model/cluster.ts';
import { pages, pagesToBytes } from '#shared/units.ts';
import type { ClusterConfig } from './cluster-config.ts';
import { awaySource } from './derive.ts';
import { linksOf } from './links.ts';
import type { Values } from './values.ts';
import { warningsOf } from './warnings.ts';

/** What the warnings are made from, and the reading itself. */
export interface Member {
  readonly config: ClusterConfig;
  readonly self: number | undefined;
  readonly up: readonly number[];
  readonly target: number | undefined;
  readonly linked: (num: number) => boolean | undefined;
  readonly sends: { readonly persistent: boolean; readonly ephemeral: boolean };
  /** Swapped pages, by estimate and at most; undefined where they are not counted. */
  readonly away: number | undefined;
  readonly atMost: number | undefined;
  readonly foreign: { readonly persistent: number; readonly ephemeral: number } | undefined;
}

export function clusterReading(out: Values, config: ClusterConfig): ClusterReading {
  const links = linksOf(out.evidence, config);
  const member = memberOf(out, config, links.linked);
  const { self, up, target, sends, foreign } = member;
  const peers = config.nodes.flatMap(({ name, num, address, port }) =>
    num === undefined ? [] : [{ name, num, address, port, up: up.includes(num) }],
  );
  const others = peers.filter(({ num }) => num !== self);
  const asked = target === undefined ? others : others.filter(({ num }) => num === target);
  const told = asked.map(({ num }) => links.linked(num));
  const linked = told.includes(true) ? true : told.includes(false) ? false : undefined;
  const client = target !== undefined && (sends.persistent || sends.ephemeral || (member.atMost ?? 0) > 0);
  const donor = foreign !== undefined && foreign.persistent + foreign.ephemeral > 0;
  const size = out.evidence.pageSize;
  const away =
    member.away === undefined
      ? undefined
      : out.said(pagesToBytes(pages(member.away), size), awaySource, 'ramster.pers_pages_remoted');
  const kept =
    foreign === undefined
      ? undefined
      : out.said(
          pagesToBytes(pages(foreign.persistent + foreign.ephemeral), size),
          'foreign_pers_pages + foreign_eph_pages: pages as their owners see them, compressed here',
          'ramster.foreign_pers_pages',
        );
  return {
    name: config.name,
    system: 'ramster',
    ...(self === undefined ? {} : { self }),
    peers,
    ...(target === undefined ? {} : { target }),
    role: client && donor ? 'both' : client ? 'client' : donor ? 'donor' : 'none',
    ...(linked === undefined ? {} : { linked }),
    linkedBecause: links.because,
    sends,
    ...(away && { away }),
    ...(kept && { foreign: kept }),
    traffic: {
      ...total(out, 'sent', 'pers_pages_remoted', 'eph_pages_remoted'),
      ...total(out, 'failed', 'pers_pages_remote_failed', 'eph_pages_remote_failed'),
      ...total(out, 'fetched', 'remote_pers_pages_succ_get', 'remote_eph_pages_succ_get'),
    },
    warnings: warningsOf(out, member),
  };
}

function memberOf(out: Values, config: ClusterConfig, linked: Member['linked']): Member {
  const numbers = (out.text('ramster.manual_node_up') ?? '').match(/\d+/g) ?? [];
  const target = out.text('ramster.remote_target_nodenum');
  const persistent = out.number('ramster.foreign_pers_pages');
  const ephemeral = out.number('ramster.foreign_eph_pages');
  return {
    config,
    self: config.nodes.find(({ local }) => local)?.num,
    up: numbers.map(Number),
    target: target !== undefined && /^\d+$/.test(target) ? Number(target) : undefined,
    linked,
    sends: {
      persistent: (out.number('ramster.pers_remotify_enable') ?? 0) !== 0,
      ephemeral: (out.number('ramster.eph_remotify_enable') ?? 0) !== 0,
    },
    away: out.number('ramster.away'),
    atMost: out.number('ramster.away_at_most'),
    foreign:
      persistent === undefined && ephemeral === undefined
        ? undefined
        : { persistent: Math.max(0, persistent ?? 0), ephemeral: Math.max(0, ephemeral ?? 0) },
  };
}

function total(
  out: Values,
  name: keyof ClusterReading['traffic'],
  ...counters: readonly string[]
): ClusterReading['traffic'] {
  const found = counters.flatMap((counter) => out.number(`ramster.${counter}`) ?? []);
  return found.length === 0 ? {} : { [name]: found.reduce((sum, part) => sum + part, 0) };
}

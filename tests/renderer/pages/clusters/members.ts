/** Members of a cluster as the core would tell of them: every node lists the same peers; who lends is said per test. */
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import type { ClusterReading } from '#shared/model/cluster.ts';
import { bytes, epochMs } from '#shared/units.ts';
import { GiB, noon } from '../../../support/host-view.ts';

const said = (gib: number, source: string) => ({ bytes: bytes(gib * GiB), source, at: epochMs(noon) });

export interface MemberDraft {
  readonly self?: number;
  /** How many nodes the cluster has, numbered from 0. */
  readonly nodes?: number;
  readonly cluster?: string;
  readonly subnet?: string;
  readonly target?: number;
  readonly away?: number;
  readonly foreign?: number;
  readonly total?: number;
  readonly available?: number;
  readonly linked?: boolean;
  readonly flow?: ClusterMember['flow'];
  readonly more?: Partial<ClusterReading>;
}

/** Amounts in GiB. Sends swapped pages when it has a target. */
export function member(name: string, draft: MemberDraft = {}): ClusterMember {
  const { self, nodes = 3, cluster = 'lend', subnet = '10.1.0', target, away, foreign, linked } = draft;
  const total = 'total' in draft ? draft.total : 64;
  return {
    host: `id-${name}`,
    hostName: name,
    at: epochMs(noon),
    ...(total === undefined ? {} : { memoryTotal: total * GiB }),
    ...(draft.available === undefined ? {} : { memoryAvailable: draft.available * GiB }),
    flow: draft.flow ?? {},
    reading: {
      name: cluster,
      system: 'ramster',
      ...(self === undefined ? {} : { self }),
      peers: Array.from({ length: nodes }, (_, num) => ({
        name: `n${num}`,
        num,
        address: `${subnet}.${num + 1}`,
        port: 7777,
        up: true,
      })),
      ...(target === undefined ? {} : { target }),
      role:
        target === undefined ? (foreign === undefined ? 'none' : 'donor') : foreign === undefined ? 'client' : 'both',
      ...(linked === undefined ? {} : { linked }),
      linkedBecause: 'an established connection in /proc/net/tcp',
      sends: { persistent: target !== undefined, ephemeral: false },
      ...(away === undefined ? {} : { away: said(away, 'pages sent − fetched − flushed') }),
      ...(foreign === undefined ? {} : { foreign: said(foreign, 'foreign_pers_pages + foreign_eph_pages') }),
      traffic: {},
      warnings: [],
      ...draft.more,
    },
  };
}

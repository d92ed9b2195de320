/**
 * Puts the members' views of their clusters together: who is there, whose pages are kept where, who is full or lost.
 * Pure. Members belong together when system and name are the same and they list a node in common.
 */
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import type { ClusterPeer } from '#shared/model/cluster.ts';
import type { HostId } from '#shared/model/host.ts';

export interface ClusterNode {
  /** Unique in its cluster. */
  readonly id: string;
  /** The number the cluster gives it; undefined before it has one. */
  readonly num?: number;
  /** As the console calls the host, or as the cluster calls a node that is no host of the console. */
  readonly name: string;
  /** As the cluster calls it. */
  readonly nodeName?: string;
  readonly address?: string;
  readonly host?: HostId;
  readonly member?: ClusterMember;
  /**
   * live: the console hears it. silent: it is a host of the console and does not answer now. unwatched: no host of
   * the console corresponds to it. lost: whoever keeps pages there has no link to it.
   */
  readonly state: 'live' | 'silent' | 'unwatched' | 'lost';
  /** The console does not hear the host now: what it said is old. */
  readonly old: boolean;
  /** Takes no more pages, or is about to. Why, in words. */
  readonly full?: string;
  /** Bytes of others that are here: as those others tell, else as it tells itself; undefined when nobody does. */
  readonly keeps?: number;
  /** Hosts of the console whose pages would be gone with it. */
  readonly dependents: readonly string[];
}

/** Pages of one node that another keeps. */
export interface ClusterFlow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Undefined when their owner does not tell. */
  readonly bytes?: number;
  /** Pages per second. */
  readonly sent?: number;
  readonly fetched?: number;
  readonly failed?: number;
  readonly linked?: boolean;
  readonly linkedBecause: string;
}

export interface ClusterView {
  readonly id: string;
  readonly name: string;
  /** By number. */
  readonly nodes: readonly ClusterNode[];
  readonly flows: readonly ClusterFlow[];
}

/** Below this share of its RAM a host has nothing to lend. */
const fullShare = 0.03;

/** @param isLive whether the console hears that host now */
export function clusterViews(
  members: readonly ClusterMember[],
  isLive: (host: HostId) => boolean,
): readonly ClusterView[] {
  return group(members)
    .map((together) => viewOf(together, isLive))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

const endpoint = ({ address, port }: ClusterPeer): string => `${address}:${port}`;

/**
 * Clusters are often called the same and use the same private addresses. Two members with the same number cannot be of
 * one cluster, whatever else they have in common.
 */
function group(members: readonly ClusterMember[]): readonly (readonly ClusterMember[])[] {
  let groups: ClusterMember[][] = [];
  const ordered = [...members].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
  for (const member of ordered) {
    const mine: ClusterMember[] = [member];
    const others: ClusterMember[][] = [];
    for (const one of groups) {
      if (belong(one, mine)) mine.unshift(...one);
      else others.push(one);
    }
    groups = [...others, mine];
  }
  return groups;
}

function belong(some: readonly ClusterMember[], others: readonly ClusterMember[]): boolean {
  const numbers = new Set(some.flatMap(({ reading }) => reading.self ?? []));
  if (others.some(({ reading: { self } }) => self !== undefined && numbers.has(self))) return false;
  return some.some((a) =>
    others.some(
      (b) =>
        a.reading.system === b.reading.system &&
        a.reading.name === b.reading.name &&
        a.reading.peers.some((peer) => b.reading.peers.some((other) => endpoint(peer) === endpoint(other))),
    ),
  );
}

function viewOf(unordered: readonly ClusterMember[], isLive: (host: HostId) => boolean): ClusterView {
  const members = unordered.toSorted((a, b) => (a.reading.self ?? Infinity) - (b.reading.self ?? Infinity) || 0);
  const bySelf = new Map(
    members.flatMap((member) => (member.reading.self === undefined ? [] : [[member.reading.self, member] as const])),
  );
  const peers = new Map<number, ClusterPeer>();
  // What a node says of itself counts before what others say of it.
  for (const { reading } of members)
    for (const peer of reading.peers) if (!peers.has(peer.num)) peers.set(peer.num, peer);
  for (const { reading } of members)
    for (const peer of reading.peers) if (peer.num === reading.self) peers.set(peer.num, peer);
  const numbers = new Set([
    ...peers.keys(),
    ...bySelf.keys(),
    ...members.flatMap(({ reading }) => reading.target ?? []),
  ]);

  const idOf = (member: ClusterMember): string =>
    member.reading.self === undefined ? `host ${member.host}` : `node ${member.reading.self}`;
  const flows = members.flatMap((member) => flowOf(member, idOf(member)) ?? []);
  const nameOf = new Map<string, string>(members.map((member) => [idOf(member), member.hostName]));

  const node = (id: string, num: number | undefined, member: ClusterMember | undefined): ClusterNode => {
    const peer = num === undefined ? undefined : peers.get(num);
    const inward = flows.filter(({ to }) => to === id);
    const live = member !== undefined && isLive(member.host);
    const lost = inward.some(({ linked }) => linked === false);
    const told = inward.flatMap(({ bytes }) => bytes ?? []);
    const foreign = member?.reading.foreign?.bytes;
    const keeps = told.length === 0 ? foreign : told.reduce((sum, bytes) => sum + bytes, 0);
    const full = lost ? undefined : fullness(inward, live ? member : undefined);
    return {
      id,
      ...(num === undefined ? {} : { num }),
      name: member?.hostName ?? peer?.name ?? `node ${String(num)}`,
      ...(peer === undefined ? {} : { nodeName: peer.name, address: endpoint(peer) }),
      ...(member === undefined ? {} : { host: member.host, member }),
      state: lost ? 'lost' : member === undefined ? 'unwatched' : live ? 'live' : 'silent',
      old: member !== undefined && !live,
      ...(full === undefined ? {} : { full }),
      ...(keeps === undefined ? {} : { keeps }),
      dependents: inward
        .filter(({ bytes }) => bytes === undefined || bytes > 0)
        .map(({ from }) => nameOf.get(from) ?? from),
    };
  };
  const numbered = [...numbers].sort((a, b) => a - b).map((num) => node(`node ${num}`, num, bySelf.get(num)));
  const unnumbered = members
    .filter(({ reading }) => reading.self === undefined)
    .map((member) => node(idOf(member), undefined, member));
  const [first] = members;
  return {
    id: `${first?.reading.system ?? ''} ${first?.reading.name ?? ''} ${first?.host ?? ''}`,
    name: first?.reading.name ?? '',
    nodes: [...numbered, ...unnumbered],
    flows,
  };
}

/** Nothing for a member that has no target, that is its own target, or that neither sends nor has anything away. */
function flowOf({ reading, flow }: ClusterMember, from: string): ClusterFlow | undefined {
  const { target, self, sends, away, linked, linkedBecause } = reading;
  if (target === undefined || target === self) return undefined;
  const bytes = away === undefined || !Number.isFinite(away.bytes) || away.bytes < 0 ? undefined : away.bytes;
  if (!sends.persistent && !sends.ephemeral && (bytes ?? 0) === 0) return undefined;
  return {
    id: `${from} > node ${target}`,
    from,
    to: `node ${target}`,
    ...(bytes === undefined ? {} : { bytes }),
    ...flow,
    ...(linked === undefined ? {} : { linked }),
    linkedBecause,
  };
}

function fullness(inward: readonly ClusterFlow[], member: ClusterMember | undefined): string | undefined {
  const refused = inward.reduce((sum, { failed }) => sum + (failed ?? 0), 0);
  if (refused > 0) return 'refuses pages';
  const { memoryTotal: total, memoryAvailable: available } = member ?? {};
  if (inward.length === 0 || total === undefined || available === undefined || total <= 0) return undefined;
  return available / total < fullShare ? 'has no memory left to lend' : undefined;
}

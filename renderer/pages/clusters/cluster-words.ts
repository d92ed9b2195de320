/** Nodes and flows in words: for the captions, the table, and for those who do not see the drawing. Pure. */
import { absent } from '#shared/format/absent.ts';
import { formatBytes, formatBytesOf } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { formatRate } from '#shared/format/rate.ts';
import type { ClusterFlow, ClusterNode, ClusterView } from './cluster-view.ts';

export const roleWords = { client: 'borrows', donor: 'lends', both: 'borrows and lends', none: 'neither' } as const;

export const stateWords: Readonly<Record<ClusterNode['state'], { readonly word: string; readonly about: string }>> = {
  live: { word: 'live', about: 'The console hears it.' },
  silent: { word: 'not heard', about: 'The console does not reach it now; its figures are old.' },
  unwatched: {
    word: 'not watched',
    about: 'The cluster has this node, and no host of the console corresponds to it. Add the host to see its figures.',
  },
  lost: { word: 'lost', about: 'Whoever keeps pages there has no link to it.' },
};

/** `1.20 GiB`, or that nobody counts it. */
export const flowBytes = ({ bytes }: ClusterFlow): string => (bytes === undefined ? 'uncounted' : formatBytes(bytes));

/** What moves now, short enough for a lane: `140/s out, 3.20/s back`. */
export function flowRates({ sent, fetched, failed, linked }: ClusterFlow): string {
  if (linked === false) return 'no link';
  const moving = [
    ...((sent ?? 0) > 0 ? [`${formatRate(sent)} out`] : []),
    ...((fetched ?? 0) > 0 ? [`${formatRate(fetched)} back`] : []),
    ...((failed ?? 0) > 0 ? [`${formatRate(failed)} refused`] : []),
  ];
  if (moving.length > 0) return moving.join(', ');
  return sent === undefined && fetched === undefined ? '' : 'at rest';
}

/** The same for a lane of the drawing, where there is little room. @param right the way the pages go */
export function laneRates({ sent, fetched, failed, linked }: ClusterFlow, right: boolean): string {
  if (linked === false) return 'no link';
  if ((failed ?? 0) > 0) return `refused ${shortRate(failed)}`;
  const [out, back] = right ? ['→', '←'] : ['←', '→'];
  const moving = [
    ...((sent ?? 0) > 0 ? [`${out}\u00a0${shortRate(sent)}`] : []),
    ...((fetched ?? 0) > 0 ? [`${back}\u00a0${shortRate(fetched)}`] : []),
  ];
  if (moving.length > 0) return moving.join('  ');
  return sent === undefined && fetched === undefined ? '' : 'at rest';
}

const shortRate = (perSecond = 0): string =>
  perSecond < 0.1 ? '<\u00a00.1/s' : `${perSecond < 9.95 ? perSecond.toFixed(1) : count(perSecond)}/s`;

export function flowSentence(flow: ClusterFlow, nameOf: (id: string) => string): string {
  const amount = flow.bytes === undefined ? 'an uncounted amount' : formatBytes(flow.bytes);
  const rates = flowRates(flow);
  const pages = rates === '' ? '' : `; pages: ${rates}`;
  return `${nameOf(flow.from)} keeps ${amount} on ${nameOf(flow.to)}${pages}`;
}

/** There is one copy of a page that is away: whoever has it must not fail. */
export const isSinglePoint = ({ dependents, keeps }: ClusterNode): boolean => dependents.length > 0 || (keeps ?? 0) > 0;

export function nodeSentence(node: ClusterNode): string {
  const { member } = node;
  const total = member?.memoryTotal;
  const free = member?.memoryAvailable;
  return [
    node.name,
    stateWords[node.state].word,
    total === undefined
      ? 'RAM unknown'
      : free === undefined
        ? `${formatBytes(total)} of RAM`
        : `${formatBytesOf(free, total)} of RAM available`,
    ...(member === undefined ? [] : [roleWords[member.reading.role]]),
    ...(node.keeps === undefined ? [] : [`keeps ${formatBytes(node.keeps)} of others`]),
    ...(node.full === undefined ? [] : [node.full]),
    ...(isSinglePoint(node) ? [`single point of failure of ${node.dependents.join(', ') || 'other nodes'}`] : []),
  ].join('; ');
}

export interface ClusterRow {
  readonly node: ClusterNode;
  readonly role: string;
  readonly ram: string;
  readonly available: string;
  readonly keeps: string;
  readonly keepsSource: string;
  readonly away: string;
  readonly awaySource: string;
  readonly on: string;
  readonly sent: string;
  readonly fetched: string;
  readonly failed: string;
  readonly linked: string;
  readonly linkedBecause: string;
}

/** The table twin: every figure of the drawing, one node a row. */
export function clusterRows(view: ClusterView): readonly ClusterRow[] {
  const nameOf = (id: string): string => view.nodes.find((node) => node.id === id)?.name ?? id;
  return view.nodes.map((node) => {
    const { member } = node;
    const reading = member?.reading;
    const flow = view.flows.find(({ from }) => from === node.id);
    // What a host that is gone said of its links says nothing about now.
    const linked = node.old ? undefined : reading?.linked;
    return {
      node,
      role: reading === undefined ? absent : roleWords[reading.role],
      ram: formatBytes(member?.memoryTotal),
      available: formatBytes(member?.memoryAvailable),
      keeps: formatBytes(reading?.foreign?.bytes ?? node.keeps),
      keepsSource: reading?.foreign?.source ?? (node.keeps === undefined ? '' : 'as those tell whose pages they are'),
      away: formatBytes(reading?.away?.bytes),
      awaySource: reading?.away?.source ?? '',
      on: flow === undefined ? absent : nameOf(flow.to),
      sent: formatRate(member?.flow.sent),
      fetched: formatRate(member?.flow.fetched),
      failed: formatRate(member?.flow.failed),
      linked: linked === undefined ? absent : linked ? 'stands' : 'broken',
      linkedBecause: node.old ? '' : (reading?.linkedBecause ?? ''),
    };
  });
}

/** A cluster in one sentence: who lends to whom, how much is away, who is full, what breaks if a donor dies. Pure. */
import { formatBytes } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { sentence, type Verdict, type VerdictPart } from '../../parts/verdict.ts';
import type { ClusterFlow, ClusterNode, ClusterView } from './cluster-view.ts';

export function clusterVerdict(view: ClusterView): Verdict {
  const node = nodesOf(view);
  const donors = view.nodes.filter(({ dependents }) => dependents.length > 0);
  const lost = donors.filter(({ state }) => state === 'lost');
  const full = view.nodes.filter((one) => one.full !== undefined);
  const standing = donors.filter(({ state }) => state !== 'lost').sort((a, b) => (b.keeps ?? 0) - (a.keeps ?? 0));
  return sentence([
    ...lost.map((donor) => gone(donor, inward(view, donor), node)),
    ...(lost.length > 0 && standing.length === 0 ? [] : [lending(view, standing, node)]),
    ...full.map((donor): Verdict => [{ ...link(donor), tone: 'warn' }, { words: ` ${donor.full ?? ''}` }]),
    ...dies(standing, view, node),
  ]);
}

/** Several clusters in one sentence; each has its own below. */
export function clustersVerdict(views: readonly ClusterView[]): Verdict {
  const nodes = views.flatMap((view) => view.nodes);
  const away = awayOf(views.flatMap((view) => view.flows));
  const lost = nodes.filter(({ state, dependents }) => state === 'lost' && dependents.length > 0);
  const full = nodes.filter((one) => one.full !== undefined);
  return sentence([
    [{ words: `${count(views.length)} clusters of ${count(nodes.length)} hosts keep ${away} for each other` }],
    ...lost.map((one): Verdict => [{ ...link(one), tone: 'bad' }, { words: ' is lost' }]),
    ...full.map((one): Verdict => [{ ...link(one), tone: 'warn' }, { words: ` ${one.full ?? ''}` }]),
  ]);
}

const nodesOf = (view: ClusterView): ((id: string) => ClusterNode | undefined) => {
  const byId = new Map(view.nodes.map((node) => [node.id, node]));
  return (id) => byId.get(id);
};

/** Flows that have pages there, or may have. */
const inward = (view: ClusterView, { id }: ClusterNode): readonly ClusterFlow[] =>
  view.flows.filter(({ to, bytes }) => to === id && (bytes === undefined || bytes > 0));

function awayOf(flows: readonly ClusterFlow[]): string {
  const told = flows.flatMap(({ bytes }) => bytes ?? []);
  if (flows.length > 0 && told.length === 0) return 'pages that nobody counts';
  const sum = told.reduce((total, bytes) => total + bytes, 0);
  return `${told.length < flows.length ? 'at least ' : ''}${sum === 0 ? 'nothing' : formatBytes(sum)}`;
}

function lending(
  view: ClusterView,
  donors: readonly ClusterNode[],
  node: (id: string) => ClusterNode | undefined,
): Verdict {
  const flows = donors.flatMap((donor) => inward(view, donor));
  const [donor] = donors;
  if (donor === undefined) {
    const keeper = view.nodes.find(({ keeps }) => (keeps ?? 0) > 0);
    if (keeper !== undefined)
      return [link(keeper), { words: ` keeps ${formatBytes(keeper.keeps)} for nodes that the console does not watch` }];
    const ready = view.flows.length > 0 ? '; what would be sent goes to ' : '';
    const target = node(view.flows[0]?.to ?? '');
    return [
      { words: `No host of ${view.name} keeps pages in another’s RAM` },
      ...(target === undefined || ready === '' ? [] : [{ words: ready }, link(target)]),
    ];
  }
  const clients = flows.flatMap(({ from }) => node(from) ?? []);
  const keep = clients.length === 1 ? 'keeps' : 'keep';
  const many = clients.length > 3 ? [{ words: `${clients.length} hosts` }] : listed(clients);
  const where = donors.length > 1 ? [{ words: `${donors.length} others` }] : [link(donor)];
  return [...many, { words: ` ${keep} ${awayOf(flows)} in the RAM of ` }, ...where];
}

function gone(
  donor: ClusterNode,
  flows: readonly ClusterFlow[],
  node: (id: string) => ClusterNode | undefined,
): Verdict {
  const clients = flows.flatMap(({ from }) => node(from) ?? []);
  return [
    { ...link(donor), tone: 'bad' },
    { words: ` is lost: ${awayOf(flows)} of ` },
    ...listed(clients),
    { words: ' cannot be fetched' },
  ];
}

/** The donor on which most depends; the drawing outlines the others. */
function dies(
  donors: readonly ClusterNode[],
  view: ClusterView,
  node: (id: string) => ClusterNode | undefined,
): Verdict[] {
  const [worst] = donors;
  if (worst === undefined) return [];
  const flows = inward(view, worst);
  const clients = flows.flatMap(({ from }) => node(from) ?? []);
  return [
    [
      { words: 'if ' },
      link(worst),
      { words: ' dies, programs on ' },
      ...listed(clients),
      { words: ` lose ${awayOf(flows)}: there is no second copy` },
    ],
  ];
}

/** `a`, `a and b`, `a, b and 3 more`. */
function listed(nodes: readonly ClusterNode[]): Verdict {
  if (nodes.length === 0) return [{ words: 'its clients' }];
  const shown = nodes.length > 3 ? nodes.slice(0, 2) : nodes;
  const more: Verdict = shown.length < nodes.length ? [{ words: ` and ${nodes.length - shown.length} more` }] : [];
  return [
    ...shown.flatMap((one, index): Verdict => {
      const last = index === shown.length - 1 && more.length === 0;
      return index === 0 ? [link(one)] : [{ words: last ? ' and ' : ', ' }, link(one)];
    }),
    ...more,
  ];
}

const link = (node: ClusterNode): VerdictPart =>
  node.host === undefined
    ? { words: node.name }
    : { words: node.name, to: { name: 'host', params: { host: node.host } } };

/**
 * Which number each node gets. A number that a host was told is up is used up there until its next boot, unless the link
 * stands: a node behind it cannot be linked any more, whatever is removed and made anew (docs/domain.md 2.6). So numbers
 * are kept where they can be and otherwise taken from those that no host was ever told of.
 */
import { mostNodes } from '../agent-knobs.ts';
import type { NodeConfig } from '../cluster-config.ts';
import type { View } from './view.ts';

/** A host and what its node is to be. */
export interface Member {
  readonly view: View;
  readonly node: string;
  readonly address: string;
  readonly port: number;
}
export interface Numbered extends Member {
  readonly num: number;
}

/** The node as it stands in a host's configuration of that cluster. */
export const nodeIn = (view: View, cluster: string, node: string): NodeConfig | undefined =>
  view.cluster?.name === cluster ? view.cluster.nodes.find(({ name }) => name === node) : undefined;

/** @returns undefined when eight numbers are not enough any more */
export function number(members: readonly Member[], cluster: string): readonly Numbered[] | undefined {
  let numbers = members.map((member) => before(members, cluster, member));
  const free = freeNumbers(members, cluster);
  for (;;) {
    const wrong = burnt(members, cluster, numbers);
    if (wrong.size === 0) break;
    const next: (number | undefined)[] = numbers.map((num, at) => (wrong.has(at) ? free.shift() : num));
    if (next.some((num, at) => num === undefined && wrong.has(at))) return undefined;
    numbers = next;
  }
  return members.flatMap((member, at) => {
    const num = numbers[at];
    return num === undefined ? [] : [{ ...member, num }];
  });
}

/** The number it has wherever it is known, when that is one that RAMster can raise and nobody else has. */
function before(members: readonly Member[], cluster: string, { node }: Member): number | undefined {
  const known = new Set(members.flatMap(({ view }) => nodeIn(view, cluster, node)?.num ?? []));
  const [num] = known;
  if (num === undefined || known.size > 1 || num >= mostNodes) return undefined;
  const others = members.flatMap(({ view }) =>
    view.cluster?.name === cluster ? view.cluster.nodes.filter(({ name }) => name !== node) : [],
  );
  return others.some((other) => other.num === num) ? undefined : num;
}

function freeNumbers(members: readonly Member[], cluster: string): number[] {
  const taken = new Set(
    members.flatMap(({ view }) => [
      ...view.up,
      ...(view.cluster?.name === cluster ? view.cluster.nodes.flatMap(({ num }) => num ?? []) : []),
    ]),
  );
  return Array.from({ length: mostNodes }, (_, num) => num).filter((num) => !taken.has(num));
}

/** Places of the members whose number is missing, or leads to no link with one of the others. */
function burnt(
  members: readonly Member[],
  cluster: string,
  numbers: readonly (number | undefined)[],
): ReadonlySet<number> {
  const wrong = new Set<number>();
  members.forEach((one, i) => {
    const own = numbers[i];
    if (own === undefined) wrong.add(i);
    members.forEach((other, j) => {
      const theirs = numbers[j];
      if (i === j || own === undefined || theirs === undefined || !one.view.up.includes(theirs)) return;
      if (!stands(cluster, { ...one, num: own }, { ...other, num: theirs })) wrong.add(j);
    });
  });
  return wrong;
}

/** Both were raised on both hosts, nothing says that no link stands, and no node of theirs has to be made anew. */
function stands(cluster: string, one: Numbered, other: Numbered): boolean {
  return (
    [one, other].every(({ view }) => [one, other].every((node) => isAsWished(view, cluster, node))) &&
    other.view.up.includes(one.num) &&
    one.view.linked(other.num) !== false &&
    other.view.linked(one.num) !== false
  );
}

/** Whether that host has the node just so. */
export function isAsWished(view: View, cluster: string, { view: own, node, address, port, num }: Numbered): boolean {
  const there = nodeIn(view, cluster, node);
  return (
    there !== undefined &&
    there.num === num &&
    there.address === address &&
    there.port === port &&
    there.local === (view.host === own.host)
  );
}

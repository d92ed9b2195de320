/** Which hosts the grid shows and how they are grouped. Pure. */
import type { HostView } from '#shared/model/host.ts';
import { savedOf } from '../../parts/host-memory.ts';

export interface HostFilter {
  /** Found in name, address, group or a tag; every word must be. */
  readonly text: string;
  readonly tag: string;
}

export type HostOrder = 'name' | 'saved' | 'pressure' | 'guests';

export interface HostGroup {
  readonly name: string;
  readonly hosts: readonly HostView[];
}

export function filterHosts(hosts: readonly HostView[], filter: HostFilter): readonly HostView[] {
  const words = filter.text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return hosts.filter(({ config }) => {
    if (filter.tag !== '' && !config.tags.includes(filter.tag)) return false;
    const text = [config.name, config.address, config.group, ...config.tags].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Hosts that cannot tell come last, whatever the order. */
export function orderHosts(hosts: readonly HostView[], order: HostOrder): readonly HostView[] {
  if (order === 'name') return hosts;
  const figure = ({ summary }: HostView): number => {
    if (summary === undefined) return -Infinity;
    if (order === 'guests') return summary.guests;
    return (order === 'saved' ? savedOf(summary.signals) : summary.signals['harm.psi-some']) ?? -Infinity;
  };
  return [...hosts].sort((a, b) => figure(b) - figure(a) || 0);
}

/** By group name; hosts without a group last. One nameless group when nobody uses groups. */
export function groupHosts(hosts: readonly HostView[]): readonly HostGroup[] {
  const groups = new Map<string, HostView[]>();
  for (const host of hosts) {
    const group = groups.get(host.config.group) ?? [];
    groups.set(host.config.group, group);
    group.push(host);
  }
  return [...groups]
    .map(([name, members]) => ({ name, hosts: members }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name));
}

export const tagsOf = (hosts: readonly HostView[]): readonly string[] =>
  [...new Set(hosts.flatMap(({ config }) => config.tags))].sort((a, b) => a.localeCompare(b));

/** The chosen targets and what is known of their hosts. */
import type { Finding, WishTarget } from '#shared/model/wish.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Site, Sites } from '../change.ts';

export interface Found {
  /** Index of the target in the wish. */
  readonly at: number;
  readonly target: WishTarget;
  readonly site: Site;
}

export function findTargets(
  targets: readonly WishTarget[],
  sites: Sites,
): { readonly found: readonly Found[]; readonly findings: readonly Finding[] } {
  const found: Found[] = [];
  const findings: Finding[] = [];
  targets.forEach((target, at) => {
    const site = sites.get(target.host);
    if (site) found.push({ at, target, site });
    else {
      findings.push({
        level: 'missing',
        host: target.host,
        ...(target.guest === undefined ? {} : { guest: target.guest }),
        sentence: 'Nothing is known of this host yet: it has not answered since the console was started.',
        fix: 'Connect it, or take it out of the selection.',
      });
    }
  });
  return { found, findings };
}

/** Targets of one host, in their order. */
export interface HostTargets {
  readonly site: Site;
  readonly targets: readonly Found[];
}

export function byHost(found: readonly Found[]): readonly HostTargets[] {
  const hosts = new Map<HostId, Found[]>();
  for (const one of found) hosts.set(one.site.host, [...(hosts.get(one.site.host) ?? []), one]);
  return [...hosts.values()].flatMap((targets) => (targets[0] ? [{ site: targets[0].site, targets }] : []));
}

/** The value on which all agree; undefined when they do not, or one has none. */
export function agreed<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

/** Words that all lists hold, in the order of the first. */
export function common(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  return first.filter((word) => others.every((list) => list.includes(word)));
}

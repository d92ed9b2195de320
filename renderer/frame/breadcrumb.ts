/** The way from the fleet to the page on screen, as links; the last one is the page itself. */
import type { RouteLocationNormalizedLoaded, RouteLocationRaw } from 'vue-router';
import type { HostId } from '#shared/model/host.ts';

export interface Crumb {
  readonly words: string;
  readonly to?: RouteLocationRaw;
}

type Here = Pick<RouteLocationNormalizedLoaded, 'name' | 'params' | 'meta'>;

export function breadcrumb(
  here: Here,
  hostName: (host: HostId) => string | undefined,
  guestName: (host: HostId, key: string) => string | undefined,
  planName: (plan: string) => string | undefined,
): readonly Crumb[] {
  const fleet: Crumb = { words: 'Fleet', to: { name: 'fleet' } };
  const changes: Crumb = { words: 'Changes', to: { name: 'changes' } };
  const host = String(here.params['host'] ?? '');
  const onHost: Crumb = { words: hostName(host) ?? 'Unknown host', to: { name: 'host', params: { host } } };
  switch (here.name) {
    case 'fleet':
      return [{ words: 'Fleet' }];
    case 'host':
      return [fleet, { words: onHost.words }];
    case 'edit-host':
      return [fleet, onHost, { words: here.meta.title }];
    case 'guest': {
      const key = String(here.params['guest'] ?? '');
      return [fleet, onHost, { words: guestName(host, key) ?? key }];
    }
    case 'plan':
      return [changes, { words: planName(String(here.params['plan'] ?? '')) ?? here.meta.title }];
    case 'change':
      return [changes, { words: here.meta.title }];
    case 'add-host':
    case 'import-hosts':
      return [fleet, { words: here.meta.title }];
    default:
      return [{ words: here.meta.title }];
  }
}

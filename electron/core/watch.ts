/**
 * One inventory being watched: its hosts and what is collected from them. The console has one of its own; while the
 * lab is open, the lab's is another, and pages speak to that one.
 */
import type { EventName, PayloadOf } from '#shared/contract/contract.ts';
import type { HostId, HostView } from '#shared/model/host.ts';
import type { Tick } from '#shared/model/sample.ts';
import { coalesce } from './coalesce.ts';
import { Collect } from './collect/collect.ts';
import { survey } from './collect/survey.ts';
import { createHosts } from './hosts/hosts.ts';
import type { HostsOptions } from './hosts/hosts-options.ts';
import type { Hosts } from './hosts/hosts.ts';
import { platforms } from './platforms/index.ts';

export interface Watch {
  readonly hosts: Hosts;
  readonly collect: Collect;
  view(host: HostId): HostView | undefined;
  close(): Promise<void>;
}

export interface WatchOptions extends Omit<HostsOptions, 'sets' | 'commands' | 'survey'> {
  /** Milliseconds between two readings. */
  interval(): number;
  tell<Name extends EventName>(name: Name, payload: PayloadOf<Name>): void;
  onTick(tick: Tick): void;
}

export const sets = platforms.flatMap((platform) => platform.sets);
export const commands = platforms.flatMap((platform) => platform.commands);

/** Pages are told at most this often what changed. */
const tellEveryMs = 1000;

export function openWatch(options: WatchOptions): Watch {
  const { clock, log, interval, tell, onTick } = options;
  const hosts = createHosts({ ...options, sets, commands, survey: (link) => survey(link, platforms, clock) });
  const collect = new Collect({
    hosts,
    clock,
    log,
    platforms,
    interval,
    onHost: (host, first) => hostsChanged.add(host, first),
    onTick,
    onGuests: () => guestsMoved.add('guests'),
    onClusters: () => clustersMoved.add('clusters'),
  });

  const view = (host: HostId): HostView | undefined => {
    const config = hosts.config(host);
    if (config === undefined) return undefined;
    const facts = hosts.facts(host);
    const summary = collect.summary(host);
    return {
      config,
      state: hosts.state(host),
      platforms: collect.presence(host),
      ...(facts === undefined ? {} : { facts }),
      ...(summary === undefined ? {} : { summary }),
    };
  };

  const hostsChanged = coalesce<HostId>(clock, tellEveryMs, (ids) => {
    const changed = ids.map(view).filter((one) => one !== undefined);
    const gone = ids.filter((id) => hosts.config(id) === undefined);
    if (changed.length > 0) tell('hosts.changed', changed);
    if (gone.length > 0) tell('hosts.removed', gone);
  });
  const guestsMoved = coalesce<'guests'>(clock, tellEveryMs, () =>
    tell('guests.moved', { revision: collect.guestRows.revision }),
  );
  const clustersMoved = coalesce<'clusters'>(clock, tellEveryMs, () => tell('clusters.moved', null));
  hosts.onChange((host) => hostsChanged.add(host, true));

  return {
    hosts,
    collect,
    view,
    close: async () => {
      for (const waiting of [hostsChanged, guestsMoved, clustersMoved]) waiting.close();
      collect.close();
      await hosts.close();
    },
  };
}

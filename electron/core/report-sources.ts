/** What reports are made from: the inventory that pages are shown now, as far as it is known, and its history. */
import type { ConnectionState, HostView } from '#shared/model/host.ts';
import type { Settings } from '#shared/model/settings.ts';
import type { ReportHost, ReportSources } from './reports/sources.ts';
import type { Watch } from './watch.ts';

export function reportSources(watch: Watch, settings: Settings, version: string): ReportSources {
  const { hosts, collect, history, past, plans, lab, who } = watch;
  return {
    history,
    ledger: (query) => past.ledger(query),
    hosts: () =>
      hosts
        .configs()
        .map(({ id }) => watch.view(id))
        .filter((view) => view !== undefined)
        .map(reportHost),
    guests: (host) => collect.guestRows.of(host),
    plans: () => plans.list(),
    catalogue: collect.catalogue.entries,
    interval: settings.intervalSeconds * 1000,
    lab,
    who,
    version,
    money: settings.money,
  };
}

function reportHost({ config, state, facts, platforms, summary }: HostView): ReportHost {
  const { id, name, address, group, tags } = config;
  return {
    id,
    name,
    address,
    group,
    tags,
    state: stateWords[state.kind],
    kernel: facts?.kernel,
    os: facts?.os,
    platforms,
    missing: state.kind === 'live' ? state.missing.map(({ path }) => path) : undefined,
    ram: summary?.signals['memory.total'],
    guests: summary?.guests,
  };
}

const stateWords: { readonly [kind in ConnectionState['kind']]: string } = {
  off: 'not connected',
  connecting: 'connecting',
  'unknown-key': 'its host key waits to be confirmed',
  'changed-key': 'shows another host key than before',
  'needs-secret': 'waits for a login',
  refused: 'refused the login',
  live: 'live',
  stale: 'was lost',
  waiting: 'cannot be reached',
};

/** Every request of the contract and who answers it. Watching belongs to one page, so core.ts answers that itself. */
import type { Emit, Handlers } from '#shared/contract/contract.ts';
import type { HostId, HostView } from '#shared/model/host.ts';
import type { ConsoleInfo } from '#shared/model/settings.ts';
import type { Collect } from './collect/collect.ts';
import type { SettingsKeeper } from './files/settings-file.ts';
import type { Hosts } from './hosts/hosts.ts';
import type { Notices } from './notices.ts';

export interface Answerers {
  readonly hosts: Hosts;
  readonly collect: Collect;
  readonly settings: SettingsKeeper;
  readonly notices: Notices;
  readonly info: ConsoleInfo;
  readonly tellAll: Emit;
  view(host: HostId): HostView | undefined;
}

export function createHandlers(rooms: Answerers): Omit<Handlers, 'samples.watch'> {
  const { hosts, collect, settings, notices, info, view, tellAll } = rooms;
  return {
    'console.info': () => info,
    'console.notices': () => notices.list(),
    'console.dismiss': ({ notice }) => {
      notices.remove(notice);
      return null;
    },
    'settings.get': () => settings.get(),
    'settings.set': async ({ settings: wanted }) => {
      await settings.set(wanted);
      tellAll('settings.changed', wanted);
      return wanted;
    },
    'hosts.list': () =>
      hosts
        .configs()
        .map(({ id }) => view(id))
        .filter((one) => one !== undefined),
    'hosts.checkKey': (args) => hosts.checkKey(args),
    'hosts.trustKey': (args) => hosts.trustKey(args),
    'hosts.forgetKey': (args) => hosts.forgetKey(args),
    'hosts.test': (args) => hosts.test(args),
    'hosts.add': (args) => hosts.add(args),
    'hosts.edit': (args) => hosts.edit(args),
    'hosts.remove': (args) => hosts.remove(args),
    'hosts.connect': (args) => hosts.connect(args),
    'hosts.disconnect': (args) => hosts.disconnect(args),
    'hosts.answer': (args) => hosts.answer(args),
    'hosts.importable': (args) => hosts.importable(args),
    'hosts.import': (args) => hosts.import(args),
    'hosts.rights': (args) => hosts.rights(args),
    'hosts.reading': ({ host }) => collect.reading(host),
    'hosts.refresh': async ({ host }) => {
      await collect.refresh(host);
      return null;
    },
    'guests.changes': ({ since, host }) => collect.guestRows.changes(since, host),
    'guests.get': ({ host, key }) => collect.guestRows.get(host, key) ?? null,
    'samples.catalogue': () => collect.catalogue.entries,
    'samples.series': (args) => collect.series(args),
    'samples.fleet': (args) => collect.fleet(args),
  };
}

/** Every request of the contract and who answers it. Watching belongs to one page, so core.ts answers that itself. */
import type { Emit, Handlers } from '#shared/contract/contract.ts';
import type { ConsoleInfo } from '#shared/model/settings.ts';
import type { SettingsKeeper } from './files/settings-file.ts';
import type { LabRoom } from './lab-room.ts';
import type { Reports } from './reports/reports.ts';
import type { Notices } from './notices.ts';
import type { Watch } from './watch.ts';

export interface Answerers {
  /** The inventory that pages are shown now: the console's own, or the lab's. */
  watch(): Watch;
  readonly lab: LabRoom;
  readonly reports: Reports;
  readonly settings: SettingsKeeper;
  readonly notices: Notices;
  readonly info: ConsoleInfo;
  readonly tellAll: Emit;
}

export function createHandlers(rooms: Answerers): Omit<Handlers, 'samples.watch'> {
  const { watch, lab, reports, settings, notices, info, tellAll } = rooms;
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
      watch().history.settingsChanged();
      tellAll('settings.changed', wanted);
      return wanted;
    },
    'hosts.list': () =>
      watch()
        .hosts.configs()
        .map(({ id }) => watch().view(id))
        .filter((one) => one !== undefined),
    'hosts.checkKey': (args) => watch().hosts.checkKey(args),
    'hosts.trustKey': (args) => watch().hosts.trustKey(args),
    'hosts.forgetKey': (args) => watch().hosts.forgetKey(args),
    'hosts.test': (args) => watch().hosts.test(args),
    'hosts.add': (args) => watch().hosts.add(args),
    'hosts.edit': (args) => watch().hosts.edit(args),
    'hosts.remove': (args) => watch().hosts.remove(args),
    'hosts.connect': (args) => watch().hosts.connect(args),
    'hosts.disconnect': (args) => watch().hosts.disconnect(args),
    'hosts.answer': (args) => watch().hosts.answer(args),
    'hosts.importable': (args) => watch().hosts.importable(args),
    'hosts.import': (args) => watch().hosts.import(args),
    'hosts.rights': (args) => watch().hosts.rights(args),
    'hosts.reading': ({ host }) => watch().collect.reading(host),
    'hosts.refresh': async ({ host }) => {
      await watch().collect.refresh(host);
      return null;
    },
    'guests.changes': ({ since, host }) => watch().collect.guestRows.changes(since, host),
    'guests.get': ({ host, key }) => watch().collect.guestRows.get(host, key) ?? null,
    'samples.catalogue': () => watch().collect.catalogue.entries,
    'samples.series': (args) => watch().past.series(args),
    'samples.fleet': (args) => watch().past.fleet(args),
    'history.status': () => watch().history.status(),
    'history.entities': () => watch().history.entities(),
    'history.columns': ({ host, guest, from, to }) => watch().history.columns({ host, guest }, from, to),
    'history.series': ({ keys, from, to, points }) => watch().history.series(keys, from, to, points),
    'history.fleet': ({ hosts, from, to, points }) => watch().history.fleet(hosts, from, to, points),
    'history.events': ({ hosts, from, to }) => watch().history.events(hosts, from, to),
    'ledger.get': (args) => watch().past.ledger(args),
    'clusters.members': () => watch().collect.members(),
    'plans.offers': (args) => watch().plans.offers(args),
    'plans.form': (args) => watch().plans.form(args),
    'plans.draft': (args) => watch().plans.draft(args),
    'plans.create': (args) => watch().plans.create(args),
    'plans.import': (args) => watch().plans.import(args),
    'plans.export': ({ plan }) => watch().plans.export(plan),
    'plans.replay': (args) => watch().plans.replay(args),
    'plans.reverse': ({ plan }) => watch().plans.reverse(plan),
    'plans.list': () => watch().plans.list(),
    'plans.get': ({ plan }) => watch().plans.get(plan) ?? null,
    'plans.apply': ({ plan }) => watch().plans.apply(plan),
    'plans.keep': ({ plan }) => watch().plans.keep(plan),
    'plans.undo': ({ plan }) => watch().plans.undo(plan),
    'plans.remove': async ({ plan }) => {
      await watch().plans.remove(plan);
      return null;
    },
    'journal.page': (args) => watch().journal.page(args),
    'journal.export': () => watch().journal.text(),
    'drift.list': () => watch().plans.drift(),
    'drift.putBack': ({ host }) => watch().plans.putBack(host),
    'drift.accept': async ({ host }) => {
      await watch().plans.accept(host);
      return null;
    },
    'reports.list': () => reports.list(),
    'reports.make': ({ request }) => reports.make(request),
    'reports.preview': ({ request }) => reports.preview(request),
    'reports.cancel': async ({ report }) => {
      await reports.cancel(report);
      return null;
    },
    'reports.remove': async ({ report }) => {
      await reports.remove(report);
      return null;
    },
    'reports.read': ({ report, name }) => reports.read(report, name),
    'reports.schedules': () => reports.schedules(),
    'reports.schedule': ({ id, draft }) => reports.schedule(id, draft),
    'reports.unschedule': async ({ id }) => {
      await reports.unschedule(id);
      return null;
    },
    'lab.scenarios': () => lab.scenarios(),
    'lab.status': () => lab.status(),
    'lab.open': ({ scenario, seed }) => lab.enter(scenario, seed),
    'lab.steer': ({ speed, paused }) => lab.steer(speed, paused),
    'lab.leave': async () => {
      await lab.leave();
      return null;
    },
  };
}

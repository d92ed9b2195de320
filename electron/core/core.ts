/**
 * The console itself: builds the rooms, hands each what it needs, answers pages. This file is the only one that knows
 * all rooms; read it first. Plain Node: the same under Electron, behind the loopback door, and in tests.
 */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Emit, Handlers } from '#shared/contract/contract.ts';
import { serve } from '#shared/contract/serve.ts';
import type { Channel } from '#shared/contract/wire.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Tick } from '#shared/model/sample.ts';
import type { ConsoleInfo, Notice } from '#shared/model/settings.ts';
import { fail } from '#shared/problem.ts';
import { openDataDir } from './files/data-dir.ts';
import type { DataDir } from './files/data-dir.ts';
import { openSettings, settingsFormat } from './files/settings-file.ts';
import { memoryTextFile, readText } from './files/text-file.ts';
import { createHandlers } from './handlers.ts';
import { openHistory } from './history/history.ts';
import type { History } from './history/history.ts';
import { parseHostFile } from './hosts/host-file.ts';
import type { Hosts } from './hosts/hosts.ts';
import { inventoryFormat, openInventory } from './hosts/inventory.ts';
import { createLabRoom } from './lab-room.ts';
import { inHostTime } from './lab-time.ts';
import { fileLog } from './log.ts';
import { Notices } from './notices.ts';
import type { PdfPrinter } from './reports/writers/write.ts';
import { openReports, schedulesFormat } from './reports/reports.ts';
import { reportSources } from './report-sources.ts';
import { labRecords, ownRecords } from './plan-records.ts';
import type { Clock } from './ports.ts';
import { systemClock } from './system-clock.ts';
import { commands, knobs, openWatch, sets } from './watch.ts';
import type { Watch } from './watch.ts';

export interface CoreOptions {
  readonly dataDir: string;
  /** An inventory to add from; hosts that are there by name already are left as they are. */
  readonly hostFile?: string;
  /** Begin in the lab, with this scenario; '' for the first. */
  readonly lab?: string;
  readonly shell: ConsoleInfo['shell'];
  readonly version: string;
  /** The agent's own text: agent-body.ts. */
  readonly agentBody: string;
  /** Lays a report out as PDF; without one a Chromium of this machine is looked for, else the console does it itself. */
  readonly pdf?: PdfPrinter;
  readonly clock?: Clock;
  readonly home?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Core {
  /** Serves one page until its channel closes. */
  attach(channel: Channel): void;
  close(): Promise<void>;
}

interface Session {
  readonly channel: Channel;
  readonly emit: Emit;
  watching: ReadonlySet<HostId>;
}

export async function createCore(options: CoreOptions): Promise<Core> {
  const sessions = new Set<Session>();
  const tellAll: Emit = (name, payload) => {
    for (const { emit } of sessions) emit(name, payload);
  };

  const notices = new Notices(() => tellAll('console.noticed', notices.list()));
  const dataDir = await openDataDir(options.dataDir, { notify: (notice) => notices.add(notice) });
  try {
    return await fitTogether(options, dataDir, notices, sessions, tellAll);
  } catch (error) {
    await dataDir.close();
    throw error;
  }
}

async function fitTogether(
  options: CoreOptions,
  dataDir: DataDir,
  notices: Notices,
  sessions: Set<Session>,
  tellAll: Emit,
): Promise<Core> {
  const { clock = systemClock, home = homedir(), env = process.env } = options;
  const log = fileLog(dataDir.persistent ? join(dataDir.path, 'console.log') : undefined);
  const settings = await openSettings(await dataDir.json('settings.json', settingsFormat));

  const common = {
    clock,
    log,
    home,
    env: { SSH_AUTH_SOCK: env['SSH_AUTH_SOCK'], USER: env['USER'] },
    random: Math.random,
    newId: randomUUID,
    sshConfigFile: join(home, '.ssh', 'config'),
    agentBody: options.agentBody,
    notify: (notice: Notice) => notices.add(notice),
    interval: () => settings.get().intervalSeconds * 1000,
    money: () => settings.get().money,
    onTick: (tick: Tick) => {
      for (const { emit, watching } of sessions) if (watching.has(tick.host)) emit('samples.tick', tick);
    },
  };
  const historyIn = (file: string | undefined, tell: Emit): History =>
    openHistory({
      file,
      clock,
      log,
      settings: () => settings.get().history,
      notify: (notice) => notices.add(notice),
      dismiss: (id) => notices.remove(id),
      onStatus: (status) => tell('history.moved', status),
    });
  // While the lab is open the pages show that, and must not be told of anything else.
  const tellOwn: Emit = (name, payload) => {
    if (labRoom.open === undefined) tellAll(name, payload);
  };
  // Read first: a history that is open already tells so as soon as it can, and asks for the lab room below.
  const inventory = await openInventory(await dataDir.json('hosts.json', inventoryFormat));
  const records = await ownRecords(dataDir, common);
  const ownKnownHosts = await dataDir.text('known_hosts');
  const own = openWatch({
    ...common,
    lab: false,
    history: historyIn(dataDir.persistent ? join(dataDir.path, 'history.sqlite') : undefined, tellOwn),
    inventory,
    records,
    knownHosts: {
      userFiles: [join(home, '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'],
      own: ownKnownHosts,
    },
    tell: tellOwn,
  });
  const labRoom = createLabRoom({
    clock,
    list: { sets, commands, knobs },
    tellAll,
    openWatch: async (knownHosts) =>
      openWatch({
        ...common,
        inventory: await openInventory({ load: async () => undefined, save: async () => undefined }),
        records: await labRecords(common),
        lab: true,
        history: inHostTime(historyIn(undefined, tellAll)),
        knownHosts: { userFiles: [], own: memoryTextFile('known_hosts of the lab', knownHosts) },
        tell: tellAll,
      }),
  });
  const watch = (): Watch => labRoom.open?.watch ?? own;

  const info: ConsoleInfo = {
    version: options.version,
    shell: options.shell,
    dataDir: dataDir.path,
    persistent: dataDir.persistent,
    platform: process.platform,
    node: process.version,
  };

  const reports = await openReports({
    ...common,
    folder: dataDir.persistent ? join(dataDir.path, 'reports') : undefined,
    schedules: await dataDir.json('schedules.json', schedulesFormat),
    sources: (asker) => reportSources(asker === 'person' ? watch() : own, settings.get(), options.version),
    pdf: options.pdf,
    onChanged: (changed) => tellAll('reports.changed', changed),
    onRemoved: (removed) => tellAll('reports.removed', removed),
    onScheduled: (schedules) => tellAll('reports.scheduled', schedules),
  });
  const handlers = createHandlers({ watch, lab: labRoom, reports, settings, notices, info, tellAll });

  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
    for (const { channel } of sessions) channel.close();
    await reports.close();
    for (const ended of await Promise.allSettled([labRoom.close(), own.close()]))
      if (ended.status === 'rejected') log.bug('closing', ended.reason);
    log.info('console ended');
    log.close();
    await dataDir.close();
  };

  try {
    if (options.hostFile !== undefined) await addFrom(options.hostFile, own.hosts);
    own.hosts.start();
    if (options.lab !== undefined) await labRoom.enter(options.lab || (labRoom.scenarios()[0]?.id ?? ''), undefined);
  } catch (error) {
    // What is up already would keep the process from ending.
    await close();
    throw error;
  }
  log.info('console started', { version: options.version, shell: options.shell, hosts: own.hosts.configs().length });

  return {
    attach: (channel) => {
      if (closed) return channel.close();
      const watchHosts: Handlers['samples.watch'] = ({ hosts: wanted }) => {
        session.watching = new Set(wanted);
        return null;
      };
      const { emit } = serve(channel, { ...handlers, 'samples.watch': watchHosts }, (name, error) =>
        log.bug(`request ${name}`, error),
      );
      const session: Session = { channel, emit, watching: new Set() };
      sessions.add(session);
      channel.onClose(() => sessions.delete(session));
    },
    close,
  };
}

/** Adds the hosts of a file; those whose name is taken are there already. */
async function addFrom(file: string, hosts: Hosts): Promise<void> {
  const text = await readText(file);
  if (text === undefined) return fail('file-unreadable', `There is no host file ${file}.`);
  const present = new Set(hosts.configs().map(({ name }) => name.trim().toLowerCase()));
  for (const draft of parseHostFile(text)) {
    if (!present.has(draft.name.trim().toLowerCase())) await hosts.add({ draft });
  }
}

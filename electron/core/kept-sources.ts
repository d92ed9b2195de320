/**
 * What reports are made from where no console runs, or beside one that does: the files of a data directory, read and
 * never written. Hosts are known by the inventory as far as it can be read, and by the history. The command line calls
 * it; report-sources.ts is the same for a console.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { HostConfig } from '#shared/model/host.ts';
import type { PlanView } from '#shared/model/plan.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import type { Notice, Settings } from '#shared/model/settings.ts';
import { problemOf } from '#shared/problem.ts';
import { catalogueOf } from './collect/catalogue.ts';
import { historyName } from './files/archive-manifest.ts';
import { jsonFile } from './files/json-file.ts';
import type { JsonFormat } from './files/json-file.ts';
import { settingsFormat } from './files/settings-file.ts';
import { memoryTextFile } from './files/text-file.ts';
import { readHistory } from './history/read-history.ts';
import type { HistoryReader } from './history/read-history.ts';
import { inventoryFormat } from './hosts/inventory.ts';
import { ledgerOf } from './ledger/ledger.ts';
import { whoIsHere } from './plan-records.ts';
import { platforms } from './platforms/index.ts';
import { planFormat } from './plans/format.ts';
import { viewOf } from './plans/store.ts';
import type { ReportSources } from './reports/sources.ts';
import { inPieces } from './totals-in-pieces.ts';

export interface Kept {
  readonly history: HistoryReader;
  readonly sources: ReportSources;
  close(): void;
}

export interface KeptOptions {
  readonly dataDir: string;
  readonly version: string;
  /** Ends what is being computed between two pieces of it. */
  readonly signal?: AbortSignal;
  /** Files that could not be used: the report is made without them. */
  warn(sentence: string): void;
}

/** Rejects: not-found when there is no history yet, file-unreadable, file-corrupt. */
export async function keptSources({ dataDir, version, signal, warn }: KeptOptions): Promise<Kept> {
  const history = readHistory(join(dataDir, historyName));
  const load = <T extends object>(name: string, format: JsonFormat<T>): Promise<T | undefined> =>
    loadOnly(join(dataDir, name), format, warn);
  const hosts = await loadHosts(dataDir, warn);
  const settings: Settings = (await load('settings.json', settingsFormat))?.settings ?? defaultSettings;
  const plans: PlanView[] = [];
  for (const name of await planNames(join(dataDir, 'plans'))) {
    const record = await load(join('plans', name), planFormat);
    if (record !== undefined) plans.push(viewOf(record));
  }
  const { money, intervalSeconds } = settings;
  const rest = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  return {
    history,
    close: () => history.close(),
    sources: {
      history,
      ledger: (query) =>
        ledgerOf(query, {
          history: inPieces(history, rest),
          platforms,
          lab: false,
          money,
          hostName: (host) => hosts.find(({ id }) => id === host)?.name,
          wanted: () => hosts.map(({ id }) => id),
        }),
      hosts: () => hosts.map(({ id, name, address, group, tags }: HostConfig) => ({ id, name, address, group, tags })),
      guests: () => [],
      plans: () => plans,
      catalogue: catalogueOf(platforms).entries,
      interval: intervalSeconds * 1000,
      lab: false,
      who: whoIsHere(),
      version,
      money,
    },
  };
}

/** None when the inventory cannot be read: the history knows hosts by their names as well. */
export async function loadHosts(dataDir: string, warn: KeptOptions['warn']): Promise<readonly HostConfig[]> {
  return (await loadOnly(join(dataDir, 'hosts.json'), inventoryFormat, warn))?.hosts ?? [];
}

/** A text file that is opened to be written clears away what another console may be writing just now: not here. */
async function loadOnly<T extends object>(
  path: string,
  format: JsonFormat<T>,
  warn: (sentence: string) => void,
): Promise<T | undefined> {
  const notify = ({ sentence }: Notice): void => warn(sentence);
  const file = jsonFile(memoryTextFile(path), format, { notify, persistent: false, now: Date.now });
  try {
    return await file.load();
  } catch (error) {
    const known = problemOf(error);
    if (known === undefined) throw error;
    warn(known.sentence);
    return undefined;
  }
}

async function planNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^[A-Za-z0-9][A-Za-z0-9_-]*\.json$/.test(name)).sort();
}

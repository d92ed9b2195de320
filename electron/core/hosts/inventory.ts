/**
 * The hosts the console knows, kept in hosts.json. What a call changed is on the disk before it answers, and when that
 * fails nothing has changed. Called by the hosts room only; it never connects, and holds no secrets (the schema
 * refuses every field it does not know).
 */
import * as z from 'zod';
import { fail } from '#shared/problem.ts';
import type { HostConfig, HostId } from '#shared/model/host.ts';
import { hostDraft, id as hostId } from '#shared/contract/schemas.ts';
import type { JsonFile } from '#core/ports.ts';

export interface InventoryFile {
  readonly hosts: readonly HostConfig[];
}

export const hostConfig: z.ZodType<HostConfig> = z.looseObject({ id: hostId }).transform(({ id, ...rest }, context) => {
  const draft = hostDraft.safeParse(rest);
  if (draft.success) return { id, ...draft.data };
  for (const issue of draft.error.issues)
    context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
  return z.NEVER;
});

const distinctIds = (hosts: readonly HostConfig[]): boolean =>
  new Set(hosts.map((host) => host.id)).size === hosts.length;

/** For whoever opens hosts.json. */
export const inventoryFormat: { readonly version: number; readonly schema: z.ZodType<InventoryFile> } = {
  version: 1,
  schema: z.strictObject({ hosts: z.array(hostConfig).refine(distinctIds, 'two hosts have the same id') }),
};

export interface Inventory {
  list(): readonly HostConfig[];
  get(id: HostId): HostConfig | undefined;
  /** Rejects: conflict when name or id is taken; file-unwritable, disk-full. So do the others that save. */
  add(config: HostConfig): Promise<HostConfig>;
  /** Names that are taken get a number behind them. Answers what was stored. Rejects: conflict when an id is taken. */
  addAll(configs: readonly HostConfig[]): Promise<readonly HostConfig[]>;
  /** Rejects: not-found, conflict. */
  replace(config: HostConfig): Promise<HostConfig>;
  /** Ids that are not there are passed over. Answers those that were. */
  remove(ids: readonly HostId[]): Promise<readonly HostId[]>;
}

/** Names that differ only in case or in spaces around them would be mistaken for each other. */
const nameKey = (name: string): string => name.trim().toLowerCase();
const longestName = 120;

function freeName(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(nameKey(candidate)); count += 1) {
    const suffix = ` (${count})`;
    candidate = `${name.slice(0, longestName - suffix.length).trimEnd()}${suffix}`;
  }
  return candidate;
}

/** The same hosts, each with a name that neither `others` nor one before it has. */
function withFreeNames(hosts: readonly HostConfig[], others: readonly HostConfig[]): HostConfig[] {
  const taken = new Set(others.map((host) => nameKey(host.name)));
  return hosts.map((host) => {
    const name = freeName(host.name, taken);
    taken.add(nameKey(name));
    return name === host.name ? host : { ...host, name };
  });
}

function refuseTakenName(config: HostConfig, others: Iterable<HostConfig>): void {
  for (const other of others)
    if (other.id !== config.id && nameKey(other.name) === nameKey(config.name))
      fail('conflict', `There is a host named ${other.name} already. Give this one another name.`);
}

export async function openInventory(file: JsonFile<InventoryFile>): Promise<Inventory> {
  const byId = (hosts: readonly HostConfig[]): Map<HostId, HostConfig> => new Map(hosts.map((host) => [host.id, host]));
  let current = byId(withFreeNames((await file.load())?.hosts ?? [], []));
  let last: Promise<unknown> = Promise.resolve();

  const refuseTakenId = (config: HostConfig): void => {
    if (current.has(config.id)) fail('conflict', `There is a host with the id ${config.id} already.`);
  };

  /** One change after the other; memory follows the disk. */
  const change = <Answer>(next: () => { hosts: Map<HostId, HostConfig>; answer: Answer }): Promise<Answer> => {
    const turn = last.then(async () => {
      const { hosts, answer } = next();
      await file.save({ hosts: [...hosts.values()] });
      current = hosts;
      return answer;
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    list: () => [...current.values()],
    get: (id) => current.get(id),
    add: (config) =>
      change(() => {
        refuseTakenId(config);
        refuseTakenName(config, current.values());
        return { hosts: new Map(current).set(config.id, config), answer: config };
      }),
    addAll: (configs) =>
      change(() => {
        configs.forEach(refuseTakenId);
        if (!distinctIds(configs)) fail('conflict', 'Two of the hosts to add have the same id.');
        const answer = withFreeNames(configs, [...current.values()]);
        return { hosts: byId([...current.values(), ...answer]), answer };
      }),
    replace: (config) =>
      change(() => {
        if (!current.has(config.id))
          fail('not-found', `${config.name} is no longer among the hosts. Add it again to keep it.`);
        refuseTakenName(config, current.values());
        return { hosts: new Map(current).set(config.id, config), answer: config };
      }),
    remove: (ids) =>
      change(() => {
        const hosts = new Map(current);
        return { hosts, answer: [...new Set(ids)].filter((id) => hosts.delete(id)) };
      }),
  };
}

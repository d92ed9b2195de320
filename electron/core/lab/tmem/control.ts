/** What the toolstack may ask of tmem: freeze and thaw, weight, cap, compress, authorisation of shared pools. */
import { uuidKey } from './pools.ts';
import { result } from './results.ts';
import { clientOf } from './tmem.ts';
import type { Client, Domain, Tmem, Uuid } from './tmem.ts';

export type Setting = 'weight' | 'cap' | 'compress';

/** A toolstack's call is an operation too where the version counts it. */
export function controlled(tmem: Tmem, answer: number): number {
  if (tmem.traits.countsControl) {
    tmem.stats.Tt += 1;
    if (answer < 0) tmem.stats.Te += 1;
  }
  return answer;
}

/** @param domid undefined: all clients @returns 0, or ENOENT when the domain is no client */
export function freeze(tmem: Tmem, domid: number | undefined, frozen: boolean): number {
  const clients = chosen(tmem, domid);
  if (clients === undefined) return controlled(tmem, result.ENOENT);
  for (const { stats } of clients) stats.fr = frozen ? 1 : 0;
  tmem.options.say(`tmem: all pools ${frozen ? 'frozen' : 'thawed'} for ${whose(domid)}`);
  return controlled(tmem, 0);
}

/**
 * Values are stored as they come. On 4.11 a setting of all clients starts from a blank client and overwrites the
 * other settings as well; there it fails when there is no client at all.
 * @returns 0, or ENOENT
 */
export function set(tmem: Tmem, domid: number | undefined, setting: Setting, value: number): number {
  const clients = chosen(tmem, domid);
  const { setsAlone } = tmem.traits;
  if (clients === undefined || (!setsAlone && clients.length === 0)) return controlled(tmem, result.ENOENT);
  for (const client of clients) {
    if (setsAlone) write(tmem, client, setting, value);
    else overwrite(tmem, client, domid === undefined, setting, value);
  }
  return controlled(tmem, 0);
}

/** From 4.8 on: both settings are written, and the console hears of those that changed. */
function overwrite(tmem: Tmem, client: Client, blank: boolean, setting: Setting, value: number): void {
  const { ww, co } = client.stats;
  const weight = setting === 'weight' ? value : blank ? 0 : ww;
  const compress = setting === 'compress' ? value & 1 : blank ? 0 : co;
  if (weight !== ww) write(tmem, client, 'weight', weight);
  if (compress !== co) write(tmem, client, 'compress', compress);
}

function write(tmem: Tmem, { stats, domain }: Client, setting: Setting, value: number): void {
  const whose = `for domid=${String(domain.domid)}`;
  switch (setting) {
    case 'weight':
      stats.ww = value;
      return tmem.options.say(`tmem: weight set to ${String(value)} ${whose}`);
    case 'cap':
      stats.ca = value;
      return tmem.options.say(`tmem: cap set to ${String(value)} ${whose}`);
    case 'compress': {
      const on = tmem.traits.setsAlone ? value !== 0 : (value & 1) === 1;
      // Pages that are there stay as they are.
      stats.co = on ? 1 : 0;
      return tmem.options.say(`tmem: compression ${on ? 'enabled' : 'disabled'} ${whose}`);
    }
  }
}

/** Counts at the next mount; a sharer that is there stays. */
export function authorise(tmem: Tmem, domain: Domain, uuid: Uuid, allowed: boolean): number {
  const client = tmem.traits.setsAlone ? tmem.clients.get(domain.domid) : clientOf(tmem, domain);
  if (client === undefined) return controlled(tmem, result.ENOENT);
  if (allowed) client.authorised.add(uuidKey(uuid));
  else client.authorised.delete(uuidKey(uuid));
  return controlled(tmem, 0);
}

const whose = (domid: number | undefined): string => (domid === undefined ? 'all domains' : `domid=${String(domid)}`);

function chosen(tmem: Tmem, domid: number | undefined): readonly Client[] | undefined {
  if (domid === undefined) return [...tmem.clients.values()];
  const client = tmem.clients.get(domid);
  return client && [client];
}

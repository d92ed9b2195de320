/**
 * The pools of a list, each once. A shared pool stands in the list as an S line and again as a P line of every
 * sharer; and where there are two S lines, the second repeats the name of the first (the hypervisor copies the head
 * of the line). So shared pools are taken from P lines, by U0 and U1; an S line is believed only when it is the first
 * one and no P line was left of its pool (docs/domain.md 3.2, 5.2 trap 1).
 */
import { bytes, pages, pagesToBytes } from '#shared/units.ts';
import type { PoolReading } from '#shared/model/pool.ts';
import { poolKeys } from './catalogue/tmem.ts';
import type { Values } from './values.ts';
import { numberOf } from './xl/record.ts';
import type { TmemRecord } from './xl/record.ts';
import type { TmemList } from './xl/tmem-list.ts';
import { sharedName } from './xl/uuid.ts';
import type { SharedName } from './xl/uuid.ts';

export interface Pool {
  readonly key: string;
  readonly type: 'EP' | 'ES' | 'PP' | 'PS';
  /** Domains it belongs to; of a shared pool all sharers, in the order of the list. */
  readonly owners: readonly number[];
  readonly number: number | undefined;
  readonly shared: SharedName | undefined;
  readonly record: TmemRecord;
}

/**
 * A key names the domain, the number in it, the kind and the name. A pool that is made anew under the same number
 * (umount, mount) cannot be told from here: its counters go back to 0, which is how it is seen.
 */
export function poolsOf(list: TmemList): readonly Pool[] {
  const found = new Map<string, Pool>();
  for (const record of list.pools) addPool(found, record, numberOf(record, 'CI'));
  const first = list.shared[0];
  const name = first && sharedName(first.fields.get('U0'), first.fields.get('U1'));
  if (first && name) {
    const key = sharedKey(name);
    const owners = [...new Set([...(found.get(key)?.owners ?? []), ...first.sharers])];
    const known = found.get(key);
    if (known) found.set(key, { ...known, owners });
    else found.set(key, { key, type: 'ES', owners, number: undefined, shared: name, record: first });
  }
  return [...found.values()];
}

const sharedKey = (name: SharedName): string => `xen-tmem:shared:${name.authorise}`;

function addPool(found: Map<string, Pool>, record: TmemRecord, domid: number | undefined): void {
  const number = numberOf(record, 'PI');
  const type = record.fields.get('PT') as Pool['type'] | undefined;
  if (domid === undefined || number === undefined || type === undefined) return;
  const shared = type.endsWith('S') ? sharedName(record.fields.get('U0'), record.fields.get('U1')) : undefined;
  const key = shared ? sharedKey(shared) : `xen-tmem:${String(domid)}:${String(number)}:${type}`;
  const known = found.get(key);
  if (!known) found.set(key, { key, type, owners: [domid], number, shared, record });
  else if (!known.owners.includes(domid)) found.set(key, { ...known, owners: [...known.owners, domid] });
}

export const isEphemeral = ({ type }: Pool): boolean => type.startsWith('E');

/** Readings and metrics of the pools. @param guest key and name of a domain, @param plain whether pages are kept whole */
export function readPools(
  out: Values,
  list: TmemList,
  pools: readonly Pool[],
  pageSize: number,
  guest: (domid: number) => { readonly key: string; readonly name: string },
): readonly PoolReading[] {
  const clients = new Map(list.clients.map((record) => [numberOf(record, 'CI'), record]));
  const deduplicates = (numberOf(list.global, 'Sc') ?? 0) > 0;
  return pools.map((pool): PoolReading => {
    const { key, record, owners } = pool;
    for (const [name] of poolKeys) out.put(`xen.tmem.P.${name}`, numberOf(record, name), list.source, record.line, key);
    const known = (name: string) => numberOf(record, name);
    const kept = known('Pc');
    const size = kept === undefined ? undefined : pagesToBytes(pages(kept), pageSize);
    const said = (amount: number, formula: string) => ({
      bytes: bytes(amount),
      source: `${formula} (${list.source})`,
      at: list.at,
    });
    const whole = !deduplicates && owners.every((domid) => numberOf(clients.get(domid), 'cp') === 0);
    const frozen = owners.map((domid) => numberOf(clients.get(domid), 'fr'));
    const refused = known('px');
    return {
      key,
      title: titleOf(pool, owners.map(guest)),
      mechanism: 'tmem',
      kind: isEphemeral(pool) ? 'ephemeral' : 'persistent',
      sharing: pool.shared ? 'shared' : 'private',
      owners: owners.map((domid) => guest(domid).key),
      ...(size === undefined ? {} : { holds: said(size, 'Pc · page size') }),
      // What compressed or deduplicated pages take is told for a whole guest or host only.
      ...(size === undefined || !whole ? {} : { takes: said(size, 'Pc · page size, none compressed') }),
      traffic: {
        ...only('puts', known('pt')),
        ...only('refused', refused === undefined ? undefined : refused + (known('pd') ?? 0)),
        ...only('gets', known('gt')),
        ...only('found', known('gs')),
        ...only('flushes', known('ft')),
      },
      ...(frozen.every((flag) => flag !== undefined) ? { frozen: frozen.every((flag) => flag === 1) } : {}),
    };
  });
}

const only = <Name extends string>(name: Name, value: number | undefined): { readonly [name in Name]?: number } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [name in Name]: number });

function titleOf(pool: Pool, owners: readonly { readonly name: string }[]): string {
  if (pool.shared) return `cleancache of file system ${pool.shared.fileSystem}, shared`;
  const what = isEphemeral(pool) ? 'cleancache' : 'frontswap';
  const number = pool.number === undefined ? '' : ` (pool ${String(pool.number)})`;
  return `${what} of ${owners.map(({ name }) => name).join(', ')}${number}`;
}

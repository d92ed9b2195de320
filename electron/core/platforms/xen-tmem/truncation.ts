/**
 * Was the list cut? xl hands the hypervisor 32 KiB. Lines that do not fit are dropped whole and silently, and later,
 * shorter ones still appear; only C lines are cut in the middle; the T line mostly survives. So what is missing shows
 * in the sums only: pages without pools (docs/domain.md 3.2).
 */
import type { ReadTrouble } from '../platform.ts';
import type { Pool } from './pools.ts';
import { numberOf } from './xl/record.ts';
import type { TmemList } from './xl/tmem-list.ts';

export interface Truncation {
  readonly cut: boolean;
  readonly troubles: readonly ReadTrouble[];
}

export function truncation(list: TmemList, pools: readonly Pool[]): Truncation {
  if (!list.whole || !list.long) return { cut: false, troubles: [] };
  const path = `$ ${list.source}`;
  const line = list.global?.line ?? list.clients[0]?.line ?? list.shared[0]?.line ?? 1;
  const words: string[] = [];
  if (!list.global) words.push('the list has no G line: it was cut, and figures of the whole host are missing');
  const withPools = new Set(list.pools.map((record) => numberOf(record, 'CI')));
  const bare = list.clients.filter(
    (client) => (numberOf(client, 'Ec') ?? 0) > 0 && !withPools.has(numberOf(client, 'CI')),
  );
  if (bare.length > 0) {
    const domains = bare.slice(0, 5).map((client) => String(numberOf(client, 'CI')));
    words.push(
      `the list was cut: domain ${domains.join(', ')}${bare.length > 5 ? ` and ${String(bare.length - 5)} more` : ''} ` +
        'has pages and no pool lines; xl tmem-list -l NAME shows a single domain whole',
    );
  }
  const [kept, told] = [numberOf(list.global, 'Pc'), sum(pools)];
  if (kept !== undefined && bare.length === 0 && kept > told)
    words.push(
      `the list was cut: tmem keeps ${String(kept)} pages, and the pools listed hold ${String(told)}; ` +
        'xl tmem-list -l NAME shows a single domain whole',
    );
  return { cut: words.length > 0, troubles: words.map((said) => ({ path, line, words: said })) };
}

const sum = (pools: readonly Pool[]): number => pools.reduce((so, { record }) => so + (numberOf(record, 'Pc') ?? 0), 0);

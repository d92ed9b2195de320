/** What entries come to. Parts are never added to each other, and a guest's entries never to its host's. */
import { mechanisms } from '#shared/model/ledger.ts';
import type { LedgerEntry, LedgerPart, LedgerSums, Mechanism } from '#shared/model/ledger.ts';

/** undefined where nobody tells: nothing known is not nothing saved. */
export function total(parts: readonly (number | undefined)[]): number | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, part) => sum + part, 0);
}

export function sumsOf(entries: readonly LedgerEntry[]): LedgerSums {
  const of = (part: LedgerPart): readonly LedgerEntry[] => entries.filter((entry) => entry.part === part);
  const net = (some: readonly LedgerEntry[]): number | undefined => total(some.map((entry) => entry.net.value));
  const saved = of('saved');
  return compact({
    saved: net(saved),
    gross: total(saved.map(({ gross }) => gross.value)),
    overhead: total(saved.map(({ overhead }) => overhead?.value)),
    capacity: net(of('capacity')),
    moved: net(of('moved')),
    lent: net(of('lent')),
    readsAvoided: net(of('reads-avoided')),
    writesAvoided: net(of('writes-avoided')),
    byMechanism: byMechanism((mechanism) => net(saved.filter((entry) => entry.mechanism === mechanism))),
  });
}

export function sumsTogether(all: readonly LedgerSums[]): LedgerSums {
  const over = (name: keyof Omit<LedgerSums, 'byMechanism'>): number | undefined => total(all.map((one) => one[name]));
  return compact({
    saved: over('saved'),
    gross: over('gross'),
    overhead: over('overhead'),
    capacity: over('capacity'),
    moved: over('moved'),
    lent: over('lent'),
    readsAvoided: over('readsAvoided'),
    writesAvoided: over('writesAvoided'),
    byMechanism: byMechanism((mechanism) => total(all.map((one) => one.byMechanism[mechanism]))),
  });
}

function byMechanism(sumOf: (mechanism: Mechanism) => number | undefined): LedgerSums['byMechanism'] {
  const sums: { [mechanism in Mechanism]?: number } = {};
  for (const mechanism of mechanisms) {
    const sum = sumOf(mechanism);
    if (sum !== undefined) sums[mechanism] = sum;
  }
  return sums;
}

type Loose = { readonly [name in keyof LedgerSums]: LedgerSums[name] | undefined };

/** What is not known is not there at all. */
const compact = (sums: Loose): LedgerSums =>
  Object.fromEntries(Object.entries(sums).filter(([, value]) => value !== undefined)) as unknown as LedgerSums;

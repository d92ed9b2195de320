/** Sums over a ledger that reports need beside the ledger's own: harm of a scope, and each mechanism over all hosts. */
import type {
  Harm,
  Ledger,
  LedgerEntry,
  LedgerPart,
  LedgerScope,
  LedgerSums,
  Mechanism,
} from '#shared/model/ledger.ts';
import { mechanisms } from '#shared/model/ledger.ts';
import type { CellUnit } from '../format.ts';

export interface HarmFigure {
  readonly value: number;
  readonly unit: CellUnit;
  readonly peak?: number | undefined;
}

/** Shares of time do not add up: the worst counts. Counts of several files or devices do. */
export function harmOf({ harm: all }: Pick<LedgerScope, 'harm'>, harm: Harm): HarmFigure | undefined {
  const entries = all.filter((entry) => entry.harm === harm);
  const [first] = entries;
  if (first === undefined) return undefined;
  const values = entries.map(({ figure }) => figure.value);
  const peaks = entries.flatMap(({ peak }) => (peak === undefined ? [] : [peak]));
  const worst = first.figure.unit !== 'count' && first.figure.unit !== 'pages';
  return {
    value: worst ? Math.max(...values) : sum(values),
    unit: first.figure.unit,
    peak: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}

export const harmValue = (scope: Pick<LedgerScope, 'harm'>, harm: Harm): number => harmOf(scope, harm)?.value ?? 0;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export interface MechanismSums {
  readonly mechanism: Mechanism;
  readonly gross?: number | undefined;
  readonly overhead?: number | undefined;
  readonly net?: number | undefined;
  readonly capacity?: number | undefined;
  readonly moved?: number | undefined;
  readonly lent?: number | undefined;
  readonly readsAvoided?: number | undefined;
  readonly writesAvoided?: number | undefined;
  /** Hosts on which it did anything. */
  readonly hosts: number;
}

/** The hosts' own entries; a guest's are part of them. */
export const hostEntries = ({ hosts }: Pick<Ledger, 'hosts'>): readonly LedgerEntry[] =>
  hosts.flatMap(({ entries }) => entries);

export function mechanismSums(ledger: Ledger): readonly MechanismSums[] {
  const entries = hostEntries(ledger);
  return mechanisms.flatMap((mechanism): MechanismSums[] => {
    const own = entries.filter((entry) => entry.mechanism === mechanism);
    if (own.length === 0) return [];
    const of = (part: LedgerPart, pick: (entry: LedgerEntry) => number | undefined): number | undefined => {
      const values = own.filter((entry) => entry.part === part).flatMap((entry) => pick(entry) ?? []);
      return values.length === 0 ? undefined : sum(values);
    };
    const net = (entry: LedgerEntry): number => entry.net.value;
    return [
      {
        mechanism,
        gross: of('saved', ({ gross }) => gross.value),
        overhead: of('saved', ({ overhead }) => overhead?.value),
        net: ledger.sums.byMechanism[mechanism],
        capacity: of('capacity', net),
        moved: of('moved', net),
        lent: of('lent', net),
        readsAvoided: of('reads-avoided', net),
        writesAvoided: of('writes-avoided', net),
        hosts: new Set(own.filter(works).map(({ host }) => host)).size,
      },
    ];
  });
}

/** It kept something, or avoided something: more than a file that says 0. */
export const works = ({ gross, net }: LedgerEntry): boolean => gross.value !== 0 || net.value !== 0;

/** Mechanisms by what they save, the most first and those that cost more than they save last; without those of nothing. */
export const bySaving = ({ byMechanism }: LedgerSums): readonly { mechanism: Mechanism; net: number }[] =>
  mechanisms
    .flatMap((mechanism) => {
      const net = byMechanism[mechanism];
      return net === undefined || net === 0 ? [] : [{ mechanism, net }];
    })
    .sort((a, b) => b.net - a.net);

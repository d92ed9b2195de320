/**
 * The ledger as rows of tables. What is saved, what is gained as cache, what is kept elsewhere and what is lent are
 * never added to each other; what a guest has is part of what its host has. Pure.
 */
import { harms, mechanisms } from '#shared/model/ledger.ts';
import type {
  Harm,
  HarmEntry,
  HostLedger,
  Ledger,
  LedgerEntry,
  LedgerPart,
  LedgerScope,
  LedgerSums,
  Mechanism,
} from '#shared/model/ledger.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { figureOf, plainFigure, sumOf, type EntryFigure, type OpenFigure } from './figures.ts';

/** The colour of the chart above that the mechanism is part of. */
export const mechanismColors: { readonly [mechanism in Mechanism]: string } = {
  zswap: 'compressed',
  zram: 'compressed',
  ksm: 'merged',
  balloon: 'ballooned',
  zcache: 'compressed',
  'tmem-persistent': 'compressed',
  'tmem-ephemeral': 'ephemeral',
  ramster: 'remote',
  cleancache: 'ephemeral',
  frontswap: 'compressed',
};

export interface MechanismRow {
  readonly mechanism: Mechanism;
  readonly title: string;
  readonly gross: OpenFigure | undefined;
  readonly overhead: OpenFigure | undefined;
  readonly net: OpenFigure | undefined;
  /** Percent of all that is saved; undefined where nothing is. */
  readonly share: number | undefined;
}

interface Owned {
  readonly entry: LedgerEntry;
  readonly whose: string;
}
const entriesOf = (scopes: readonly LedgerScope[], part: LedgerPart): readonly Owned[] =>
  scopes.flatMap((scope) =>
    scope.entries.filter((entry) => entry.part === part).map((entry) => ({ entry, whose: scope.name })),
  );

export function mechanismRows(ledger: Ledger, part: LedgerPart = 'saved'): readonly MechanismRow[] {
  const all = entriesOf(ledger.hosts, part);
  const saved = part === 'saved' ? (ledger.sums.saved ?? 0) : 0;
  return mechanisms.flatMap((mechanism) => {
    const mine = all.filter(({ entry }) => entry.mechanism === mechanism);
    if (mine.length === 0) return [];
    const title = mechanismTitles[mechanism];
    const of = (which: EntryFigure): OpenFigure | undefined =>
      sumOf(
        which === 'net' ? title : `${title}, ${which}`,
        mine.map(({ entry, whose }) => figureOf(entry, which, whose)),
      );
    const net = of('net');
    const share = net === undefined || saved <= 0 ? undefined : (net.value / saved) * 100;
    return [{ mechanism, title, gross: of('gross'), overhead: of('overhead'), net, share }];
  });
}

/** The bottom line of the rows, each figure the sum of its column. */
export const totalRow = (rows: readonly MechanismRow[]): Pick<MechanismRow, EntryFigure> => ({
  gross: sumOf(
    'Gross of all mechanisms',
    rows.map(({ gross }) => gross),
  ),
  overhead: sumOf(
    'What keeping it takes, all mechanisms',
    rows.map(({ overhead }) => overhead),
  ),
  net: sumOf(
    'Saved by all mechanisms',
    rows.map(({ net }) => net),
  ),
});

/** Everything one host or guest has in a part. */
export const scopeFigure = (scope: LedgerScope, part: LedgerPart, title: string): OpenFigure | undefined =>
  sumOf(
    `${title}, ${scope.name}`,
    entriesOf([scope], part).map(({ entry, whose }) => figureOf(entry, 'net', whose)),
  );

export interface HarmRow {
  readonly harm: Harm;
  readonly title: string;
  readonly entry: HarmEntry | undefined;
  readonly figure: OpenFigure | undefined;
}
const harmTitles: { readonly [harm in Harm]: string } = {
  'psi-some': 'Some tasks wait for memory',
  'psi-full': 'All tasks wait for memory',
  refaults: 'Refaults',
  'swap-ins': 'Pages back from swap',
  'stall-per-swap-in': 'Stall per page back from swap',
  rejects: 'Rejects',
  'oom-kills': 'OOM kills',
};
export const harmRows = (entries: readonly HarmEntry[], whose: string): readonly HarmRow[] =>
  harms.map((harm) => {
    const entry = entries.find((one) => one.harm === harm);
    return {
      harm,
      title: harmTitles[harm],
      entry,
      figure: entry && plainFigure(`${harmTitles[harm]}, ${whose}`, entry.figure, entry.notes),
    };
  });
export const harmOf = (scope: LedgerScope, harm: Harm): OpenFigure | undefined =>
  harmRows(scope.harm, scope.name).find((row) => row.harm === harm)?.figure;

/** Undefined where nobody tells. */
export const overcommitOf = (host: HostLedger): OpenFigure | undefined =>
  host.overcommit && plainFigure(`Overcommit ratio, ${host.name}`, host.overcommit);

export const hasFigures = ({ saved, capacity, moved, lent, readsAvoided, writesAvoided }: LedgerSums): boolean =>
  [saved, capacity, moved, lent, readsAvoided, writesAvoided].some((sum) => sum !== undefined);

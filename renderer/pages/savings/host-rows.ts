/** The hosts of a ledger as rows of a table. Pure. */
import type { Harm, HostLedger, Ledger } from '#shared/model/ledger.ts';
import { plainFigure, sumOf, type OpenFigure } from './figures.ts';
import { harmOf, harmRows, overcommitOf, scopeFigure } from './ledger-rows.ts';

export interface HostRowView {
  readonly host: HostLedger;
  readonly saved: OpenFigure | undefined;
  readonly capacity: OpenFigure | undefined;
  readonly waited: OpenFigure | undefined;
  readonly swapIns: OpenFigure | undefined;
  readonly kills: OpenFigure | undefined;
  readonly overcommit: OpenFigure | undefined;
  /** Percent of the span. */
  readonly covered: number;
}

export function hostRows({ hosts, from, to }: Ledger): readonly HostRowView[] {
  return hosts.map((host) => ({
    host,
    saved: scopeFigure(host, 'saved', 'Saved'),
    capacity: scopeFigure(host, 'capacity', 'Capacity gained'),
    waited: harmOf(host, 'psi-some'),
    swapIns: harmOf(host, 'swap-ins'),
    kills: harmOf(host, 'oom-kills'),
    overcommit: overcommitOf(host),
    covered: to > from ? Math.min(100, (host.coveredMs / (to - from)) * 100) : 0,
  }));
}

/** The bottom line: sums, of shares of time the worst host's. */
export function allHosts(ledger: Ledger, rows: readonly HostRowView[]): Omit<HostRowView, 'host' | 'covered'> {
  const harm = harmRows(ledger.harm, 'all hosts');
  const of = (which: Harm): OpenFigure | undefined => harm.find((row) => row.harm === which)?.figure;
  return {
    saved: sumOf(
      'Saved on all hosts',
      rows.map(({ saved }) => saved),
    ),
    capacity: sumOf(
      'Capacity gained on all hosts',
      rows.map(({ capacity }) => capacity),
    ),
    waited: of('psi-some'),
    swapIns: of('swap-ins'),
    kills: of('oom-kills'),
    overcommit: ledger.overcommit && plainFigure('Overcommit ratio, all hosts', ledger.overcommit),
  };
}

export const hostColumns: readonly {
  readonly id: string;
  readonly title: string;
  readonly about?: string;
  readonly sortBy: (row: HostRowView) => string | number | undefined;
}[] = [
  { id: 'name', title: 'Host', sortBy: ({ host }) => host.name },
  { id: 'saved', title: 'Saved', about: 'Net, all mechanisms', sortBy: ({ saved }) => saved?.value },
  {
    id: 'capacity',
    title: 'Capacity gained',
    about: 'Cache that may vanish; not part of what is saved',
    sortBy: ({ capacity }) => capacity?.value,
  },
  {
    id: 'waited',
    title: 'Waited',
    about: 'Share of time in which some task waited for memory',
    sortBy: ({ waited }) => waited?.value,
  },
  {
    id: 'swapIns',
    title: 'Swap-ins',
    about: 'Pages that came back from swap',
    sortBy: ({ swapIns }) => swapIns?.value,
  },
  { id: 'kills', title: 'OOM kills', sortBy: ({ kills }) => kills?.value },
  { id: 'ram', title: 'RAM', sortBy: ({ host }) => host.ram },
  {
    id: 'overcommit',
    title: 'Overcommit',
    about: 'Promised to guests against what the host has; the definition stands below the table',
    sortBy: ({ overcommit }) => overcommit?.value,
  },
  { id: 'covered', title: 'Known', about: 'Share of the span with readings', sortBy: ({ covered }) => covered },
];

/** Numbers of the benchmark: percentiles, and rows of its one table. Pure. */

export interface Row {
  readonly what: string;
  readonly figure: number;
  readonly unit: 'ms' | '%' | 'MB' | 'B' | 'times';
  /** The figure is to stay below `below`, or to reach `atLeast`. */
  readonly budget?: { readonly below: number } | { readonly atLeast: number };
  /** The same thing done by somebody else in the same run, in the same unit. */
  readonly peer?: { readonly who: string; readonly figure: number };
  /** Further figures of the same measurement. */
  readonly also?: string;
}

/** A row that should have been there. */
export interface Missing {
  readonly what: string;
  readonly why: string;
}

/** @param share 0…1; undefined for no samples */
export function percentile(samples: readonly number[], share: number): number | undefined {
  if (samples.length === 0) return undefined;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

/** Throws for no samples: a figure that was not measured must not become 0. */
export function percentileOf(samples: readonly number[], share: number): number {
  const found = percentile(samples, share);
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

export type Verdict = 'ok' | 'over' | '';

export function verdictOf({ figure, budget }: Pick<Row, 'figure' | 'budget'>): Verdict {
  if (budget === undefined) return '';
  return ('below' in budget ? figure < budget.below : figure >= budget.atLeast) ? 'ok' : 'over';
}

/** How many times the peer's figure is ours; undefined where either is nothing. */
export function ratioOf({ figure, peer }: Pick<Row, 'figure' | 'peer'>): number | undefined {
  return peer === undefined || figure <= 0 || peer.figure <= 0 ? undefined : peer.figure / figure;
}

/** Three digits that count. */
export function shown(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

const unitWords = { ms: ' ms', '%': ' %', MB: ' MB', B: ' B', times: ' ×' } as const;
const heads = ['what', 'figure', 'budget', 'peer', 'ratio', ''] as const;

/** The table as lines of text; what was not measured stands below it, with why. */
export function table(rows: readonly Row[], missing: readonly Missing[]): string {
  const cells = rows.map((row) => {
    const unit = unitWords[row.unit];
    const ratio = ratioOf(row);
    const { budget, peer } = row;
    return [
      row.what,
      shown(row.figure) + unit,
      budget === undefined ? '' : 'below' in budget ? `< ${budget.below}${unit}` : `≥ ${budget.atLeast}${unit}`,
      peer === undefined ? '' : `${shown(peer.figure)}${unit} ${peer.who}`,
      ratio === undefined ? '' : `${shown(ratio)} ×`,
      verdictOf(row),
    ];
  });
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const notes = rows.filter(({ also }) => also !== undefined).map(({ what, also }) => `  ${what}: ${also ?? ''}`);
  return [
    line(heads),
    line(widths.map((width) => '-'.repeat(width))),
    ...cells.map(line),
    ...missing.map(({ what, why }) => `${what}: not measured: ${why}`),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n');
}

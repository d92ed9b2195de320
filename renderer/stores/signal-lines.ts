/** From a host's or guest's series to signals over time, by what the catalogue says each metric stands for. Pure. */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { Line } from './series-rings.ts';

export interface SignalLine extends Line {
  readonly source?: string;
}
export type SignalLines = { readonly [signal in SignalId]?: SignalLine };

/**
 * `saved.*` and amounts of several platforms add up; of harm the worst counts. At a moment where one part is a gap,
 * the known parts stand; where all are, it is a gap.
 * @param linesOf every line of a metric (one for the host, or one per device).
 */
export function signalLines(
  catalogue: readonly CatalogueEntry[],
  linesOf: (entry: CatalogueEntry) => readonly Line[],
  sourceOf: (entry: CatalogueEntry) => string | undefined = () => undefined,
): SignalLines {
  const parts = new Map<SignalId, { lines: Line[]; sources: string[] }>();
  for (const entry of catalogue) {
    if (entry.signal === undefined) continue;
    const lines = linesOf(entry).filter((line) => line.at.length > 0);
    if (lines.length === 0) continue;
    const part = parts.get(entry.signal) ?? { lines: [], sources: [] };
    parts.set(entry.signal, part);
    part.lines.push(...lines);
    part.sources.push(sourceOf(entry) ?? entry.title);
  }
  const result: { [signal in SignalId]?: SignalLine } = {};
  for (const [signal, { lines, sources }] of parts)
    result[signal] = { ...combine(lines, signal.startsWith('harm.') ? Math.max : sum), source: sources.join(' + ') };
  return result;
}

const sum = (a: number, b: number): number => a + b;

function combine(lines: readonly Line[], join: (a: number, b: number) => number): Line {
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  const at = [...new Set(lines.flatMap((line) => line.at))].sort((a, b) => a - b);
  const known = lines.map((line) => new Map(line.at.map((moment, i) => [moment, line.values[i] ?? null])));
  const values = at.map((moment) =>
    known.reduce<number | null>((all, of) => {
      const value = of.get(moment) ?? null;
      return value === null ? all : all === null ? value : join(all, value);
    }, null),
  );
  return { at, values };
}

/**
 * What a change did: the same figures over a window before the first write and one since the last. Pure. A window that
 * is too short, or in which a host was not read, is said and not papered over.
 */
import type { HostId } from '#shared/model/host.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { signals } from '#shared/model/metric.ts';
import type { Impact, ImpactLine } from '#shared/model/plan.ts';
import type { SignalTable } from '#core/ports.ts';

export const impactSignals: readonly SignalId[] = signals.filter((signal) => /^(saved|capacity|harm)\./.test(signal));
/** Milliseconds of each window. */
export const impactWindowMs = 300_000;
/** So long after the plan was kept its effect is still measured anew. */
export const impactAfterKeepMs = 600_000;
const fewest = 5;
/** A host that took its time over a long reading was not away: minutes of means do not hang on it. */
const longestPauseMs = 15_000;

export interface ImpactSite {
  readonly host: HostId;
  readonly name: string;
  /** Columns are `impactSignals`. */
  readonly before: SignalTable;
  readonly after: SignalTable;
  readonly rebooted: boolean;
}

export function impactOf(sites: readonly ImpactSite[], intervalMs: number): Impact {
  const beforeSeconds = shortest(sites.map(({ before }) => before));
  const afterSeconds = shortest(sites.map(({ after }) => after));
  const lack = sites.map((site) => lackOf(site, intervalMs)).find((words) => words !== undefined);
  return {
    enough: lack === undefined && sites.length > 0,
    words:
      lack ??
      `Means of ${spanWords(beforeSeconds)} before the first step and of ${spanWords(afterSeconds)} since the last one.`,
    beforeSeconds,
    afterSeconds,
    lines: sites.flatMap(linesOf),
  };
}

function lackOf({ name, before, after, rebooted }: ImpactSite, intervalMs: number): string | undefined {
  if (rebooted) return `Not enough data: ${name} was booted again, so before and after are not the same.`;
  for (const [table, when] of [
    [before, 'before the first step'],
    [after, 'since the last step'],
  ] as const) {
    const times = readings(table);
    if (times.length < fewest)
      return `Not enough data: ${name} was read ${timesWords(times.length)} ${when}; it takes ${fewest}.`;
    // The rings hold an empty row where a host did not answer.
    const steps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    // Somebody may have changed the interval meanwhile: what was usual then counts too.
    const usual = Math.max(intervalMs, steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0);
    const gap = times.length < table.at.length || steps.some((step) => step > Math.max(usual * 2.5, longestPauseMs));
    if (gap) return `Not enough data: ${name} was not read for a while ${when}.`;
  }
  return undefined;
}

const readings = ({ at, columns }: SignalTable): number[] =>
  at.filter((_, row) => columns.some((column) => (column[row] ?? null) !== null));

function linesOf({ host, before, after }: ImpactSite): ImpactLine[] {
  return impactSignals.flatMap((signal, index): ImpactLine[] => {
    const line = { host, signal, before: mean(before.columns[index]), after: mean(after.columns[index]) };
    return line.before === undefined && line.after === undefined ? [] : [line];
  });
}

function mean(column: readonly (number | null)[] = []): number | undefined {
  const values = column.filter((value) => value !== null);
  return values.length < fewest ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shortest(tables: readonly SignalTable[]): number {
  const spans = tables.map(({ at }) => (at.at(-1) ?? 0) - (at[0] ?? 0));
  return spans.length === 0 ? 0 : Math.round(Math.min(...spans) / 1000);
}

const timesWords = (count: number): string => (count === 0 ? 'not at all' : count === 1 ? 'once' : `${count} times`);
const spanWords = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

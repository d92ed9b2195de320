/** What a change did, in one figure and in full. Pure. */
import type { Impact, ImpactLine, PlanView } from '#shared/model/plan.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { absent } from '#shared/format/absent.ts';
import { formatMove } from '../../format/signal.ts';

/** Saved memory over all hosts and mechanisms; undefined where nobody told both ends. */
export function savedMove(impact: Impact): { readonly before: number; readonly after: number } | undefined {
  const told = impact.lines.filter(
    (line): line is ImpactLine & { before: number; after: number } =>
      line.signal.startsWith('saved.') && line.before !== undefined && line.after !== undefined,
  );
  if (told.length === 0) return undefined;
  return {
    before: told.reduce((sum, { before }) => sum + before, 0),
    after: told.reduce((sum, { after }) => sum + after, 0),
  };
}

/** The one figure of a list: memory saved, else the pressure where it moved most. */
export function impactFigure({ state, impact }: PlanView): string {
  if (impact === undefined) return absent;
  if (!impact.enough) return state === 'kept' ? 'not enough data' : absent;
  const saved = savedMove(impact);
  if (saved !== undefined) return `${formatMove('saved.compressed', saved.before, saved.after)} saved`;
  const moves = impact.lines.filter(({ signal }) => signal === 'harm.psi-some');
  const most = moves.sort((a, b) => Math.abs(moved(b)) - Math.abs(moved(a)))[0];
  return most === undefined ? absent : `${formatMove('harm.psi-some', most.before, most.after)} waiting`;
}

const moved = ({ before, after }: ImpactLine): number => (after ?? 0) - (before ?? 0);

/** By host, in the order of the lines. */
export function linesByHost(
  lines: readonly ImpactLine[],
): readonly { readonly host: string; readonly lines: readonly ImpactLine[] }[] {
  const byHost = new Map<string, ImpactLine[]>();
  for (const line of lines) {
    const had = byHost.get(line.host);
    if (had === undefined) byHost.set(line.host, [line]);
    else had.push(line);
  }
  return [...byHost].map(([host, those]) => ({ host, lines: those }));
}

/** More saved is what was wanted, more harm is not; the rest only moved. */
export const isWorse = (signal: SignalId, before: number | undefined, after: number | undefined): boolean => {
  if (before === undefined || after === undefined || before === after) return false;
  return signal.startsWith('harm.') ? after > before : signal.startsWith('saved.') && after < before;
};

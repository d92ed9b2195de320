/** The same wish for other targets: what they are, and how the change is spread over them. Pure. */
import type { Plan, Waves } from '#shared/model/plan.ts';
import type { WishTarget } from '#shared/model/wish.ts';

export interface ReplayKind {
  readonly of: 'host' | 'guest';
  /** Fewer make no such change. */
  readonly least: number;
  /** A device or cluster that is meant on each host. */
  readonly instance: string | undefined;
}

/** @param isGuest whether a target names a guest that is known, rather than a device of its host. */
export function replayKind({ wish }: Plan, isGuest: (target: WishTarget) => boolean): ReplayKind {
  const named = wish.targets.filter(({ guest }) => guest !== undefined);
  if (named.some(isGuest) || (named.length > 0 && !wish.id.startsWith('knob:')))
    return { of: 'guest', least: 1, instance: undefined };
  return { of: 'host', least: wish.id.endsWith('.cluster') ? 2 : 1, instance: named[0]?.guest };
}

export interface WavesText {
  readonly canary: boolean;
  readonly size: string;
  readonly watchSeconds: string;
}

const inRange = (text: string, min: number, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;

/** By field, what is wrong with it. */
export function wavesProblems({ size, watchSeconds }: WavesText): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  if (!inRange(size, 0, 10_000))
    problems.set('waves.size', 'A whole number from 0 to 10000; 0 takes all that are left at once.');
  if (!inRange(watchSeconds, 5, 3600)) problems.set('waves.watchSeconds', 'A whole number of seconds, from 5 to 3600.');
  return problems;
}

export const wavesOf = ({ canary, size, watchSeconds }: WavesText): Waves => ({
  canary,
  size: Number(size),
  watchSeconds: Number(watchSeconds),
});

/**
 * The spans of history that a change is judged by: up to an hour before its first step, and up to an hour after its last
 * one, or while it stood when it was undone. Cut short where another change of the same hosts begins. Pure.
 */
import type { Coverage } from '#shared/model/history.ts';
import type { PlanView } from '#shared/model/plan.ts';
import { durationText } from '../format.ts';

export const windowMs = 3_600_000;
/** Shorter than this, or read for less than that part of it, a window says nothing. */
const shortestMs = 300_000;
const leastCovered = 0.5;

export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Windows {
  readonly before: Window;
  readonly after: Window;
  /** What the second window is. */
  readonly afterWords: 'since the last step' | 'while it stood';
  /** Letters and titles of changes that cut a window short. */
  readonly cutBy: readonly string[];
}

export const momentsOf = ({
  run,
}: PlanView): { readonly begun: number; readonly ended?: number | undefined } | undefined =>
  run === undefined ? undefined : { begun: run.startedAt, ended: run.endedAt };

export function windowsOf(plan: PlanView, all: readonly PlanView[], now: number): Windows | undefined {
  const moments = momentsOf(plan);
  if (moments === undefined) return undefined;
  const undone = plan.state === 'undone' || plan.state === 'partly-undone';
  const { begun, ended } = moments;
  const before = { from: begun - windowMs, to: begun };
  const afterFrom = undone ? begun : (ended ?? begun);
  const after = { from: afterFrom, to: Math.min(now, undone ? (ended ?? now) : afterFrom + windowMs) };
  const cutBy: string[] = [];
  const mine = new Set(plan.plan.hosts.map(({ host }) => host));
  for (const other of all) {
    const its = momentsOf(other);
    if (its === undefined || other.plan.id === plan.plan.id) continue;
    if (!other.plan.hosts.some(({ host }) => mine.has(host))) continue;
    const words = `${other.plan.letter} (${other.plan.title})`;
    const last = its.ended ?? its.begun;
    if (last > before.from && its.begun < before.to) {
      before.from = Math.min(last, before.to);
      cutBy.push(words);
    }
    if (its.begun > begun && its.begun < after.to) {
      after.to = Math.max(its.begun, after.from);
      cutBy.push(words);
    }
  }
  return { before, after, afterWords: undone ? 'while it stood' : 'since the last step', cutBy: [...new Set(cutBy)] };
}

/** Why a window says nothing of a host; undefined when it does. */
export function lackOf(
  name: string,
  window: Window,
  when: string,
  covered: Pick<Coverage, 'coveredMs'> | undefined,
): string | undefined {
  const spanMs = window.to - window.from;
  if (spanMs < shortestMs)
    return `Not enough data: there are only ${durationText(Math.max(0, spanMs) / 1000)} ${when}; it takes ${durationText(shortestMs / 1000)}.`;
  const known = covered?.coveredMs ?? 0;
  if (known === 0) return `Not enough data: ${name} was not read ${when}.`;
  if (known < spanMs * leastCovered)
    return `Not enough data: ${name} was read for ${durationText(known / 1000)} of the ${durationText(spanMs / 1000)} ${when}.`;
  return undefined;
}

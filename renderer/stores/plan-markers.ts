/** A plan on the charts of its hosts: where it began, and where it was undone. Pure. */
import type { HostId } from '#shared/model/host.ts';
import type { PlanView } from '#shared/model/plan.ts';
import type { ChartMarker } from '../parts/chart-markers.ts';
import { planStateWords } from '../parts/plan-words.ts';

export interface PlanMarker extends ChartMarker {
  readonly plan: string;
  readonly state: PlanView['state'];
  readonly hosts: readonly HostId[];
}

export function markersOf({ plan, state, run }: PlanView): readonly PlanMarker[] {
  if (run === undefined) return [];
  const marker = {
    letter: plan.letter,
    title: plan.title,
    who: run.by,
    plan: plan.id,
    state,
    stateWords: planStateWords[state].word,
    hosts: plan.hosts.map(({ host }) => host),
    to: { name: 'plan', params: { plan: plan.id } },
  };
  const began: PlanMarker = { ...marker, key: plan.id, at: run.startedAt, ended: false };
  const undone = (state === 'undone' || state === 'partly-undone') && run.endedAt !== undefined;
  return undone ? [began, { ...marker, key: `${plan.id} undone`, at: run.endedAt, ended: true }] : [began];
}

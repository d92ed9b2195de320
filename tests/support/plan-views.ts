/** Plans and runs as the core would tell of them, for tests of stores and pages. */
import type { Plan, PlanRun, PlanStep, PlanView, RunState, StepRun } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import { epochMs } from '#shared/units.ts';
import { noon } from './host-view.ts';

export function planStep(given: Partial<PlanStep> = {}): PlanStep {
  return {
    host: 'id-db-1',
    wave: 0,
    stage: 0,
    knob: 'zswap.enabled',
    instance: '',
    title: 'zswap enabled',
    place: '/sys/module/zswap/parameters/enabled',
    from: 'N',
    to: 'Y',
    because: 'Swapped pages are kept compressed.',
    risk: 'low',
    riskWords: '',
    undo: 'old-value',
    undoWords: '',
    survives: 'nothing',
    ...given,
  };
}

export function plan(id: string, given: Partial<Plan> = {}): Plan {
  return {
    id,
    title: `Plan ${id}`,
    letter: 'A',
    createdAt: epochMs(noon - 600_000),
    createdBy: 'ann@desk',
    wish: { id: 'mainline.compress', targets: [{ host: 'id-db-1' }], values: {} },
    hosts: [{ host: 'id-db-1', name: 'db-1' }],
    steps: [planStep()],
    manual: [],
    will: ['Keeps swapped pages in RAM.'],
    persistence: 'until-reboot',
    waves: usualWaves,
    ...given,
  };
}

export const draftOf = (of: Plan): PlanView => ({ plan: of, state: 'draft' });

const settled: { readonly [state in RunState]: StepRun['state'] } = {
  arming: 'waiting',
  applying: 'writing',
  watching: 'done',
  keeping: 'done',
  undoing: 'done',
  kept: 'done',
  undone: 'undone',
  'partly-undone': 'undone',
  unknown: 'done',
};

/** A run in a state, its steps and hosts as they mostly are then. */
export function runOf(of: Plan, state: RunState, given: Partial<PlanRun> = {}): PlanView {
  const over = state === 'kept' || state === 'undone' || state === 'partly-undone';
  const run: PlanRun = {
    state,
    by: 'bob@desk',
    startedAt: epochMs(noon - 60_000),
    ...(over ? { endedAt: epochMs(noon) } : {}),
    steps: of.steps.map(() => ({ state: settled[state] })),
    hosts: of.hosts.map(({ host }) =>
      over ? { host, state } : { host, state: 'armed' as const, deadlineAt: epochMs(noon + 102_000) },
    ),
    wave: 0,
    guard: [],
    ...given,
  };
  return { plan: of, state, run };
}

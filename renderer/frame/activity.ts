/** What the frame says of changes that are under way, on every page. Pure. */
import type { PlanView } from '#shared/model/plan.ts';
import type { RouteLocationRaw } from 'vue-router';
import { formatCountdown } from '../format/duration.ts';
import { firstDeadline, isRunning, planStateWords } from '../parts/plan-words.ts';

export interface Activity {
  readonly words: string;
  /** Until the first host undoes by itself: `1:42`. */
  readonly countdown: string | undefined;
  readonly tone: 'busy' | 'warn';
  /** Why it is there, for the title. */
  readonly about: string;
  readonly to: RouteLocationRaw;
}

/** So long an undoing that nobody asked for is told on every page. */
const toldMs = 10 * 60_000;

export function activity(plans: readonly PlanView[], now: number): Activity | undefined {
  const running = plans.filter(({ state }) => isRunning(state));
  const [first] = running;
  if (first !== undefined) {
    const deadlines = running.flatMap(({ run }) => firstDeadline(run) ?? []);
    const guarded = deadlines.length > 0;
    return {
      words:
        running.length === 1
          ? `${first.plan.letter}: ${planStateWords[first.state].word.toLowerCase()}`
          : `${running.length} changes are running`,
      countdown: guarded ? formatCountdown(Math.min(...deadlines), now) : undefined,
      tone: 'busy',
      about: `${running.map(({ plan }) => `${plan.letter}: ${plan.title}`).join('; ')}${guarded ? '. The time left until the first host undoes it by itself, unless it is kept.' : ''}`,
      to: running.length === 1 ? planRoute(first) : { name: 'changes', query: { state: 'running' } },
    };
  }
  const trouble = plans.find(({ state, run }) => state === 'unknown' || isFresh(run, now));
  if (trouble === undefined) return undefined;
  const { plan, state, run } = trouble;
  return {
    words: `${plan.letter}: ${planStateWords[state].word.toLowerCase()}`,
    countdown: undefined,
    tone: 'warn',
    about: run?.problem?.sentence ?? planStateWords[state].about,
    to: planRoute(trouble),
  };
}

const isFresh = (run: PlanView['run'], now: number): boolean =>
  run?.problem !== undefined && run.endedAt !== undefined && now - run.endedAt < toldMs;

const planRoute = ({ plan }: PlanView): RouteLocationRaw => ({ name: 'plan', params: { plan: plan.id } });

/** Keeps what was reviewed as a draft, and applies it. What is applied is what was reviewed, or it is shown again first. */
import { computed, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { Plan } from '#shared/model/plan.ts';
import { useConsole } from '../../console.ts';
import { useAct } from '../../parts/use-act.ts';
import type { Drafting } from './use-draft.ts';

export function useApply(drafting: () => Drafting | undefined, reviewed: () => Plan | undefined) {
  const link = useConsole();
  const router = useRouter();
  const { act, busy, problem } = useAct();
  /** The draft that is kept by now: applying it was refused, or it is not what was on the screen. */
  const kept = shallowRef<Plan>();
  /** Values on the hosts moved between the preview and the plan. */
  const moved = shallowRef(false);
  const plan = computed(() => kept.value ?? reviewed());

  async function create(): Promise<Plan | undefined> {
    const seen = plan.value;
    const wanted = drafting();
    if (seen === undefined || wanted === undefined) return undefined;
    const made = kept.value ?? (await link.call('plans.create', wanted)).plan;
    kept.value = made;
    moved.value = stepsOf(seen) !== stepsOf(made);
    return made;
  }
  const open = (made: Plan) => router.push({ name: 'plan', params: { plan: made.id } });

  const apply = (): Promise<void> =>
    act(async () => {
      const made = await create();
      if (made === undefined || moved.value) return;
      await link.call('plans.apply', { plan: made.id });
      await open(made);
    });
  const keep = (): Promise<void> =>
    act(async () => {
      const made = await create();
      if (made !== undefined) await open(made);
    });

  /** Back to the form: the draft of before is of no use any more. */
  async function drop(): Promise<void> {
    const gone = kept.value;
    kept.value = undefined;
    moved.value = false;
    problem.value = undefined;
    // One that cannot be removed stands in the list of changes, as a draft: nothing is lost by that.
    if (gone !== undefined) await link.call('plans.remove', { plan: gone.id }).catch(() => undefined);
  }

  return { plan, kept, moved, busy, problem, apply, keep, drop };
}

const stepsOf = ({ steps, manual }: Plan): string =>
  JSON.stringify([
    steps.map(({ host, knob, instance, from, to, wave }) => [host, knob, instance, from, to, wave]),
    manual.map(({ host, lines }) => [host, lines]),
  ]);

/** The plan as it would be: drawn up again a moment after the form moved, and at once when it is to be reviewed. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ArgsOf } from '#shared/contract/contract.ts';
import type { Draft } from '#shared/model/plan.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';

export type Drafting = ArgsOf<'plans.draft'>;

/** Every preview reads the hosts: not for every letter. */
const restMs = 300;

/** @param drafting what to draw up; undefined while the form is not on the screen or cannot be sent */
export function useDraft(drafting: () => Drafting | undefined) {
  const link = useConsole();
  const draft = shallowRef<Draft>();
  const problem = shallowRef<Problem>();
  /** What is shown is not what the form says now. */
  const behind = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = 0;

  /** Resolves with the answer, or undefined when it failed or was overtaken. */
  async function now(): Promise<Draft | undefined> {
    clearTimeout(timer);
    const mine = ++asking;
    const wanted = drafting();
    if (wanted === undefined) return undefined;
    behind.value = true;
    try {
      const answer = await link.call('plans.draft', wanted);
      if (mine !== asking) return undefined;
      draft.value = answer;
      problem.value = undefined;
      behind.value = false;
      return answer;
    } catch (error) {
      if (mine !== asking) return undefined;
      draft.value = undefined;
      behind.value = false;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
      return undefined;
    }
  }

  watch(drafting, (wanted, before) => {
    clearTimeout(timer);
    // An answer under way is about what the form said before.
    asking += 1;
    behind.value = wanted !== undefined;
    if (wanted === undefined) return;
    if (before === undefined) void now();
    else timer = setTimeout(() => void now(), restMs);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    asking += 1;
  });

  return { draft, problem, behind, now };
}

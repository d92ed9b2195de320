/** Runs one action at a time and keeps the problem it ended with; a bug is thrown on. */
import { ref, shallowRef } from 'vue';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';

export function useAct() {
  const busy = ref(false);
  const problem = shallowRef<Problem>();
  async function act(run: () => Promise<unknown>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    problem.value = undefined;
    try {
      await run();
    } catch (error) {
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      busy.value = false;
    }
  }
  return { act, busy, problem };
}

/** The answers a report would give: asked for a moment after the form moved; late answers are dropped. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ReportDocument, ReportRequest } from '#shared/model/report.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';

/** Every preview reads the history: not for every letter. */
const restMs = 400;

export function usePreview(wanted: () => ReportRequest | undefined) {
  const link = useConsole();
  const shown = shallowRef<ReportDocument>();
  const problem = shallowRef<Problem>();
  /** What is shown is not what the form says now. */
  const behind = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  async function load(): Promise<void> {
    const mine = ++round;
    const request = wanted();
    if (request === undefined) return;
    behind.value = true;
    try {
      const answer = await link.call('reports.preview', { request });
      if (mine !== round) return;
      shown.value = answer;
      problem.value = undefined;
      behind.value = false;
    } catch (error) {
      if (mine !== round) return;
      shown.value = undefined;
      behind.value = false;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  watch(
    () => JSON.stringify(wanted() ?? null),
    () => {
      clearTimeout(timer);
      // An answer under way is about what the form said before.
      round += 1;
      behind.value = wanted() !== undefined;
      if (behind.value) timer = setTimeout(() => void load(), restMs);
    },
  );
  link.onOpen(() => void load());
  onScopeDispose(() => {
    clearTimeout(timer);
    round += 1;
  });

  return { shown, problem, behind, load };
}

/**
 * Tries a draft out. Answers to what the login asks are held here, in plain memory, until the host is saved, the login
 * is refused, the draft changes or the page goes; they are in no store, no address and nothing that is drawn.
 */
import { onScopeDispose, shallowRef } from 'vue';
import type { TestReport } from '#shared/contract/hosts.ts';
import type { HostDraft, SecretRequest } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';

export function useHostTest() {
  const link = useConsole();
  const report = shallowRef<TestReport>();
  const problem = shallowRef<Problem>();
  const busy = shallowRef(false);
  let answers: string[] = [];
  /** A code that is good once must not be sent a second time. */
  let reusable = true;
  let run = 0;

  function forgetAnswers(): void {
    answers = [];
    reusable = true;
  }

  /** Whatever was found out does not hold for another draft. */
  function reset(): void {
    run += 1;
    forgetAnswers();
    report.value = undefined;
    problem.value = undefined;
    busy.value = false;
  }
  onScopeDispose(reset);

  async function test(draft: HostDraft): Promise<void> {
    const mine = ++run;
    busy.value = true;
    problem.value = undefined;
    try {
      const found = await link.call('hosts.test', {
        draft,
        ...(answers.length === 0 ? {} : { answers: [...answers] }),
      });
      if (mine !== run) return;
      report.value = found;
      // A refused answer is never tried again by itself: the person types it anew.
      if (found.problem !== undefined && found.needs === undefined) forgetAnswers();
    } catch (error) {
      if (mine !== run) return;
      forgetAnswers();
      report.value = undefined;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      if (mine === run) busy.value = false;
    }
  }

  function answer(draft: HostDraft, request: SecretRequest, given: readonly string[]): void {
    if (request.kind === 'keyboard-interactive') reusable = false;
    answers.push(...given);
    void test(draft);
  }

  async function trust(draft: HostDraft): Promise<void> {
    const needs = report.value?.needs;
    if (needs?.kind !== 'key') return;
    const { host, fingerprint } = needs.check.offer;
    busy.value = true;
    try {
      await link.call('hosts.trustKey', { host, fingerprint });
    } catch (error) {
      busy.value = false;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
      return;
    }
    await test(draft);
  }

  /** The answers that brought the test through, for the first connection of the saved host; they are gone after that. */
  function takeAnswers(): readonly string[] {
    const given = reusable ? answers : [];
    forgetAnswers();
    return given;
  }

  return { report, problem, busy, test, answer, trust, reset, takeAnswers };
}

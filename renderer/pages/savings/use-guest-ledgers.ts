/** What the guests of one host saved in a span: asked for when the host is opened. Late answers are dropped. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { HostId } from '#shared/model/host.ts';
import type { LedgerScope } from '#shared/model/ledger.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import type { TimeSpan } from '../../parts/time-view.ts';

export function useGuestLedgers(host: () => HostId, span: () => TimeSpan) {
  const link = useConsole();
  const guests = shallowRef<readonly LedgerScope[]>();
  const problem = shallowRef<Problem>();
  let round = 0;

  async function load(): Promise<void> {
    const mine = ++round;
    const { from, to } = span();
    try {
      const ledger = await link.call('ledger.get', { hosts: [host()], guests: true, from, to });
      if (mine !== round) return;
      guests.value = ledger.hosts.find((one) => one.host === host())?.guests ?? [];
      problem.value = undefined;
    } catch (error) {
      if (mine !== round) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }
  watch([host, () => span().from, () => span().to], () => void load(), { immediate: true });
  onScopeDispose(() => (round += 1));

  return { guests, problem, load };
}

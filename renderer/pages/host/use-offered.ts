/** Which wishes of a wizard fit a host: asked once, and again when the host can be reached anew. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { HostId } from '#shared/model/host.ts';
import type { WizardId } from '#shared/model/wish.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { useHosts } from '../../stores/hosts.ts';

export function useOffered(wizard: WizardId, host: () => HostId) {
  const link = useConsole();
  const hosts = useHosts();
  const offered = shallowRef<ReadonlySet<string>>(new Set());
  let asking = 0;

  async function load(): Promise<void> {
    const mine = ++asking;
    try {
      const offers = await link.call('plans.offers', { wizard, targets: [{ host: host() }] });
      if (mine === asking) offered.value = new Set(offers.flatMap(({ wish, fits }) => (fits ? [wish.id] : [])));
    } catch (error) {
      // What is shown stands there without a way to change it; why the host does not answer is said elsewhere.
      if (problemOf(error) === undefined) throw error;
    }
  }
  const live = computed(() => hosts.byId.get(host())?.state.kind === 'live');
  watch([host, live], () => void load(), { immediate: true });
  onScopeDispose(() => (asking += 1));
  return offered;
}

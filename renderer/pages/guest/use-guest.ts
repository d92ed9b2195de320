/** One guest in full: its row as the store keeps it, its values asked for anew whenever the row moves. */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { GuestDetail } from '#shared/contract/guests.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { useGuests } from '../../stores/guests.ts';
import { useHosts } from '../../stores/hosts.ts';

export function useGuest(host: Ref<string>, key: Ref<string>) {
  const link = useConsole();
  const guests = useGuests();
  const hosts = useHosts();
  guests.ensure();

  const detail = shallowRef<GuestDetail>();
  const problem = shallowRef<Problem>();
  /** Whether the core has answered about this very guest. */
  const answered = shallowRef(false);
  let asking = 0;

  const row = computed(() => {
    // The store's map is not reactive: the rows are what changes.
    void guests.rows;
    return guests.find(host.value, key.value);
  });

  async function load(): Promise<void> {
    const mine = ++asking;
    try {
      const found = await link.call('guests.get', { host: host.value, key: key.value });
      if (mine !== asking) return;
      // A guest that is gone keeps its last figures on the page.
      if (found !== null) detail.value = found;
      problem.value = undefined;
      answered.value = true;
    } catch (error) {
      if (mine !== asking) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  watch([host, key], () => {
    detail.value = undefined;
    answered.value = false;
  });
  watch([host, key, () => row.value?.at], () => void load(), { immediate: true });
  onScopeDispose(link.onOpen(() => void load()));
  onScopeDispose(() => (asking += 1));

  const shown = computed(() => row.value ?? detail.value?.row);
  const view = computed(() => hosts.byId.get(host.value));
  const state = computed((): 'loading' | 'here' | 'gone' | 'never' => {
    if (row.value !== undefined) return 'here';
    if (!guests.loaded || !answered.value) return detail.value === undefined ? 'loading' : 'here';
    return shown.value === undefined ? 'never' : 'gone';
  });
  /** The host does not tell at the moment: figures are old. */
  const stale = computed(
    () => state.value === 'gone' || (view.value !== undefined && view.value.state.kind !== 'live'),
  );

  return { row: shown, values: computed(() => detail.value?.values ?? []), view, state, stale, problem };
}

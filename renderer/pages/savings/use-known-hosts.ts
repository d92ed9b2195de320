/** Hosts and guests to choose from: those of the console, and those that are gone but have a history. */
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { HistoryEntity } from '#shared/model/history.ts';
import { useConsole } from '../../console.ts';
import { useHosts } from '../../stores/hosts.ts';
import type { PickOption } from './pick.ts';

export function useKnownHosts() {
  const link = useConsole();
  const hosts = useHosts();
  const entities = shallowRef<readonly HistoryEntity[]>([]);
  let gone = false;

  // Without an answer there is still the console's own list; the page's own question tells what is wrong.
  link.onOpen(
    () =>
      void link.call('history.entities', {}).then(
        (answer) => {
          if (!gone) entities.value = answer;
        },
        () => undefined,
      ),
  );
  onScopeDispose(() => (gone = true));

  const hostOptions = computed((): readonly PickOption[] => [
    ...hosts.all.map(({ config }) => ({ id: config.id, name: config.name })),
    ...entities.value
      .filter(({ guest, host }) => guest === '' && !hosts.byId.has(host))
      .map(({ host, name }) => ({ id: host, name, about: 'no longer in the console' })),
  ]);
  const guestEntities = computed(() => entities.value.filter(({ guest }) => guest !== ''));
  return { hostOptions, guestEntities };
}

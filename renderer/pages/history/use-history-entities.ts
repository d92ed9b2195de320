/** Who has a history, and how the recording is doing. Asked for when the page opens and after a new connection. */
import { computed, shallowRef } from 'vue';
import type { HistoryEntity, HistoryStatus } from '#shared/model/history.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { entityId } from './history-query.ts';

export function useHistoryEntities() {
  const link = useConsole();
  const entities = shallowRef<readonly HistoryEntity[]>([]);
  const status = shallowRef<HistoryStatus>();
  const loaded = shallowRef(false);
  const problem = shallowRef<Problem>();
  const byId = computed(() => new Map(entities.value.map((entity) => [entityId(entity), entity])));

  async function load(): Promise<void> {
    try {
      const [all, now] = await Promise.all([link.call('history.entities', {}), link.call('history.status', {})]);
      entities.value = all;
      status.value = now;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }
  link.on('history.moved', (now) => {
    // What was being opened can be listed from now on.
    const opened = status.value?.state === 'opening' && now.state !== 'opening';
    status.value = now;
    if (opened) void load();
  });
  link.onOpen(() => void load());

  return { entities, byId, status, loaded, problem, load };
}

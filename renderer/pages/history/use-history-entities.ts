/**
 * Who has a history, and how the recording is doing. Asked for when the page opens, after a new connection, and from
 * time to time, as hosts are added and guests come.
 */
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { HistoryEntity, HistoryStatus } from '#shared/model/history.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { entityId } from './history-query.ts';

const everyMs = 60_000;
/** The first reading is awaited. */
const soonMs = 2000;

export function useHistoryEntities() {
  const link = useConsole();
  const entities = shallowRef<readonly HistoryEntity[]>([]);
  const status = shallowRef<HistoryStatus>();
  const loaded = shallowRef(false);
  const problem = shallowRef<Problem>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;
  const byId = computed(() => new Map(entities.value.map((entity) => [entityId(entity), entity])));

  async function load(): Promise<void> {
    clearTimeout(timer);
    try {
      const [all, now] = await Promise.all([link.call('history.entities', {}), link.call('history.status', {})]);
      entities.value = all;
      status.value = now;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      clearTimeout(timer);
      if (!gone) timer = setTimeout(() => void load(), entities.value.length === 0 ? soonMs : everyMs);
    }
  }
  link.on('history.moved', (now) => {
    // What was being opened can be listed from now on.
    const opened = status.value?.state === 'opening' && now.state !== 'opening';
    status.value = now;
    if (opened) void load();
  });
  link.onOpen(() => void load());
  onScopeDispose(() => {
    gone = true;
    clearTimeout(timer);
  });

  return { entities, byId, status, loaded, problem, load };
}

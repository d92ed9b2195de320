/** What is known of one host or guest within the span shown: the list that figures are picked from. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { EntityKey, HistoryColumn } from '#shared/model/history.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { fleetColumns } from './history-metrics.ts';
import { entityId, isFleet, type HistoryView } from './history-query.ts';
import { visibleSpan } from './history-span.ts';

export function useHistoryColumns(
  entity: Readonly<Ref<EntityKey>>,
  view: Readonly<Ref<Pick<HistoryView, 'span' | 'zoom'>>>,
) {
  const link = useConsole();
  const columns = shallowRef<readonly HistoryColumn[]>([]);
  const loaded = shallowRef(false);
  const problem = shallowRef<Problem>();
  let round = 0;

  async function load(): Promise<void> {
    const mine = ++round;
    const { host, guest } = entity.value;
    try {
      const { from, to } = visibleSpan(view.value, Date.now());
      const found = isFleet(entity.value)
        ? fleetColumns
        : await link.call('history.columns', { host, guest, from: Math.floor(from), to: Math.ceil(to) });
      if (mine !== round) return;
      columns.value = found;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (mine !== round) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }
  watch(
    () => entityId(entity.value),
    () => {
      columns.value = [];
      loaded.value = false;
    },
  );
  watch([() => entityId(entity.value), () => JSON.stringify([view.value.span, view.value.zoom])], () => void load());
  link.onOpen(() => void load());
  onScopeDispose(() => (round += 1));

  return { columns, loaded, problem, load };
}

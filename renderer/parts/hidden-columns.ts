/** Which columns of a table a person has hidden, kept in this browser under the table's name. */
import { computed, shallowRef } from 'vue';
import { keptChoice } from './kept-choice.ts';
import type { TableColumn } from './table-column.ts';

export function useHiddenColumns<Row>(name: string, columns: readonly TableColumn<Row>[]) {
  const kept = keptChoice<readonly string[]>(`hidden.${name}`, (value) =>
    Array.isArray(value) ? value.filter((id) => typeof id === 'string') : undefined,
  );
  const chosen = shallowRef<ReadonlySet<string>>(
    new Set(kept.load() ?? columns.filter(({ hidden }) => hidden === true).map(({ id }) => id)),
  );
  const hidden = computed({
    get: () => chosen.value,
    set: (ids: ReadonlySet<string>) => {
      chosen.value = ids;
      kept.save([...ids]);
    },
  });
  /** The first column is what the row is: it cannot be hidden. */
  const shown = computed(() => columns.filter(({ id }, index) => index === 0 || !chosen.value.has(id)));
  return { hidden, shown };
}

/** Which rows of a table are selected: one by one, in ranges, or all that are listed. */
import { computed, type Ref } from 'vue';

export function useRowSelection<Row>(
  rows: Readonly<Ref<readonly Row[]>>,
  idOf: (row: Row) => string,
  selected: Ref<ReadonlySet<string>>,
) {
  /** The row a range begins at: the one that was last set by itself. */
  let anchor: string | undefined;

  function toggle(row: Row): void {
    const next = new Set(selected.value);
    const id = idOf(row);
    anchor = id;
    if (!next.delete(id)) next.add(id);
    selected.value = next;
  }

  /** All between the anchor and this row become as the anchor is. Without an anchor that is listed, the row alone. */
  function extend(row: Row): void {
    const from = anchor === undefined ? -1 : rows.value.findIndex((one) => idOf(one) === anchor);
    const to = rows.value.findIndex((one) => idOf(one) === idOf(row));
    if (from < 0 || to < 0) {
      toggle(row);
      return;
    }
    const into = selected.value.has(anchor ?? '');
    const next = new Set(selected.value);
    for (const one of rows.value.slice(Math.min(from, to), Math.max(from, to) + 1)) {
      if (into) next.add(idOf(one));
      else next.delete(idOf(one));
    }
    selected.value = next;
  }

  const chosen = computed(() =>
    selected.value.size === 0 ? 0 : rows.value.filter((row) => selected.value.has(idOf(row))).length,
  );
  const allChosen = computed(() => chosen.value > 0 && chosen.value === rows.value.length);
  /** What is selected and not listed stays selected. */
  function selectAll(): void {
    const next = new Set(selected.value);
    const none = allChosen.value;
    for (const row of rows.value) {
      if (none) next.delete(idOf(row));
      else next.add(idOf(row));
    }
    selected.value = next;
  }

  return { chosen, allChosen, toggle, extend, selectAll };
}

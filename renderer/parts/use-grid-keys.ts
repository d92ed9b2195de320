/** The keys of a table that is one tab stop: arrows, Home/End and pages move a cursor; space selects, Enter opens. */
import { computed, ref, watch, type Ref } from 'vue';

export interface GridKeysOptions<Row> {
  readonly rows: Readonly<Ref<readonly Row[]>>;
  idOf(row: Row): string;
  /** Rows that fit on the screen. */
  pageSize(): number;
  reveal(index: number): void;
  /** Sideways, in steps of an arrow key. */
  shift(steps: number): void;
  open(row: Row): void;
  toggle(row: Row): void;
  /** Everything from the row that was last toggled to this one becomes as that one is. */
  extend(row: Row): void;
  selectAll(): void;
}

export function useGridKeys<Row>(options: GridKeysOptions<Row>) {
  /** The row itself by id, so that the cursor stays with its guest when the order changes. */
  const cursorId = ref<string>();
  const cursor = computed(() => {
    const id = cursorId.value;
    return id === undefined ? -1 : options.rows.value.findIndex((row) => options.idOf(row) === id);
  });
  let lastIndex = 0;
  watch(cursor, (index) => {
    if (index >= 0) lastIndex = index;
  });

  function moveTo(index: number): void {
    const { value: rows } = options.rows;
    const at = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[at];
    if (row === undefined) return;
    cursorId.value = options.idOf(row);
    options.reveal(at);
  }

  const current = (): Row | undefined => options.rows.value[cursor.value];

  function onKey(event: KeyboardEvent): void {
    if (event.altKey || (event.target !== event.currentTarget && event.target instanceof HTMLInputElement)) return;
    const control = event.ctrlKey || event.metaKey;
    // Its row is gone (filtered out, or the guest left): go on from where it was.
    const from = cursor.value >= 0 ? cursor.value : lastIndex - 1;
    const does: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(from + 1),
      ArrowUp: () => moveTo(from - 1),
      ArrowRight: () => options.shift(1),
      ArrowLeft: () => options.shift(-1),
      PageDown: () => moveTo(Math.max(0, from) + options.pageSize()),
      PageUp: () => moveTo(from - options.pageSize()),
      Home: () => moveTo(0),
      End: () => moveTo(options.rows.value.length - 1),
      Enter: () => withCurrent(options.open),
      ' ': () => withCurrent(event.shiftKey ? options.extend : options.toggle),
    };
    const act = control ? (event.key === 'a' ? options.selectAll : undefined) : does[event.key];
    if (act === undefined) return;
    // A sort button in the head has Enter and space for itself.
    if (event.target !== event.currentTarget && (event.key === 'Enter' || event.key === ' ')) return;
    event.preventDefault();
    act();
  }

  const withCurrent = (act: (row: Row) => void): void => {
    const row = current();
    if (row !== undefined) act(row);
  };

  /** Coming in by Tab shows where the cursor is. */
  function onFocus(): void {
    if (cursor.value < 0) moveTo(0);
  }

  return { cursor, cursorId, moveTo, onKey, onFocus };
}

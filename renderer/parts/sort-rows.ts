/**
 * Sorts ten thousand rows within a frame: keys are taken once per row, names compare with their numbers as numbers.
 * Stable; rows without a value come last in both directions.
 */
type SortKey = string | number | undefined;

export function sortRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => SortKey,
  direction: 'up' | 'down',
): readonly Row[] {
  const keys = rows.map((row) => {
    const key = keyOf(row);
    if (typeof key === 'string') return natural(key);
    return key !== undefined && Number.isNaN(key) ? undefined : key;
  });
  const sign = direction === 'up' ? 1 : -1;
  const order = rows.map((_, index) => index);
  order.sort((a, b) => {
    const left = keys[a];
    const right = keys[b];
    if (left === right) return a - b;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right ? -sign : left > right ? sign : a - b;
  });
  return order.map((index) => rows[index] as Row);
}

// Names are few and stay; making the comparable form of each again for every update would cost more than the sort.
const naturals = new Map<string, string>();
const mostKept = 50_000;

/** `guest-2` before `guest-10`, capital letters beside small ones. */
export function natural(text: string): string {
  const known = naturals.get(text);
  if (known !== undefined) return known;
  if (naturals.size >= mostKept) naturals.clear();
  const made = text.toLowerCase().replace(/\d+/g, (number) => number.padStart(12, '0'));
  naturals.set(text, made);
  return made;
}

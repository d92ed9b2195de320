/** A small choice about a table, kept in this browser. Storage may be full, forbidden or hold nonsense: then it is not kept. */
export function keptChoice<Value>(name: string, read: (kept: unknown) => Value | undefined) {
  const key = `tmem.${name}`;
  return {
    load(): Value | undefined {
      try {
        const text = localStorage.getItem(key);
        return text === null ? undefined : read(JSON.parse(text));
      } catch {
        return undefined;
      }
    },
    save(value: Value): void {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // The table works the same; it only forgets.
      }
    },
  };
}

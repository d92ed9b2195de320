/** A choice out of a long list: everything, or only some of it. Pure. Savings and Reports use it. */
export interface Pick {
  readonly all: boolean;
  readonly ids: readonly string[];
}
export interface PickOption {
  readonly id: string;
  readonly name: string;
  /** What tells it from others of the same name. */
  readonly about?: string;
}

export const everything: Pick = { all: true, ids: [] };
export const pickOf = (ids: readonly string[]): Pick => (ids.length === 0 ? everything : { all: false, ids });
/** As the core takes it: none means all. Undefined while nothing is chosen out of some. */
export const pickedIds = ({ all, ids }: Pick): readonly string[] | undefined =>
  all ? [] : ids.length === 0 ? undefined : ids;

export function findOptions(options: readonly PickOption[], text: string): readonly PickOption[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  return options.filter(({ name, about }) => {
    const within = `${name} ${about ?? ''}`.toLowerCase();
    return words.every((word) => within.includes(word));
  });
}

/** `All hosts`, `host-07`, `3 hosts`. */
export function pickWords({ all, ids }: Pick, options: readonly PickOption[], one: string, many: string): string {
  if (all) return `All ${many}`;
  const [first] = ids;
  if (first === undefined) return `No ${one} chosen`;
  if (ids.length > 1) return `${ids.length} ${many}`;
  return options.find(({ id }) => id === first)?.name ?? `1 ${one}`;
}

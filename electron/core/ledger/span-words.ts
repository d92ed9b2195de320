/** Spans of time in sentences of the ledger. */
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** `3 hours`, `1 day`, `2.5 days`: one unit, as exact as a person says it. */
export function spanWords(ms: number): string {
  const [name, size] = units.find(([, least]) => ms >= least) ?? ['second', 1000];
  const amount = ms / size;
  const rounded = amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount);
  return `${String(rounded)} ${name}${rounded === 1 ? '' : 's'}`;
}

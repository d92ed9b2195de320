/** What a verdict line is made of: words, and words that lead to what they speak of. */
import type { RouteLocationRaw } from 'vue-router';

export interface VerdictPart {
  readonly words: string;
  readonly to?: RouteLocationRaw;
  readonly tone?: 'warn' | 'bad';
}
export type Verdict = readonly VerdictPart[];

/** Clauses become one sentence: `A; b; c.` */
export function sentence(clauses: readonly Verdict[]): Verdict {
  return clauses.flatMap((clause, index) => [...clause, { words: index === clauses.length - 1 ? '.' : '; ' }]);
}

export const verdictText = (verdict: Verdict): string => verdict.map(({ words }) => words).join('');

/**
 * How bad waiting for memory is, by the share of the last 10 s in which some task did.
 * Below 1 % nobody notices; from 10 % on people do.
 */
export function pressureTone(some: number): 'calm' | 'some' | 'heavy' {
  return some < 1 ? 'calm' : some < 10 ? 'some' : 'heavy';
}

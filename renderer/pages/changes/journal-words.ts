/** Entries of the journal as a person reads them. Pure. */
import type { JournalEntry, JournalPage, JournalWhat } from '#shared/model/journal.ts';

export const whatWords: { readonly [what in JournalWhat]: string } = {
  created: 'drew up',
  imported: 'imported',
  removed: 'removed',
  applying: 'began to apply',
  wrote: 'wrote',
  failed: 'failed',
  guard: 'guard tripped',
  kept: 'kept',
  undoing: 'began to undo',
  undone: 'undid',
  left: 'left alone',
  found: 'found',
  drift: 'found drift',
};

/** These want attention. */
export const isGrave = (what: JournalWhat): boolean =>
  what === 'failed' || what === 'guard' || what === 'left' || what === 'drift';

/** `0 → 1`; one of them where only one is known. */
export function movedWords({ before, after }: JournalEntry): string {
  if (before === undefined) return after ?? '';
  return after === undefined ? `was ${before}` : `${before} → ${after}`;
}

export function chainWords({ total }: Pick<JournalPage, 'total'>): string {
  return `The chain holds over ${total === 1 ? '1 entry' : `${total} entries`}: none was altered or taken out.`;
}

/** The newest page over those that were read before, each entry once; older ones go when they no longer join it. */
export function mergeEntries(newest: readonly JournalEntry[], had: readonly JournalEntry[]): readonly JournalEntry[] {
  const last = newest.at(-1);
  const joins = had[0] !== undefined && newest.some(({ n }) => n === had[0]?.n);
  return last === undefined || !joins ? newest : [...newest, ...had.filter(({ n }) => n < last.n)];
}

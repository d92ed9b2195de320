/** The journal: what was changed, by whom, when and where; each entry holds the hash of the one before it. */
import type { EpochMs } from '#shared/units.ts';

export type JournalWhat =
  | 'created'
  | 'imported'
  | 'removed'
  | 'applying'
  | 'wrote'
  | 'failed'
  | 'guard'
  | 'kept'
  | 'undoing'
  | 'undone'
  | 'left'
  | 'found'
  | 'drift';

export interface JournalEntry {
  /** 1, 2, 3 …; a number that is missing is a break. */
  readonly n: number;
  readonly at: EpochMs;
  /** `user@machine` of the console. */
  readonly who: string;
  /** Name and id of the host; absent for what concerns the whole plan. */
  readonly host?: { readonly id: string; readonly name: string } | undefined;
  readonly plan: string;
  readonly title: string;
  readonly what: JournalWhat;
  readonly knob?: string | undefined;
  readonly instance?: string | undefined;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Why, or the other side's words. */
  readonly words?: string | undefined;
  /** SHA-256 of the entry before, in hex; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 of this entry without this field, keys in the order of this interface. */
  readonly hash: string;
}

export interface JournalPage {
  /** Newest first. */
  readonly entries: readonly JournalEntry[];
  readonly total: number;
  /** What is wrong with the chain, as a sentence that names the first bad entry; undefined when it holds. */
  readonly broken?: string | undefined;
}

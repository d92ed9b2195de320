/** Entries of a journal, for tests. */
import type { JournalEntry } from '#shared/model/journal.ts';
import { epochMs } from '#shared/units.ts';
import { noon } from '../../../support/host-view.ts';

export const entry = (n: number, given: Partial<JournalEntry> = {}): JournalEntry => ({
  n,
  at: epochMs(noon + n),
  who: 'ann@desk',
  plan: 'p1',
  title: 'Compress',
  what: 'wrote',
  previous: '0'.repeat(64),
  hash: String(n).padStart(64, '0'),
  ...given,
});

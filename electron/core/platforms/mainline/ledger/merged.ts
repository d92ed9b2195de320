/** Memory that is not needed because equal pages are kept once: KSM. */
import type { RuleFigure, SavingRule } from '../../ledger.ts';
import { ksm, pageSize } from './terms.ts';

const gross: RuleFigure = {
  unit: 'bytes',
  formula: '(pages_sharing + ksm_zero_pages) × P',
  terms: { pages_sharing: ksm('pages_sharing'), ksm_zero_pages: ksm('ksm_zero_pages'), P: pageSize },
  optional: ['ksm_zero_pages'],
};

const notes = [
  'It may be negative, where looking for equal pages takes more than it finds, and is shown so.',
  'The kernel does not tell it by guest: resident sizes of guests hold a merged page each.',
  'A merged page that is swapped out comes back as a copy of its own.',
];

/** docs/domain.md 5.1 ksm */
export const merged: readonly SavingRule[] = [
  {
    id: 'ksm',
    mechanism: 'ksm',
    part: 'saved',
    level: 'host',
    title: 'Merged by KSM',
    gross,
    overhead: {
      unit: 'bytes',
      formula: '(pages_sharing + ksm_zero_pages) × P − general_profit',
      terms: { ...gross.terms, general_profit: ksm('general_profit') },
      optional: ['ksm_zero_pages'],
    },
    net: { unit: 'bytes', formula: 'general_profit', terms: { general_profit: ksm('general_profit') } },
    notes: ['Net is the kernel’s own figure.', ...notes],
    when: [{ metric: 'ksm.general_profit' }],
  },
  {
    id: 'ksm-by-items',
    mechanism: 'ksm',
    part: 'saved',
    level: 'host',
    title: 'Merged by KSM',
    gross,
    overhead: {
      unit: 'bytes',
      formula: '(pages_sharing + pages_shared + pages_unshared + pages_volatile) × rmap_item',
      terms: {
        pages_sharing: ksm('pages_sharing'),
        pages_shared: ksm('pages_shared'),
        pages_unshared: ksm('pages_unshared'),
        pages_volatile: ksm('pages_volatile'),
        rmap_item: { constant: 64, title: 'Bookkeeping of a page that is watched, bytes on 64-bit kernels' },
      },
    },
    notes: ['This kernel does not tell its profit: its bookkeeping is counted by the pages it watches.', ...notes],
    unless: ['ksm'],
  },
];

/** KSM: equal anonymous pages kept once. Files that a kernel does not have are simply absent. */
import { single } from './entry.ts';
import type { Entry } from './entry.ts';

const ksmFile = single('ksm', '/sys/kernel/mm/ksm', 'admin-guide/mm/ksm.html');

export const ksm: readonly Entry[] = [
  ksmFile('pages_shared', 'Pages shared', 'level', 'pages', 'Merged pages in use.'),
  ksmFile(
    'pages_sharing',
    'Pages sharing',
    'level',
    'pages',
    'Places that use a merged page beyond its first: the pages saved.',
  ),
  ksmFile('pages_unshared', 'Pages unique', 'level', 'pages', 'Pages watched in vain: they equal no other.'),
  ksmFile('pages_volatile', 'Pages volatile', 'level', 'pages', 'Pages that change too fast to be merged.'),
  ksmFile('ksm_zero_pages', 'Zero pages', 'level', 'pages', 'Pages of zeros merged with the kernel’s zero page (6.6).'),
  ksmFile(
    'general_profit',
    'Profit',
    'level',
    'bytes',
    'Bytes saved minus the bookkeeping; negative when merging costs more than it saves.',
  ),
  ksmFile('stable_node_chains', 'Chains', 'level', 'count', 'Merged pages with more users than max_page_sharing.'),
  ksmFile('stable_node_dups', 'Duplicates in chains', 'level', 'count', 'Copies kept because of max_page_sharing.'),
  ksmFile('pages_scanned', 'Pages scanned', 'counter', 'pages', 'Pages looked at (6.6).'),
  ksmFile('pages_skipped', 'Pages skipped', 'counter', 'pages', 'Pages that smart scan passed over (6.7).'),
  ksmFile('full_scans', 'Full scans', 'counter', 'count', 'Times all registered memory was looked at.'),
  ksmFile(
    'run',
    'run',
    'setting',
    'count',
    '0 stops and keeps what is merged, 1 runs, 2 stops and splits everything again.',
  ),
  ksmFile('pages_to_scan', 'pages_to_scan', 'setting', 'pages', 'Pages looked at before each pause.'),
  ksmFile('sleep_millisecs', 'sleep_millisecs', 'setting', 'milliseconds', 'Length of that pause.'),
  ksmFile(
    'merge_across_nodes',
    'merge_across_nodes',
    'setting',
    'flag',
    'Whether pages of different NUMA nodes are merged.',
  ),
  ksmFile(
    'use_zero_pages',
    'use_zero_pages',
    'setting',
    'flag',
    'Whether pages of zeros are merged with the kernel’s zero page.',
  ),
  ksmFile('max_page_sharing', 'max_page_sharing', 'setting', 'count', 'The most users one merged page may have.'),
  ksmFile(
    'smart_scan',
    'smart_scan',
    'setting',
    'flag',
    'Whether pages that were never merged are looked at less often (6.7).',
  ),
  ksmFile(
    'advisor_mode',
    'advisor_mode',
    'setting',
    'text',
    'Who tunes pages_to_scan: nobody, or the scan-time advisor (6.8).',
    'choice',
  ),
  ksmFile('advisor_max_cpu', 'advisor_max_cpu', 'setting', 'percent', 'The most CPU the advisor lets the scanner use.'),
  ksmFile(
    'advisor_target_scan_time',
    'advisor_target_scan_time',
    'setting',
    'seconds',
    'How long a full scan should take.',
  ),
];

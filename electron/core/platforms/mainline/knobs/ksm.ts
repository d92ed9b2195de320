/** KSM: equal anonymous pages kept once (docs/domain.md 4.3). Files that a kernel lacks are absent. */
import { choice, number, onOff, settingsOf } from './setting.ts';

const setting = settingsOf('ksm', '/sys/kernel/mm/ksm', 'https://docs.kernel.org/admin-guide/mm/ksm.html');
const most = 4_294_967_295;
const unshared =
  'Can be changed only while nothing is merged: KSM has to be stopped with run 2 first, which needs RAM for every page that was merged.';

export const run = setting('run', {
  title: 'KSM',
  range: choice('0', '1', '2'),
  default: '0',
  help: '0 stops and keeps what is merged, 1 merges, 2 stops and splits every merged page again.',
  traps: [
    '2 needs RAM for every page that was merged, at once: without it programs are killed.',
    'A guest can find out by timing whether another guest holds a page that it holds too: leave KSM off between guests that must not know of each other.',
    'Merging takes processor time all the while it runs.',
  ],
});

export const pagesToScan = setting('pages_to_scan', {
  title: 'Pages per round',
  range: number(1, 1_000_000, 'pages'),
  value: { kind: 'number', min: 0, max: most },
  default: '100',
  help: 'Pages looked at before each pause. More finds equal pages sooner and costs processor time.',
  traps: [
    'Refused while the advisor is on, which sets it itself.',
    'Goes back to 100 when the advisor is switched off.',
  ],
});

export const sleep = setting('sleep_millisecs', {
  title: 'Pause',
  range: number(1, 600_000, 'ms'),
  value: { kind: 'number', min: 0, max: most },
  default: '20',
  help: 'Pause between two rounds.',
  traps: ['A short pause with many pages per round takes a whole processor.'],
});

export const advisorMode = setting('advisor_mode', {
  title: 'Advisor',
  range: choice('none', 'scan-time'),
  shown: 'bracketed',
  default: 'none',
  help: 'Let the kernel set the pages per round so that all memory is looked at in a given time. From kernel 6.8.',
  traps: ['It takes over pages_to_scan, and switching it off sets that back to 100.'],
});

export const advisorTarget = setting('advisor_target_scan_time', {
  title: 'Time for one scan',
  range: number(1, 86_400, 's'),
  value: { kind: 'number', min: 0, max: most },
  default: '200',
  help: 'How long the advisor lets one look at all memory take.',
  traps: ['Counts only with the advisor on.'],
});

export const mergeAcrossNodes = setting('merge_across_nodes', {
  title: 'Merge across NUMA nodes',
  range: onOff,
  default: '1',
  help: 'Whether pages of different NUMA nodes are merged. Off costs savings and spares distant memory accesses.',
  traps: [unshared],
});

export const zeroPages = setting('use_zero_pages', {
  title: 'Use the zero page',
  range: onOff,
  default: '0',
  help: 'Merge pages of zeros with the kernel’s own zero page.',
  traps: ['Counts for pages merged from now on.'],
});

export const smartScan = setting('smart_scan', {
  title: 'Smart scan',
  range: onOff,
  default: '1',
  help: 'Look less often at pages that were never merged. From kernel 6.7.',
});

export const maxSharing = setting('max_page_sharing', {
  title: 'Users of one merged page',
  range: number(2, 65_536, 'pages'),
  value: { kind: 'number', min: 2, max: 2_147_483_647 },
  default: '256',
  help: 'The most places that may share one merged page; beyond it a second copy is kept.',
  traps: [unshared, 'Large values make the kernel slow when such a page is moved or swapped.'],
});

export const ksmSettings = [
  run,
  pagesToScan,
  sleep,
  advisorMode,
  advisorTarget,
  mergeAcrossNodes,
  zeroPages,
  smartScan,
  maxSharing,
];

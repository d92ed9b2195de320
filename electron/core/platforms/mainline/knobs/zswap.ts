/** zswap: files of the module, root only, gone with a reboot (docs/domain.md 4.1). */
import { choice, number, onOff, settingsOf } from './setting.ts';

export const compressors = ['zstd', 'lz4', 'lzo-rle', 'lzo', 'lz4hc', 'deflate', '842'] as const;
export const zpools = ['zsmalloc', 'zbud', 'z3fold'] as const;

const setting = settingsOf(
  'zswap',
  '/sys/module/zswap/parameters',
  'https://docs.kernel.org/admin-guide/mm/zswap.html',
);

export const enabled = setting('enabled', {
  title: 'zswap',
  range: onOff,
  flags: 'YN',
  default: 'N',
  help: 'Keep swapped pages compressed in RAM, in front of the swap device.',
  traps: [
    'Switching it off stops new stores only: what it holds stays until it is read, freed or swapped off.',
    'It needs a swap device: every page it keeps takes a slot there.',
    'In front of zram swap pages are compressed twice.',
    'On 6.12 a compressor that does not exist is replaced by lzo at the moment zswap is first switched on.',
  ],
});

export const compressor = setting('compressor', {
  title: 'Compressor',
  range: choice(...compressors),
  value: { kind: 'word' },
  default: 'lzo',
  help: 'Algorithm for pages stored from now on. zstd keeps most, lz4 is fastest.',
  traps: [
    'Pages that are there stay as they are.',
    'A name the kernel does not have is refused, except on 6.12 before zswap was first switched on.',
  ],
});

export const zpool = setting('zpool', {
  title: 'Allocator',
  range: choice(...zpools),
  value: { kind: 'word' },
  help: 'How compressed pages are packed: zsmalloc densest, zbud two to a page, z3fold three. Kernels from 6.18 have zsmalloc only.',
  traps: [
    'Set it while zswap is empty. Changed under pages, the old pool stays beside the new one and on 6.1 stops write-back: 27 829 failed write-backs and not one page written were counted.',
    'On 6.1 zsmalloc cannot write back at all, and z3fold hardly does.',
  ],
});

export const maxPool = setting('max_pool_percent', {
  title: 'Largest pool',
  range: number(1, 100, '%'),
  // 0 is a value the kernel may have.
  value: { kind: 'number', min: 0, max: 100 },
  default: '20',
  help: 'The most RAM the pool may take. 20 to 35 is usual.',
  traps: [
    'A full pool refuses new pages: they go to the swap device uncompressed.',
    'The kernel takes values above 100 as well; this console does not.',
    'Lowering it gives nothing back at once.',
  ],
});

export const acceptThreshold = setting('accept_threshold_percent', {
  title: 'Accept again below',
  range: number(1, 100, '%'),
  value: { kind: 'number', min: 0, max: 100 },
  default: '90',
  help: 'A full pool takes pages again once it is below this share of its limit.',
  traps: ['It does not make a full pool write back: on 6.1 a threshold of 100 raised that from 6 pages to 96.'],
});

export const shrinker = setting('shrinker_enabled', {
  title: 'Shrinker',
  range: onOff,
  flags: 'YN',
  default: 'N',
  help: 'Write cold pages on to the swap device under pressure, before the pool is full. From kernel 6.8.',
  traps: [
    'Pages written out come back from the device: reading them takes longer.',
    'It does not empty a pool that is full of fragments.',
  ],
});

export const zswapSettings = [enabled, compressor, zpool, maxPool, acceptThreshold, shrinker];

/** Settings of reclaim and swap-in that matter to compression. */
import { number, settingsOf } from './setting.ts';

const setting = settingsOf('vm', '/proc/sys/vm', 'https://docs.kernel.org/admin-guide/sysctl/vm.html');

export const swappiness = setting('swappiness', {
  title: 'swappiness',
  range: number(0, 200),
  default: '60',
  help: 'How readily program memory is swapped instead of dropping cache. Above 100 swapping counts as cheaper than reading files.',
  traps: ['0 leaves zswap, zram and frontswap with hardly anything to do.', 'Kernels before 5.8 take 100 at most.'],
});

export const watermarkScale = setting('watermark_scale_factor', {
  title: 'Watermark distance',
  range: number(10, 3000, '1/10000 of RAM'),
  value: { kind: 'number', min: 1, max: 3000 },
  default: '10',
  help: 'How early background reclaim starts. More keeps more RAM free, so that programs wait less for it.',
  traps: ['What is kept free is not there for guests.', 'Kernels before 5.15 take 1000 at most.'],
});

export const watermarkBoost = setting('watermark_boost_factor', {
  title: 'Watermark boost',
  range: number(0, 30_000, '1/10000'),
  value: { kind: 'number', min: 0, max: 2_147_483_647 },
  default: '15000',
  help: 'How much more is reclaimed after memory was found fragmented. 0 switches it off.',
  traps: ['0 can leave memory fragmented, so that huge pages become rare.'],
});

export const minFree = setting('min_free_kbytes', {
  title: 'Kept free',
  range: number(1024, 4_194_304, 'KiB'),
  value: { kind: 'number', min: 128, max: 1_099_511_627_776 },
  help: 'RAM that the kernel keeps free for itself.',
  traps: [
    'Far too much of it makes programs be killed at once.',
    'Too little can bring the host to a stop when memory runs out.',
  ],
});

export const pageCluster = setting('page-cluster', {
  title: 'Swap read-ahead',
  range: number(0, 8, 'as a power of two'),
  value: { kind: 'number', min: 0, max: 31 },
  default: '3',
  help: 'Pages read together from swap, as a power of two. 0 suits zram and zswap, where reading ahead only decompresses in vain.',
  traps: ['On a rotating disk 0 makes swap-in slower.'],
});

export const vmSettings = [swappiness, watermarkScale, watermarkBoost, minFree, pageCluster];

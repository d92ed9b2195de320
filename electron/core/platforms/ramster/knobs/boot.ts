/** Words of the kernel's command line: nothing of this can be changed while the kernel runs (docs/domain.md 2.5). */
import type { KnobDef } from '#shared/model/knob.ts';

const reboot = 'Takes a reboot. Where zcache is a module (3.10 and later) it is a parameter at load time instead.';

const boot = (word: string, title: string, help: string, ...traps: readonly string[]): KnobDef => ({
  id: `ramster.boot.${word}`,
  title,
  of: 'host',
  target: `kernel command line: ${word}`,
  range: { kind: 'switch' },
  default: 'off',
  survives: 'reboot',
  help,
  traps: [reboot, ...traps],
});

export const bootKnobs: readonly KnobDef[] = [
  boot(
    'zcache',
    'zcache',
    'Keeps swapped pages and clean page cache compressed in RAM.',
    'Without a swap device no swapped page is ever kept.',
  ),
  {
    id: 'ramster.boot.compressor',
    title: 'Compressor',
    of: 'host',
    target: 'kernel command line: zcache=NAME',
    range: { kind: 'choice', choices: ['lzo', 'deflate'] },
    default: 'lzo',
    survives: 'reboot',
    help: 'Compressor of zcache; it switches zcache on as well.',
    traps: [
      reboot,
      'A name the kernel does not have leaves zcache and RAMster off on 3.10 (“842 not supported”), while its files are still there and read 0. 3.6 falls back to lzo.',
    ],
  },
  boot(
    'ramster',
    'RAMster',
    'Lets zcache send pages to another host and keep pages for others; it switches zcache on as well.',
    'All hosts of a cluster need the same kernel.',
    'The receiving side of an unpatched 3.10 kernel crashes on the first page.',
  ),
  boot('nofrontswap', 'Without frontswap', 'Swapped pages are not kept; they go to the device.'),
  boot('nocleancache', 'Without cleancache', 'Clean page cache is not kept; it is dropped when evicted.'),
  boot(
    'noselfshrink',
    'Without selfshrink',
    'Swapped pages are not brought back by themselves once memory is free again.',
    'With it off, a page that was sent away stays away until somebody needs it.',
  ),
  boot(
    'nofrontswapexclusivegets',
    'Keep what was loaded',
    'A swapped page that was read back stays in zcache as well: it is held twice.',
  ),
];

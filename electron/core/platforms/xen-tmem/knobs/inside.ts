/**
 * Files and boot parameters inside the guest, which is connected as a host of its own (docs/domain.md 2.8, 6
 * selfballoon).
 */
import type { KnobDef, KnobRange } from '#shared/model/knob.ts';
import { balloonDirectory, parameterDirectory } from '../catalogue/inside.ts';

const most = 2_147_483_647;
const positive = (unit: string): KnobRange => ({ kind: 'number', min: 1, max: most, unit });
const forgotten = 'It is forgotten when the guest restarts.';

const balloon = (
  name: string,
  title: string,
  range: KnobRange,
  initial: string | undefined,
  help: string,
  traps: readonly string[] = [],
): KnobDef => ({
  id: `xen.selfballoon.${name}`,
  title,
  of: 'host',
  target: `${balloonDirectory}/selfballoon/${name}`,
  range,
  ...(initial === undefined ? {} : { default: initial }),
  survives: 'nothing',
  help,
  traps: [...traps, forgotten],
  readBy: `xen.selfballoon.${name}`,
});

const parameter = (name: string, title: string, help: string, traps: readonly string[]): KnobDef => ({
  id: `xen.tmem-driver.${name}`,
  title,
  of: 'host',
  target: `tmem.${name}=0|1 on the guest’s kernel command line (${parameterDirectory}/${name} only shows it)`,
  range: { kind: 'switch' },
  default: 'Y',
  survives: 'reboot',
  help,
  traps: [
    ...traps,
    'Without “tmem” itself on the command line a built-in driver stays off; kernels before 3.10 know nocleancache, nofrontswap, noselfballooning and noselfshrink instead.',
  ],
  readBy: `xen.tmem-driver.${name}`,
});

export const insideKnobs: readonly KnobDef[] = [
  balloon(
    'selfballooning',
    'Self-ballooning',
    { kind: 'switch' },
    undefined,
    'The guest follows its own need (Committed_AS) with its balloon. On with tmem unless the command line says otherwise.',
    [
      'An idle guest gives memory away within seconds (160 to 100 MiB in 20 s); what comes back must be swapped in.',
      'It needs a large enough swap device, and stays on when the hypervisor has tmem off: then there is nothing to catch the pages but the disk.',
      'The host’s target does not move with it.',
      'Switched off in Domain-0.',
    ],
  ),
  balloon('selfballoon_interval', 'Interval', positive('s'), '5', 'Seconds between two steps.'),
  balloon(
    'selfballoon_downhysteresis',
    'Giving away',
    positive(''),
    '8',
    'Each step gives away one part in this many of the surplus. Larger is slower.',
  ),
  balloon(
    'selfballoon_uphysteresis',
    'Taking back',
    positive(''),
    '1',
    'Each step takes back one part in this many of what is missing. 1 takes all at once.',
    ['Larger than 1 leaves the guest short for several steps.'],
  ),
  balloon(
    'selfballoon_min_usable_mb',
    'Floor',
    positive('MiB'),
    '0',
    'The guest keeps at least this much. 0, the start value, leaves it to the kernel’s own floor.',
    ['0 cannot be written back: once set, only a restart of the guest returns to the kernel’s own floor.'],
  ),
  balloon('selfballoon_reserved_mb', 'Headroom', positive('MiB'), '0', 'Kept on top of what the guest needs now.', [
    '0 cannot be written back.',
    'Older kernels do not have it.',
  ]),
  balloon(
    'frontswap_selfshrinking',
    'Self-shrinking',
    { kind: 'switch' },
    undefined,
    'While nothing presses, swap pages are fetched back from tmem, so that the guest is charged for less.',
    ['A round does nothing when the guest is short of memory.'],
  ),
  balloon(
    'frontswap_hysteresis',
    'Fetching back',
    positive(''),
    '20',
    'Each round fetches one part in this many. Larger is slower.',
  ),
  balloon('frontswap_inertia', 'Patience', positive('rounds'), '3', 'Quiet rounds before pages are fetched back.'),
  {
    id: 'xen.memory.target_kb',
    title: 'Balloon target, from inside',
    of: 'host',
    target: `${balloonDirectory}/target_kb`,
    range: { kind: 'number', min: 1, max: most, unit: 'KiB' },
    survives: 'nothing',
    help: 'What this guest’s balloon works towards.',
    traps: [
      'The host’s target does not move with it, and the next xl mem-set overrides it.',
      'Self-ballooning overrides it within seconds.',
      'No lower bound is known to be safe.',
    ],
    readBy: 'xen.memory.target_kb',
  },
  parameter('cleancache', 'cleancache', 'Offer clean pages of files to the hypervisor.', []),
  parameter('frontswap', 'frontswap', 'Offer pages on their way to swap to the hypervisor.', [
    'Needs a real swap device: what fits in it is the most that can be kept.',
    'Off, it switches self-ballooning and self-shrinking off as well.',
  ]),
  parameter('selfballooning', 'Self-ballooning at boot', 'Start with self-ballooning on.', []),
  parameter('selfshrinking', 'Self-shrinking at boot', 'Start with self-shrinking on.', [
    'Some kernels’ own help calls it tmem.selfshrink, which does nothing.',
  ]),
];

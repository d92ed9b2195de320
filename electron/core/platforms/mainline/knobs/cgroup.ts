/** Limits of a guest's control group (cgroup v2): gone when the guest is restarted. One knob for each place guests live. */
import type { KnobDef } from '#shared/model/knob.ts';
import type { FileKnob, ValueShape } from '../../change.ts';
import { limitShape } from '../../planning/check-value.ts';
import { guestPlaces, guestRoots } from '../files.ts';

export type GroupLeaf =
  'memory.zswap.max' | 'memory.zswap.writeback' | 'memory.swap.max' | 'memory.high' | 'memory.low';

const doc = 'https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files';
const rounded = 'The kernel rounds it down to whole pages.';

const limit = (leaf: GroupLeaf, title: string, initial: string, help: string, traps: readonly string[]): KnobDef => ({
  id: `cgroup.${leaf}`,
  title,
  of: 'guest',
  target: `*/${leaf}`,
  range: { kind: 'text', shape: limitShape('bytes') },
  default: initial,
  survives: 'nothing',
  help,
  traps: [...traps, rounded],
  doc,
  readBy: `cgroup.${leaf}`,
});

export const cgroupKnobs: readonly KnobDef[] = [
  limit('memory.zswap.max', 'Share of zswap', 'max', 'The most RAM the guest’s compressed pages may take.', [
    'Lowering it trims nothing: only new pages are refused, and go to the swap device.',
    '0 keeps the guest out of zswap altogether.',
    'What zswap keeps for a guest is charged to the guest.',
  ]),
  {
    id: 'cgroup.memory.zswap.writeback',
    title: 'Write-back',
    of: 'guest',
    target: '*/memory.zswap.writeback',
    range: { kind: 'switch' },
    default: '1',
    survives: 'nothing',
    help: 'Whether pages of this guest may go from RAM to the swap device. From kernel 6.8.',
    traps: [
      'Off stops ordinary swapping as well: with a full pool the guest could not swap at all, and stood still for over 85 seconds at its memory.high.',
    ],
    doc,
    readBy: 'cgroup.memory.zswap.writeback',
  },
  limit('memory.swap.max', 'Swap', 'max', 'The most swap the guest may take, compressed pages included.', [
    'Lowering it brings nothing back: the guest only cannot swap any more.',
    '0 with little RAM left gets the guest killed.',
  ]),
  limit('memory.high', 'Throttled above', 'max', 'Above this the guest is slowed down and its memory is reclaimed.', [
    'A guest that needs more than this stands still more than it works.',
  ]),
  limit('memory.low', 'Spared below', '0', 'Below this the guest is spared as long as others have anything to give.', [
    'What is spared here is taken from the other guests.',
  ]),
];

/** A knob of the agent has one pattern. The usual place has the plain name, the others their own behind it. */
const places: Readonly<Record<(typeof guestPlaces)[number], string>> = {
  'machine.slice/*.scope': '',
  'machine.slice/*.libvirt-qemu': '.slice',
  'machine/*.libvirt-qemu': '.machine',
  'machine/*.libvirt-lxc': '.machine-lxc',
  'qemu.slice/*.scope': '.proxmox',
  'lxc/*': '.lxc',
  'lxc.payload.*': '.lxd',
  'system.slice/docker-*.scope': '.docker',
};

const shapes: Readonly<Record<GroupLeaf, ValueShape>> = {
  'memory.zswap.max': { kind: 'limit' },
  'memory.zswap.writeback': { kind: 'choice', choices: ['1', '0'] },
  'memory.swap.max': { kind: 'limit' },
  'memory.high': { kind: 'limit' },
  'memory.low': { kind: 'limit' },
};

export const cgroupFileKnobs: readonly FileKnob[] = (Object.keys(shapes) as readonly GroupLeaf[]).flatMap((leaf) =>
  guestPlaces.map((place): FileKnob => ({
    kind: 'file',
    name: `cgroup.${leaf}${places[place]}`,
    path: `${guestRoots[0]}${place}/${leaf}`,
    shown: 'plain',
    value: shapes[leaf],
    check: 'exact',
  })),
);

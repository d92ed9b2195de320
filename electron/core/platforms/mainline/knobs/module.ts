/** Modules of the kernel that compression needs. Only those on the list: the agent is no way to load just anything. */
import type { KnobDef } from '#shared/model/knob.ts';
import type { CommandKnob } from '../../change.ts';
import { compressors, zpools } from './zswap.ts';

export const loadable = [...compressors, ...zpools, 'zram', 'zcache', 'ramster', 'tmem', 'ocfs2_nodemanager'] as const;

const ours = `case "$1" in ${loadable.join('|')}) ;; *) exit 3 ;; esac`;

export const moduleKnob: CommandKnob = {
  kind: 'command',
  name: 'kernel.module',
  instance: 'word',
  value: { kind: 'choice', choices: ['present', 'absent'] },
  check: 'exact',
  needs: 'modprobe',
  read: `${ours}
folder=$(printf '%s' "$1" | tr - _)
if [ -d "/sys/module/$folder" ] || grep -qs "^name *: $1\\$" /proc/crypto; then
  echo present
  exit 0
fi
needs=$(modprobe -D "$1" 2>/dev/null) || exit 3
case $needs in *insmod*) echo absent ;; *) echo present ;; esac`,
  write: `${ours}
if [ "$2" = absent ]; then modprobe -r "$1"; exit; fi
# Without devices: they are made one by one where they are wanted.
if [ "$1" = zram ]; then modprobe zram num_devices=0; else modprobe "$1"; fi`,
  shownAs: 'modprobe INSTANCE (VALUE)',
  seconds: 30,
};

export const moduleDef: KnobDef = {
  id: 'kernel.module',
  title: 'Kernel module',
  of: 'device',
  target: 'modprobe NAME, modprobe -r NAME',
  range: { kind: 'choice', choices: ['present', 'absent'] },
  survives: 'nothing',
  help: 'A compressor or an allocator that this kernel has as a module.',
  traps: ['A module that is in use cannot be removed: zswap uses its compressor as long as it holds a page.'],
  doc: 'https://docs.kernel.org/admin-guide/mm/zswap.html',
};

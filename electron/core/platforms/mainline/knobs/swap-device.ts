/** A swap device that is there already: switched on and off. */
import type { KnobDef } from '#shared/model/knob.ts';
import type { CommandKnob } from '../../change.ts';
import { availableKiB } from './available.ts';

const look = `[ -b "$1" ] || exit 3
real=$(readlink -f "$1")
prio=
held=
while read -r name kind size used value; do
  if [ "$name" = "$1" ] || [ "$name" = "$real" ]; then
    prio=$value
    held=$used
  fi
done </proc/swaps`;

export const swapDeviceKnob: CommandKnob = {
  kind: 'command',
  name: 'swap.device',
  instance: 'device',
  value: { kind: 'parts', parts: 2, also: ['off'] },
  check: 'exact',
  needs: 'swapon',
  // A negative priority is the kernel's own choice, which it makes anew each time.
  read: `${look}
case $prio in
'') echo off ;;
-*) echo on:auto ;;
*) printf 'on:%s\\n' "$prio" ;;
esac`,
  write: `${look}
case "$2" in
off)
  [ -n "$prio" ] || exit 0
  ${availableKiB}
  if [ "$held" -ge "$free" ]; then
    echo "$1 holds $held KiB and only $free KiB of memory are available: it stays"
    exit 1
  fi
  swapoff "$1"
  ;;
on:auto) swapon "$1" ;;
on:*[!0-9]*|on:) echo "the priority is no number"; exit 1 ;;
on:*) swapon -p "\${2#on:}" "$1" ;;
*) echo "neither on nor off"; exit 1 ;;
esac`,
  shownAs: 'swapon or swapoff INSTANCE: VALUE',
  seconds: 900,
};

export const swapDeviceDef: KnobDef = {
  id: 'swap.device',
  title: 'Swap device',
  of: 'device',
  target: 'swapon -p PRIORITY DEVICE, swapoff DEVICE',
  range: { kind: 'text', shape: 'on:PRIORITY (0 to 32767, or auto), or off' },
  survives: 'nothing',
  help: 'Whether a device that holds a swap signature is used, and how early: the highest priority is filled first.',
  traps: [
    'Switching it off brings everything it holds back into RAM: it is refused when not enough is available, and takes minutes.',
    'A priority the kernel chose by itself comes back as its choice, which may be another number.',
    'What /etc/fstab says stays as it is.',
  ],
  doc: 'https://man7.org/linux/man-pages/man8/swapon.8.html',
};

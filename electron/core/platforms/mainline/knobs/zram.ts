/** A zram device that is swap: made, set up and switched on in one go, and taken away the same way (docs/domain.md 4.2). */
import type { KnobDef } from '#shared/model/knob.ts';
import type { CommandKnob } from '../../change.ts';
import { availableKiB } from './available.ts';

const names = `case "\${1#zram}" in ''|*[!0-9]*|0[0-9]*|????*) exit 3 ;; esac
case "$1" in zram*) ;; *) exit 3 ;; esac`;

const read = `${names}
dir=/sys/block/$1
[ -d "$dir" ] || { echo absent; exit 0; }
prio=
while read -r name kind size used value; do
  if [ "$name" = "/dev/$1" ]; then prio=$value; fi
done </proc/swaps
[ -n "$prio" ] || { echo partial; exit 0; }
case $prio in -*) prio=auto ;; esac
read -r size <"$dir/disksize"
algorithm=$(sed -n 's/.*\\[\\([^]]*\\)].*/\\1/p' "$dir/comp_algorithm")
read -r orig compr total limit rest <"$dir/mm_stat"
printf '%s:%s:%s:%s\\n' "$size" "$algorithm" "$limit" "$prio"`;

// Reading hot_add makes the next device: one that is not the wanted one is taken away again at once.
const write = `${names}
dev=$1
number=\${dev#zram}
dir=/sys/block/$dev
control=/sys/class/zram-control
# The device is busy for a moment while udev looks at it.
forget() {
  for again in 1 2 3 4 5; do
    echo "$1" 2>/dev/null >"$control/hot_remove" && return 0
    sleep 1
  done
  echo "zram$1 is busy and could not be removed"
  return 1
}
take_down() {
  echo 1 >"$dir/reset" && forget "$number"
}
if [ "$2" = absent ]; then
  [ -d "$dir" ] || exit 0
  held=
  while read -r name kind size used prio; do
    if [ "$name" = "/dev/$dev" ]; then held=$used; fi
  done </proc/swaps
  if [ -n "$held" ]; then
    ${availableKiB}
    if [ "$held" -ge "$free" ]; then
      echo "$dev holds $held KiB and only $free KiB of memory are available: it stays"
      exit 1
    fi
    swapoff "/dev/$dev" || exit 1
  fi
  take_down
  exit
fi
size=\${2%%:*}
rest=\${2#*:}
algorithm=\${rest%%:*}
rest=\${rest#*:}
limit=\${rest%%:*}
prio=\${rest#*:}
case "$size" in ''|*[!0-9]*) echo "the size is no number of bytes"; exit 1 ;; esac
case "$limit" in ''|*[!0-9]*) echo "the limit is no number of bytes"; exit 1 ;; esac
case "$prio" in auto) set -- ;; ''|*[!0-9]*) echo "the priority is no number"; exit 1 ;; *) set -- -p "$prio" ;; esac
if [ -d "$dir" ]; then
  while read -r name kind used; do
    if [ "$name" = "/dev/$dev" ]; then echo "$dev is there already"; exit 1; fi
  done </proc/swaps
  # Left by a change that was cut off: nothing uses it.
  take_down || exit 1
fi
[ -d "$control" ] || modprobe zram num_devices=0 || exit 1
made=$(cat "$control/hot_add") || exit 1
if [ "$made" != "$number" ]; then
  forget "$made"
  echo "the kernel would have made zram$made and not $dev"
  exit 1
fi
echo "$algorithm" >"$dir/comp_algorithm" &&
  echo "$size" >"$dir/disksize" &&
  echo "$limit" >"$dir/mem_limit" &&
  mkswap "/dev/$dev" >/dev/null &&
  swapon "$@" "/dev/$dev" && exit 0
take_down
exit 1`;

export const zramKnob: CommandKnob = {
  kind: 'command',
  name: 'zram.swap',
  instance: 'word',
  value: { kind: 'parts', parts: 4, also: ['absent'] },
  check: 'exact',
  alsoReads: ['partial'],
  needs: 'mkswap',
  read,
  write,
  shownAs: 'zram swap on INSTANCE (size:algorithm:memory limit:priority): VALUE',
  seconds: 900,
};

export const zramDef: KnobDef = {
  id: 'zram.swap',
  title: 'zram swap device',
  of: 'device',
  target: 'zram-control/hot_add, comp_algorithm, disksize, mem_limit, mkswap, swapon -p on zramN',
  range: { kind: 'text', shape: 'SIZE:ALGORITHM:LIMIT:PRIORITY in bytes, or absent' },
  default: 'absent',
  survives: 'nothing',
  help: 'A swap device that keeps pages compressed in RAM. Size is before compression; the limit is the RAM it may take, 0 for none.',
  traps: [
    'Taking it away brings everything it holds back into RAM: it is refused when not enough is available.',
    'With zswap in front of it pages are compressed twice.',
    'Freed slots stay until the page is written again, unless swap is used with discard.',
    'At its limit it fails writes: the guest’s page stays in RAM.',
  ],
  doc: 'https://docs.kernel.org/admin-guide/blockdev/zram.html',
};

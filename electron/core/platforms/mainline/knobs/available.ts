/**
 * Shell that puts into $free how many KiB of memory can be had before swap is needed again. Kernels before 3.14 do not
 * tell: there it is what is free and half of the page cache, which is on the safe side.
 */
export const availableKiB = `free='' idle=0 cache=0
while read -r name kib unit; do
  case $name in
  MemAvailable:) free=$kib ;;
  MemFree:) idle=$kib ;;
  Cached:) cache=$kib ;;
  esac
done </proc/meminfo
[ -n "$free" ] || free=$((idle + cache / 2))`;

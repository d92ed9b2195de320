#!/bin/sh
# Puts a test host together from Debian packages; called by build-image.ts, never by hand.
#   assemble.sh DEBS WORK     DEBS: a directory of .deb files, one of them linux-image-*; WORK: an empty directory
# Leaves WORK/initramfs.cpio, WORK/vmlinuz, WORK/release (the kernel's), WORK/host_key(.pub), WORK/user_key(.pub).
# Runs programs of those packages on this machine, so both must be amd64. Installs nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
debs=$1
work=$2
pool=$work/pool   # every package, whole
root=$work/root   # what goes into the image
multiarch=usr/lib/x86_64-linux-gnu

say() { echo "test host image: $*" >&2; }
die() {
  say "$*"
  exit 1
}
entries() { sed -e 's/#.*//' -e '/^ *$/d' "$1"; }

# Debian 12 merges /bin, /sbin and /lib into /usr, though its packages do not all say so yet.
merged() {
  mkdir -p "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64"
  for dir in bin sbin lib lib64; do ln -s "usr/$dir" "$1/$dir"; done
}

say 'unpacking the packages'
merged "$pool"
for deb in "$debs"/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -f - -C "$pool"
done
busybox=$pool/bin/busybox
loader=$pool/lib64/ld-linux-x86-64.so.2
[ -L "$loader" ] && loader=$pool/$multiarch/ld-linux-x86-64.so.2
from_pool() { LC_ALL=C "$loader" --library-path "$pool/$multiarch" "$@"; }

say 'choosing programs and their libraries'
merged "$root"
for dir in dev proc sys run tmp mnt root/.ssh home/viewer/.ssh etc/ssh var/empty var/log usr/local/bin boot; do
  mkdir -p "$root/$dir"
done
mkdir -p "$root/$multiarch" "$root/usr/lib/openssh"
cp "$busybox" "$root/bin/busybox"
"$busybox" --list-full | while read -r path; do
  mkdir -p "$root/${path%/*}"
  [ -e "$root/$path" ] || ln -s /bin/busybox "$root/$path"
done
entries "$here/programs.list" >"$work/programs"
: >"$work/elf"
while read -r name; do
  for dir in usr/bin usr/sbin ''; do
    [ -n "$dir" ] || die "no package holds the program $name of programs.list"
    [ -e "$pool/$dir/$name" ] && break
  done
  rm -f "$root/bin/$name" "$root/sbin/$name"
  cp "$pool/$dir/$name" "$root/$dir/$name"
  echo "$pool/$dir/$name" >>"$work/elf"
done <"$work/programs"
cp "$pool/usr/lib/openssh/sftp-server" "$root/usr/lib/openssh/"
echo "$pool/usr/lib/openssh/sftp-server" >>"$work/elf"
while read -r elf; do from_pool --list "$elf"; done <"$work/elf" | sort -u >"$work/libraries"
grep -F 'not found' "$work/libraries" >&2 && die 'libraries are missing from the packages'
awk '$2 == "=>" { print $3 }' "$work/libraries" | while read -r library; do
  cp -L "$library" "$root/$multiarch/"
done
cp -L "$loader" "$root/lib64/ld-linux-x86-64.so.2"
for tool in modprobe lsmod insmod rmmod; do ln -sf /bin/kmod "$root/sbin/$tool"; done
ln -sf dash "$root/bin/sh"
gcc -O2 -static -s -Wall -Wextra -o "$root/usr/local/bin/hog" "$here/hog.c"

release=$(ls "$pool/lib/modules")
say "choosing modules of kernel $release"
modules=$pool/lib/modules/$release
kept=$root/lib/modules/$release
depmod() { # kmod is told by its own name which tool to be
  ln -sf kmod "$pool/bin/depmod"
  from_pool --argv0 depmod "$pool/bin/depmod" "$@"
}
depmod -b "$pool" "$release"
mkdir -p "$kept"
cp "$modules/modules.builtin" "$modules/modules.builtin.modinfo" "$modules/modules.order" "$kept/"
: >"$root/etc/modules-boot"
entries "$here/modules.list" | while read -r when module; do
  # modules.dep: "path: path path", the second and later ones being what the first depends on
  files=$(awk -v want="$(echo "$module" | tr - _)" '
    { name = $1; sub(/:$/, "", $1); sub(/.*\//, "", name); sub(/\.ko.*/, "", name); gsub(/-/, "_", name) }
    name == want { print }' "$modules/modules.dep")
  [ -n "$files" ] || grep -q "/$(echo "$module" | sed 's/[-_]/[-_]/g')\.ko" "$modules/modules.builtin" || {
    [ "$when" = more ] || die "kernel $release has no module $module"
    say "kernel $release has no module $module; left out"
  }
  for file in $files; do
    mkdir -p "$kept/${file%/*}"
    # Compressed modules (6.12) are unpacked here: modprobe hands them to the kernel as they are, which refuses them.
    case $file in
      *.xz) "$busybox" unxz -c "$modules/$file" >"$kept/${file%.xz}" ;;
      *) cp "$modules/$file" "$kept/$file" ;;
    esac
  done
  if [ "$when" = boot ]; then echo "$module" >>"$root/etc/modules-boot"; fi
done
depmod -b "$root" "$release"
cp "$pool/boot/config-$release" "$root/boot/"
cp "$pool/boot/vmlinuz-$release" "$work/vmlinuz"
echo "$release" >"$work/release"

say 'configuring'
cp "$here/init" "$root/init"
chmod 755 "$root/init"
cp "$here/sshd_config" "$root/etc/ssh/sshd_config"
cp "$pool/usr/lib/os-release" "$root/etc/os-release"
cat >"$root/etc/passwd" <<'FILE'
root:x:0:0:root:/root:/bin/bash
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
viewer:x:1000:1000:may look and not touch:/home/viewer:/bin/sh
nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
FILE
printf '%s:*:19000:0:99999:7:::\n' root sshd viewer nobody >"$root/etc/shadow"
printf '%s\n' root:x:0: tty:x:5: disk:x:6: viewer:x:1000: nogroup:x:65534: >"$root/etc/group"
printf '%s: files\n' passwd group shadow hosts >"$root/etc/nsswitch.conf"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
printf '%s\n' '#!/bin/sh' 'exit 0' >"$root/etc/rc.local"
chmod 755 "$root/etc/rc.local"
ssh-keygen -q -t ed25519 -N '' -C testhost -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -C tester -f "$work/user_key"
cp "$work/host_key" "$root/etc/ssh/ssh_host_ed25519_key"
cp "$work/host_key.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
for home in root home/viewer; do
  cp "$work/user_key.pub" "$root/$home/.ssh/authorized_keys"
  chmod 700 "$root/$home" "$root/$home/.ssh"
  chmod 600 "$root/$home/.ssh/authorized_keys"
done
chmod 600 "$root/etc/shadow" "$root/etc/ssh/ssh_host_ed25519_key"
chmod 755 "$root/var/empty"
chmod 1777 "$root/tmp"
chown -R 1000:1000 "$root/home/viewer"

say 'packing'
# Not compressed: in emulation, unpacking an archive costs more than copying it.
(cd "$root" && find . | LC_ALL=C sort | "$busybox" cpio -o -H newc) >"$work/initramfs.cpio" 2>"$work/cpio.log" ||
  die "cpio: $(cat "$work/cpio.log")"
rm -rf "$pool" "$root" "$work/programs" "$work/elf" "$work/libraries" "$work/cpio.log"

#!/bin/sh
# Process 1 of a world of its own (namespaces for mounts and processes) in which a real libvirtd runs as on a host
# with a single hypervisor. Started by libvirt.ts through `unshare`, never by hand.
#   world.sh WORK     WORK: a folder that this script may fill
# The sockets and files that libvirt's programs have built in (/run/libvirt, /etc/libvirt) are this world's own, so a
# libvirt of the machine itself is neither seen nor touched, and nothing stays behind. When this process ends, for
# whatever reason, the kernel ends the daemon and its guests with it.
set -eu
work=$1

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
for dir in /var/lib/libvirt /var/log/libvirt /var/cache/libvirt /usr/local/sbin; do
  mount -t tmpfs -o mode=755 tmpfs "$dir"
done
mkdir -p /run/libvirt /run/.etc/upper /run/.etc/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/.etc/upper,workdir=/run/.etc/work overlay /etc
rm -rf /etc/libvirt /etc/tmem-console
mkdir -p /etc/libvirt/qemu

# The machine's own kernel is out of reach, and libvirt finds no control groups to lay out.
umount -R -l /sys/fs/cgroup 2>/dev/null || true
mount -o bind,remount,ro /sys
mount --bind /proc/sys /proc/sys
mount -o bind,remount,ro /proc/sys

cat >/etc/libvirt/libvirtd.conf <<'FILE'
listen_tls = 0
listen_tcp = 0
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "2:stderr"
FILE
# stdio_handler: a file instead of another daemon, virtlogd.
cat >/etc/libvirt/qemu.conf <<'FILE'
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
security_default_confined = 0
namespaces = [ ]
stdio_handler = "file"
FILE

trap 'exit 0' TERM
/usr/sbin/libvirtd >"$work/libvirtd.log" 2>&1 &
# Shells reap what is handed to process 1; a guest's QEMU is handed to it.
while :; do
  wait || true
  sleep 1
done

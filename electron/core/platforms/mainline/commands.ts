/**
 * The fixed commands of this platform: POSIX sh, read-only, without a word from the host or the console in them.
 * libvirt is asked on its read-only socket, which needs no root. `shown` is what stands after `$ ` in the answer: it
 * names the command for a reader and is no script, so it needs neither quotes nor backslashes.
 *
 * Why ten seconds and not every tick: `virsh` costs a process and a round trip to libvirtd, and the balloon's
 * statistics are refreshed by the guest every few seconds at best.
 */
import type { FixedCommand } from '../platform.ts';
import { compressors, zpools } from './knobs/zswap.ts';

export const virshList = 'virsh -r list --all; virsh -r list --all --uuid --name';
export const virshDomstats = 'virsh -r domstats --state --balloon --list-active --nowait';
export const qemuStatus =
  'grep -e VmRSS -e RssAnon -e RssShmem -e VmSwap -e memory /proc/QEMU/status /proc/QEMU/cgroup';
export const qemuArguments = 'sed -n /proc/QEMU/cmdline (name, uuid, memory, number, balloon)';
export const proxmoxConfig =
  'grep -e name -e hostname -e memory -e balloon -e smbios1 /etc/pve/qemu-server/*.conf /etc/pve/lxc/*.conf';
export const kernelModules = 'modprobe -D (compressors, pools, zram); grep name /proc/crypto';
export const proxmoxStatus = 'grep -e pve2.3-vm -e pve-vm /etc/pve/.rrd';

/** At most 1000 processes called qemu-system-…, qemu-kvm or kvm, as `/proc/PID/comm` words. */
const qemuProcesses = `grep -lsE '^(qemu-system-|qemu-kvm$|kvm$)' /proc/[0-9]*/comm | head -n 1000`;

export const commands: readonly FixedCommand[] = [
  {
    name: 'virsh-list',
    every: 'minute',
    needs: 'virsh',
    shown: virshList,
    script: virshList,
  },
  {
    name: 'virsh-domstats',
    every: '10s',
    needs: 'virsh',
    shown: virshDomstats,
    // --nowait (libvirt 4.5) keeps one stuck guest from holding up the others; older virsh does not know it.
    // The host's own time comes first: statistics that were switched off stay as they were, for hours.
    script: `date +now=%s
virsh -r domstats --state --balloon --list-active --nowait 2>/dev/null ||
virsh -r domstats --state --balloon --list-active`,
  },
  {
    name: 'qemu-status',
    every: '10s',
    needs: 'grep',
    shown: qemuStatus,
    // Three processes, however many guests: one finds them, one cuts the list, one reads them all.
    script: `set --
for comm in $(${qemuProcesses}); do set -- "$@" "\${comm%/comm}/status" "\${comm%/comm}/cgroup"; done
[ $# -eq 0 ] || grep -sE '^(VmRSS|RssAnon|RssShmem|VmSwap):|^[0-9]+:([^:]*,)?memory(,[^:]*)?:|^0::' "$@" /dev/null
true`,
  },
  {
    name: 'qemu-arguments',
    every: 'minute',
    needs: 'sed',
    shown: qemuArguments,
    // Only these arguments leave the host: others may hold secrets.
    script: `for comm in $(${qemuProcesses}); do
printf '\\n@@pid %s\\n' "\${comm%/comm}"
tr '\\000' '\\n' <"\${comm%/comm}/cmdline"
done 2>/dev/null | sed -n -e '/^@@pid /p' -e '/^-name$/{n;s/^/name /p;}' -e '/^-uuid$/{n;s/^/uuid /p;}' -e '/^-m$/{n;s/^/memory /p;}' -e '/^-id$/{n;s/^/id /p;}' -e '/^virtio-balloon/s/.*/balloon/p' -e '/"driver":"virtio-balloon/s/.*/balloon/p'`,
  },
  {
    name: 'proxmox-config',
    every: 'minute',
    needs: 'qm',
    shown: proxmoxConfig,
    // A line [name] opens a snapshot, whose settings are not in force: read.ts stops there.
    script: `grep -sHE '^(name|hostname|memory|balloon|smbios1):|^\\[' /etc/pve/qemu-server/*.conf /etc/pve/lxc/*.conf
true`,
  },
  {
    name: 'proxmox-status',
    every: '10s',
    needs: 'qm',
    shown: proxmoxStatus,
    script: `grep -E '^pve(2[.]3-vm|-vm-[0-9.]+)/' /etc/pve/.rrd`,
  },
  {
    name: 'kernel-modules',
    every: 'connect',
    needs: 'modprobe',
    shown: kernelModules,
    // Its dependencies begin with insmod for what is a module; what is built in has none.
    script: `grep -sE '^name *: (${compressors.join('|')})$' /proc/crypto
for name in ${[...compressors, ...zpools, 'zram'].join(' ')}; do
if [ -d "/sys/module/$name" ]; then echo "loaded $name"; continue; fi
needs=$(modprobe -D "$name" 2>/dev/null) || continue
case $needs in *insmod*) echo "loadable $name" ;; *) echo "loaded $name" ;; esac
done`,
  },
];

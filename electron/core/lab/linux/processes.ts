/** /proc/PID of the guests' QEMU processes: only what the console asks of them. */
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { scopeOf } from './group-files.ts';

/** Memory of QEMU itself beside the guest's. */
const ownKiB = 42_000;

export function readProcess(host: KvmState, guest: Guest, leaf: string): string | undefined {
  switch (leaf) {
    case 'comm':
      return 'qemu-system-x86\n';
    case 'cgroup':
      return `0::/machine.slice/${scopeOf(guest)}/libvirt/emulator\n`;
    case 'cmdline':
      return `${argumentsOf(guest).join('\0')}\0`;
    case 'status':
      return statusOf(host, guest);
    default:
      return undefined;
  }
}

const row = (name: string, kib: number): string => `${name}:\t${String(kib).padStart(8)} kB\n`;

/** Merged pages are resident for each process that uses them. */
function statusOf(host: KvmState, guest: Guest): string {
  const resident = guest.resident * 4 + ownKiB;
  return (
    `Name:\tqemu-system-x86\nState:\tS (sleeping)\nPid:\t${String(guest.pid)}\n` +
    row('VmSize', guest.promised * 4 + 600_000) +
    row('VmRSS', resident) +
    row('RssAnon', resident - 21_000) +
    row('RssFile', 21_000) +
    row('RssShmem', 0) +
    row('VmSwap', Math.min(host.swapPages, guest.out) * 4)
  );
}

function argumentsOf(guest: Guest): readonly string[] {
  return [
    '/usr/bin/qemu-system-x86_64',
    '-name',
    `guest=${guest.name.replaceAll(',', ',,')},debug-threads=on`,
    '-m',
    `size=${String(guest.promised * 4)}k`,
    '-uuid',
    guest.uuid,
    '-device',
    '{"driver":"virtio-balloon-pci","id":"balloon0","bus":"pci.5","addr":"0x0"}',
  ];
}

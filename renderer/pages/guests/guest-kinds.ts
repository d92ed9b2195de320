/** What keeps a guest, in the words its administrators use. */
import type { GuestKind } from '#shared/model/guest.ts';

export const kindWords: Readonly<Record<GuestKind, string>> = {
  libvirt: 'libvirt',
  proxmox: 'Proxmox',
  qemu: 'QEMU process',
  xen: 'Xen domain',
  container: 'Container',
  cgroup: 'Control group',
};
export const guestKinds: readonly GuestKind[] = ['libvirt', 'proxmox', 'qemu', 'xen', 'container', 'cgroup'];

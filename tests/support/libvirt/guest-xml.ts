/** The definition of the small guest that libvirt.ts starts: a kernel, a serial console and a balloon; no network. */
import type { Image } from '../vm/build-image.ts';

export interface GuestShape {
  readonly name: string;
  readonly uuid: string;
  readonly memoryKiB: number;
  readonly image: Image;
  /** What its kernel prints. */
  readonly consolePath: string;
}

/** `type='qemu'`: emulated, as not every machine that runs tests has hardware virtualization. */
export function guestXml({ name, uuid, memoryKiB, image, consolePath }: GuestShape): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <uuid>${uuid}</uuid>
  <memory unit='KiB'>${memoryKiB}</memory>
  <currentMemory unit='KiB'>${memoryKiB}</currentMemory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${image.vmlinux}</kernel>
    <initrd>${image.initramfs}</initrd>
    <cmdline>console=ttyS0 quiet rootfstype=ramfs panic=-1 no_timer_check tsc=reliable mitigations=off nokaslr host.name=${name}</cmdline>
  </os>
  <cpu mode='maximum'/>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <serial type='file'><source path='${consolePath}'/><target port='0'/></serial>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;
}

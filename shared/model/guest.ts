/** Guests: what a host keeps memory for, and the three truths about each. */
import type { Bytes, EpochMs } from '#shared/units.ts';
import type { MetricValue } from '#shared/model/metric.ts';

export type GuestKind = 'libvirt' | 'proxmox' | 'qemu' | 'container' | 'cgroup' | 'xen';

/** A figure with the one who says it and when. `at` is the console's clock when that was heard. */
export interface Said {
  readonly bytes: Bytes;
  /** Path, command or formula. */
  readonly source: string;
  readonly at: EpochMs;
}

/** What the host pays for a guest, by where the pages are. */
export interface GuestCost {
  readonly resident?: Said;
  readonly compressed?: Said;
  readonly remote?: Said;
  readonly onDisk?: Said;
}

/** What a platform says of one guest. Absent is undefined, never 0. */
export interface GuestReading {
  /** Stable on its host while the guest lives: `libvirt:<uuid>`, `proxmox:101`, `cgroup:<path>`, `qemu:<pid>`, `xen:<uuid or domid>`. */
  readonly key: string;
  readonly name: string;
  readonly kind: GuestKind;
  readonly uuid?: string;
  readonly cgroup?: string;
  readonly pid?: number;
  /** The most it may ever have (maximum memory). */
  readonly promised?: Said;
  /** What the balloon allows now. */
  readonly allowed?: Said;
  /** What the guest itself says it uses. */
  readonly uses?: Said;
  readonly pays: GuestCost;
  /** Why a truth is unknown, as sentences for the operator ("balloon statistics are off …"). */
  readonly unknown: readonly string[];
  /** Metric values whose instance is this guest's key. */
  readonly values: readonly MetricValue[];
}

/** What a scenario says of a Xen host and its guests. */
import type { Dice } from '../random.ts';
import type { XenVersion } from '../tmem/xen-version.ts';
import type { WorkloadKind } from '../workload.ts';

export interface XenGuestOptions {
  readonly name: string;
  readonly workload: WorkloadKind;
  /** `memory` of its configuration: what it starts with. */
  readonly memoryMiB: number;
  /** `maxmem`: what it was promised. Workloads ask for shares of it. */
  readonly maxMemMiB: number;
  /** Its kernel offers pages on their way to swap to the hypervisor. */
  readonly frontswap: boolean;
  /** Its kernel offers clean pages of files to the hypervisor. */
  readonly cleancache: boolean;
  /** Self-ballooning and self-shrinking, which the driver switches together at boot. */
  readonly selfballooning: boolean;
  /** Swap disk; twice its memory when not told. */
  readonly swapMiB?: number;
  /** Its files lie on a cluster file system: the words of `xl tmem-shared-auth -u` that name it. */
  readonly clusterFs?: string;
}

export interface XenHostOptions {
  readonly name: string;
  readonly version: XenVersion;
  readonly memoryMiB: number;
  readonly dom0MiB?: number;
  readonly cpus?: number;
  /** `tmem=1` on the hypervisor's command line. */
  readonly tmem: boolean;
  /** `tmem_compress=1`: new clients compress. */
  readonly compress?: boolean;
  /** `tmem_shared_auth=1`; without meaning on 4.11, which always asks. */
  readonly sharedAuth?: boolean;
  readonly guests: readonly XenGuestOptions[];
  /** Hour of the day at which the lab starts. */
  readonly startHour?: number;
  /** Seconds it was up when the lab started. */
  readonly upSeconds?: number;
  readonly dice: Dice;
}

export const pagesPerMiB = 256;

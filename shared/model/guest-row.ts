/** A guest as the tables show it: the newest reading, flattened. */
import type { EpochMs } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { HostId } from '#shared/model/host.ts';

export interface GuestRow extends Omit<GuestReading, 'values'> {
  readonly host: HostId;
  readonly hostName: string;
  readonly at: EpochMs;
  /** Percent of the last 10 s in which some of its tasks waited for memory. */
  readonly pressure?: number;
  /** Pages per second that came back from swap of any kind. */
  readonly swapIn?: number;
  /** Bytes that compression and the balloon keep free for this guest, where both sides are known. */
  readonly saved?: number;
}

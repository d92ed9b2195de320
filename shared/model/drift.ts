/** Drift: a setting that is written down on a host to survive, and is different now because somebody changed it. */
import type { HostId } from '#shared/model/host.ts';

export interface DriftItem {
  readonly host: HostId;
  readonly hostName: string;
  readonly knob: string;
  /** As it is written down, with `*` for a number that changes. */
  readonly keptAs: string;
  readonly title: string;
  readonly wanted: string;
  /** Undefined: what it belongs to is not there now. */
  readonly now?: string | undefined;
}

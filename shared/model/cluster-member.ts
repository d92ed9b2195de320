/** One host's view of a cluster, with what the console adds to it: whose it is, how old it is, how fast pages move. */
import type { EpochMs } from '#shared/units.ts';
import type { ClusterReading } from '#shared/model/cluster.ts';
import type { HostId } from '#shared/model/host.ts';

export interface ClusterMember {
  readonly host: HostId;
  readonly hostName: string;
  readonly at: EpochMs;
  readonly reading: ClusterReading;
  /** Bytes; undefined where the host does not tell. */
  readonly memoryTotal?: number;
  readonly memoryAvailable?: number;
  /** Pages per second; undefined until two readings are there. */
  readonly flow: { readonly sent?: number; readonly failed?: number; readonly fetched?: number };
}

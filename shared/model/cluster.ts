/** Clusters of hosts that lend RAM to each other, as one member sees it. Pages put the members' views together. */
import type { Said } from '#shared/model/guest.ts';

export interface ClusterPeer {
  /** As the cluster's own configuration names it. */
  readonly name: string;
  readonly num: number;
  readonly address: string;
  readonly port: number;
  /** Told to be up on this member. Not the same as linked. */
  readonly up: boolean;
}

export interface ClusterReading {
  /** The cluster's name; members of one cluster have the same and the same nodes. */
  readonly name: string;
  readonly system: 'ramster' | 'remote-ram';
  /** This member's own number, once it is configured. */
  readonly self?: number;
  readonly peers: readonly ClusterPeer[];
  /** Where this member's pages go. */
  readonly target?: number;
  readonly role: 'client' | 'donor' | 'both' | 'none';
  /** Whether the network link stands; undefined when nothing says so. `because` names the witness. */
  readonly linked?: boolean;
  readonly linkedBecause: string;
  /** Kinds of pages that are being sent away now. */
  readonly sends: { readonly persistent: boolean; readonly ephemeral: boolean };
  /** This member's pages that are kept elsewhere. */
  readonly away?: Said;
  /** Other members' pages that are kept here, as they see them. */
  readonly foreign?: Said;
  /** Lifetime counters, in pages. */
  readonly traffic: { readonly sent?: number; readonly failed?: number; readonly fetched?: number };
  /** What an operator must know: dead ends, single points of failure, drift. */
  readonly warnings: readonly string[];
}

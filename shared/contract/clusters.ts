/** Clusters of hosts that lend RAM to each other: every member's view; the page puts them together by name and peers. */
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import { event, request } from './wire.ts';
import { nothing } from './schemas.ts';

export const clusters = {
  'clusters.members': request(nothing).answering<readonly ClusterMember[]>(),
};

export const clusterEvents = {
  /** At most once a second: a member's view is newer, or a member came or went. */
  'clusters.moved': event<null>(),
};

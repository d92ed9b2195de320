/** swapoff and swapon on a 3.10 host: everything swapped comes back, from the other nodes too, or nothing does. */
import { evictFile, load } from './memory.ts';
import type { Network } from './network.ts';
import type { NodeState } from './node-state.ts';
import { fetch } from './remotify.ts';
import { swapDevice } from './tables.ts';

/** @returns what swapoff complains with */
export function swapOff(network: Network, node: NodeState): string | undefined {
  // Frames of the pages that come back are free only afterwards, so it takes room for all of them.
  if (node.slots > node.free + node.file - node.lowMark) {
    return `swapoff: ${swapDevice}: swapoff failed: Cannot allocate memory`;
  }
  while (node.free < node.slots + node.lowMark && node.file > 0) {
    evictFile(node, Math.min(node.file, 4096));
    node.recount();
  }
  const local = node.local;
  load(node, local);
  node.resident += local + node.device;
  node.pswpin += node.device;
  node.majorFaults += local + node.device;
  node.device = 0;
  node.recount();
  fetch(network, node, node.remoteTotal);
  node.recount();
  if (node.remoteTotal > 0) return `swapoff: ${swapDevice}: swapoff failed: Cannot allocate memory`;
  node.swapPages = 0;
  return undefined;
}

export function swapOn(node: NodeState): void {
  node.swapPages = node.swapSize;
}

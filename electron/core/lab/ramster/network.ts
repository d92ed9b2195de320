/**
 * The cluster's network: who can hear whom, and the links RAMster makes over it (r2net). Each host has its own view of
 * a link; it learns of a silent peer only when the idle timeout is over, and hangs until then if it needs a page
 * (docs/domain.md 2.7).
 */
import type { NodeState, Side } from './node-state.ts';

/** Seconds a handshake takes. */
const handshake = 2;

export class Network {
  nodes: NodeState[] = [];
  private readonly cuts = new Set<string>();

  cut(a: string, b: string): void {
    this.cuts.add(pair(a, b));
  }

  heal(a: string, b: string): void {
    this.cuts.delete(pair(a, b));
  }

  hears(a: NodeState, b: NodeState): boolean {
    return a.powered && b.powered && !this.cuts.has(pair(a.name, b.name));
  }

  /** The host that the node's own configuration means by a number: whoever has that address and port, and listens. */
  peer(node: NodeState, num: number): NodeState | undefined {
    const wanted = node.config.byNumber(num);
    if (wanted === undefined || node.config.local === undefined) return undefined;
    return this.nodes.find(({ config, address }) => {
      const local = config.local;
      return local !== undefined && local.num === num && local.port === wanted.port && address === wanted.address;
    });
  }

  /** The peer of a link that stands and answers. */
  linkedPeer(node: NodeState, num: number): NodeState | undefined {
    if (node.sides.get(num)?.state !== 'up') return undefined;
    const peer = this.peer(node, num);
    if (peer === undefined || !this.hears(node, peer)) return undefined;
    return peer.sides.get(node.config.local?.num ?? -1)?.state === 'up' ? peer : undefined;
  }

  second(node: NodeState): void {
    for (const [num, side] of node.sides) {
      if (side.state === 'trying') this.try(node, num, side);
      else if (side.state === 'up') this.watch(node, num, side);
    }
  }

  private try(node: NodeState, num: number, side: Side): void {
    const own = node.config.local?.num;
    const dials = own !== undefined && own > num;
    const timeout = (node.config.cluster?.idleTimeoutMs ?? 30_000) / 1000;
    const tried = node.seconds - side.since;
    const peer = this.peer(node, num);
    if (tried >= handshake && peer !== undefined && own !== undefined && this.answers(node, peer, own)) {
      return this.join(node, peer, own, num);
    }
    const config = node.config.byNumber(num);
    if (dials && config && Math.floor(tried) % 2 === 1) {
      node.log.say(
        `ramster: Connection to node ${config.name} (num ${String(num)}) at ${config.address}:${String(config.port)} shutdown, state 7`,
      );
    }
    if (tried < timeout) return;
    side.state = 'given-up';
    if (dials)
      node.log.say(
        `ramster: No connection established with node ${String(num)} after ${timeout.toFixed(1)} seconds, giving up.`,
      );
  }

  private answers(node: NodeState, peer: NodeState, own: number): boolean {
    const [mine, theirs] = [node.config.cluster, peer.config.cluster];
    if (!this.hears(node, peer) || mine === undefined || theirs === undefined) return false;
    const side = peer.sides.get(own);
    return (
      side?.state === 'trying' &&
      peer.seconds - side.since >= handshake &&
      mine.idleTimeoutMs === theirs.idleTimeoutMs &&
      mine.keepaliveMs === theirs.keepaliveMs &&
      mine.deadThreshold === theirs.deadThreshold
    );
  }

  private join(node: NodeState, peer: NodeState, own: number, num: number): void {
    const dialPort = node.dice.between(32_768, 60_999);
    for (const [one, other] of [
      [node, num],
      [peer, own],
    ] as const) {
      one.sides.set(other, { state: 'up', since: one.seconds, silent: 0, dialPort });
      const there = one.config.byNumber(other);
      if (there === undefined) continue;
      const who = `node ${there.name} (num ${String(other)}) at ${there.address}:${String(there.port)}`;
      const accepted = (one.config.local?.num ?? 0) < other;
      one.log.say(`ramster: ${accepted ? 'Accepted connection from' : 'Connected to'} ${who}`);
    }
  }

  private watch(node: NodeState, num: number, side: Side): void {
    const peer = this.peer(node, num);
    if (peer !== undefined && this.hears(node, peer)) {
      side.silent = 0;
      // The peer has forgotten the link (it was rebooted): its end is refused at once.
      const back = peer.sides.get(node.config.local?.num ?? -1);
      if (back?.state !== 'up') this.lose(node, num, undefined);
      return;
    }
    side.silent++;
    const timeout = (node.config.cluster?.idleTimeoutMs ?? 30_000) / 1000;
    if (side.silent >= timeout) this.lose(node, num, side.silent);
  }

  private lose(node: NodeState, num: number, idle: number | undefined): void {
    const there = node.config.byNumber(num);
    const who = `node ${there?.name ?? '?'} (num ${String(num)}) at ${there?.address ?? '0.0.0.0'}:${String(there?.port ?? 0)}`;
    if (idle !== undefined) {
      node.log.say(
        `ramster: Connection to ${who} has been idle for ${(idle + 0.81).toFixed(2)} secs, shutting it down.`,
      );
    }
    node.log.say(`ramster: No longer connected to ${who}`);
    node.sides.set(num, { state: 'trying', since: node.seconds, silent: 0, dialPort: 0 });
    node.lost += node.remote.get(num) ?? 0;
    node.remote.delete(num);
    node.ephRemote.delete(num);
    node.hung = false;
  }
}

const pair = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

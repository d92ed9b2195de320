/**
 * What an operator of a RAMster node must know: dead ends, single points of failure, pages that are stuck, counters that
 * drift (docs/domain.md 2.6, 2.7). Each is a sentence that says what is so and what to do.
 */
import { logText } from './commands.ts';
import type { Member } from './cluster-reading.ts';
import type { Values } from './values.ts';

/** The push worker first runs a minute after boot; a peer that is alive has pages some seconds later. */
const workerRunsSeconds = 75;
/** A tolerable wait for whoever needs a page of a peer that has vanished. */
const longIdleMs = 60_000;

export function warningsOf(out: Values, member: Member): readonly string[] {
  return [
    ...lossOf(out, member),
    ...targetOf(out, member),
    ...stranded(member),
    ...deadEnds(member),
    ...failures(out),
    ...drift(out, member),
    ...idle(member),
  ];
}

/** There is one copy of each page that is away. */
function lossOf(out: Values, { target, sends, linked, atMost, foreign }: Member): string[] {
  const said: string[] = [];
  if (/zcache_get fails on persistent pool/.test(logText(out.evidence)?.text ?? '')) {
    said.push(
      'Swapped pages could not be fetched back (the kernel’s log says “zcache_get fails on persistent pool”): programs that needed them have lost data. Restart what ran here.',
    );
  }
  if (target !== undefined && linked(target) === false && (atMost ?? 0) > 0) {
    said.push(
      `Node ${String(target)}, the target, is not linked, and up to ${String(atMost)} swapped pages of this host were there: they cannot be fetched. What cannot be fetched is lost, and so are the programs it belongs to.`,
    );
  } else if (target !== undefined && (sends.persistent || (atMost ?? 0) > 0)) {
    said.push(
      `Swapped pages of this host${(atMost ?? 0) > 0 ? `, up to ${String(atMost)},` : ''} are kept on node ${String(target)} alone: if that node is lost, so are they, and the programs they belong to. There is no second copy.`,
    );
  }
  const kept = foreign?.persistent ?? 0;
  if (kept > 0) {
    said.push(
      `${String(kept)} swapped pages of other nodes are kept here: if this host goes down, they are lost. Have their owners drain first (swapoff) before you reboot it.`,
    );
  }
  return said;
}

function targetOf(out: Values, { config, self, target, sends, linked, atMost }: Member): string[] {
  if (target === undefined) {
    return sends.persistent || sends.ephemeral
      ? ['Sending is switched on and no target is set: nothing is sent. Set remote_target_nodenum.']
      : [];
  }
  if (target === self)
    return [`The target is this node itself (${String(target)}): nothing is gained. Set another node.`];
  if (linked(target) === false) {
    if ((atMost ?? 0) > 0) return [];
    return [`Node ${String(target)} is the target and is not linked: pages cannot be sent to it nor fetched from it.`];
  }
  const sent = (out.number('ramster.pers_pages_remoted') ?? 1) + (out.number('ramster.eph_pages_remoted') ?? 1);
  if (sent > 0 || atMost === undefined) return [];
  const name = config.nodes.find(({ num }) => num === target)?.name ?? `node ${String(target)}`;
  const waiting = sends.persistent && (out.number('zcache.pers_zpages') ?? 0) > 0;
  if (waiting && (uptime(out) ?? 0) > workerRunsSeconds) {
    return [
      `Swapped pages wait and not one has arrived on ${name}. An unpatched 3.10 kernel crashes on the first page it receives, while its TCP connection stays: look at the console of ${name}, and expect processes here that hang.`,
    ];
  }
  return [
    `No page has been sent to ${name} yet. An unpatched 3.10 kernel crashes on the first page it receives: be sure that ${name} runs a kernel with the fix before you switch sending on.`,
  ];
}

function stranded({ sends, atMost, target }: Member): string[] {
  if (sends.persistent || sends.ephemeral || atMost === undefined || atMost === 0) return [];
  return [
    `Both remotify switches are off, and up to ${String(atMost)} pages are still on node ${String(target ?? '?')}: with both off, the target is not told to drop what is no longer needed. Set pers_remotify_enable to 1, drain with swapoff, then switch off.`,
  ];
}

function deadEnds({ config, self, up, linked }: Member): string[] {
  const said: string[] = [];
  for (const { name, num } of config.nodes) {
    if (num === undefined) {
      said.push(
        `${name} is not configured yet: its number reads 0 before it is set. Write ipv4_port and ipv4_address, then num. A write that was refused locks the file: remove the node’s directory and make it anew.`,
      );
    } else if (num !== self && up.includes(num) && linked(num) === false) {
      said.push(
        `Node ${String(num)} (${name}) was told to be up and no link stands. Once the idle timeout has passed, raising it again does nothing: remove the nodes and the cluster, make them anew with unused numbers (0 to 7), and raise those on both hosts within the idle timeout.`,
      );
    }
  }
  if (self === undefined && config.nodes.length > 0) {
    said.push('No node of the cluster is marked as this host (local): its port is closed and no link can be made.');
  }
  const lone = up.filter((num) => !config.nodes.some((node) => node.num === num));
  if (lone.length > 0) {
    said.push(
      `${lone.join(', ')} in manual_node_up ${lone.length === 1 ? 'is' : 'are'} no node of the cluster: a number raised before its node exists cannot be linked until the next boot. Use another number.`,
    );
  }
  return said;
}

function failures(out: Values): string[] {
  const failed =
    (out.number('ramster.pers_pages_remote_failed') ?? 0) + (out.number('ramster.eph_pages_remote_failed') ?? 0);
  const lost = out.number('ramster.remote_pers_pages_unsucc_get') ?? 0;
  const said: string[] = [];
  if (failed > 0) {
    said.push(
      `${String(failed)} pages could not be handed to the target; they are not tried again. Look at the link and at the memory of the target.`,
    );
  }
  if (lost > 0)
    said.push(`${String(lost)} swapped pages were asked for and not given back by the target: their data is lost.`);
  return said;
}

function drift(out: Values, { atMost }: Member): string[] {
  const claimed = out.number('ramster.remote_pers_pages');
  if (claimed === undefined || atMost === undefined || claimed <= atMost) return [];
  return [
    `remote_pers_pages says ${String(claimed)}, but at most ${String(atMost)} pages can be away: the counter drifts. Believe the target’s foreign_pers_pages.`,
  ];
}

function idle({ config: { idleTimeoutMs } }: Member): string[] {
  if (idleTimeoutMs === undefined || idleTimeoutMs <= longIdleMs) return [];
  return [
    `A peer that vanishes is noticed only after ${String(Math.round(idleTimeoutMs / 1000))} s (idle_timeout_ms); until then whatever needs its pages hangs. It must be equal on all nodes and cannot be changed while a peer is linked.`,
  ];
}

function uptime(out: Values): number | undefined {
  const seconds = Number(out.file('/proc/uptime')?.text.split(' ')[0]);
  return Number.isFinite(seconds) ? seconds : undefined;
}

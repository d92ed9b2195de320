/**
 * Which nodes this host is linked with. No file of RAMster's says so. The witness is a TCP connection on the cluster's
 * port; where none was asked for, the last word of the kernel's log on each node. An established connection says that
 * the link was made and not closed: a peer that has crashed keeps it so until the idle timeout (docs/domain.md 2.6,
 * 2.7).
 */
import type { Evidence } from '../platform.ts';
import { parseTcp } from '../kernel/tcp.ts';
import type { ClusterConfig, NodeConfig } from './cluster-config.ts';
import { linksShown, linksText, logText } from './commands.ts';

export interface Links {
  /** undefined when nothing tells. */
  linked(num: number): boolean | undefined;
  /** What tells, as a sentence. */
  readonly because: string;
}

export function linksOf(evidence: Evidence, { nodes }: ClusterConfig): Links {
  return byConnections(evidence, nodes) ?? byLog(evidence) ?? unknownLinks;
}

const unknownLinks: Links = {
  linked: () => undefined,
  because: 'Nothing tells: neither /proc/net/tcp nor the kernel’s log was read.',
};

function byConnections(evidence: Evidence, nodes: readonly NodeConfig[]): Links | undefined {
  const text = linksText(evidence);
  // Our own command prints nothing where there is no connection; a foreign listing has at least its headings.
  if (text === undefined || (text.command !== linksShown && !/tcp|State/i.test(text.text))) return undefined;
  const connections = parseTcp(text.text).filter(({ established }) => established);
  const self = nodes.find(({ local }) => local);
  const linked = (num: number): boolean => {
    const peer = nodes.find((node) => node.num === num);
    if (peer === undefined) return false;
    return connections.some(
      ({ local, remote }) =>
        remote.address === peer.address && (remote.port === peer.port || local.port === self?.port),
    );
  };
  const place = text.command === linksShown ? '/proc/net/tcp' : text.command;
  const up = nodes.filter((node) => !node.local && node.num !== undefined && linked(node.num));
  return {
    linked,
    because:
      up.length === 0
        ? `${place} has no established connection with another node on the cluster’s port.`
        : `${place} has an established connection with ${up.map(({ name }) => name).join(', ')} on the cluster’s port; a peer that has crashed keeps it until the idle timeout.`,
  };
}

const made = /(?:Accepted connection from|Connected to) node \S{1,255} \(num (\d)\)/;
const lost = /(?:No longer connected to node \S{1,255} \(num (\d)\)|No connection established with node (\d) )/;

function byLog(evidence: Evidence): Links | undefined {
  const log = logText(evidence);
  if (log === undefined) return undefined;
  const last = new Map<number, boolean>();
  for (const line of log.text.split('\n')) {
    const [came, went] = [made.exec(line), lost.exec(line)];
    if (came) last.set(Number(came[1]), true);
    if (went) last.set(Number(went[1] ?? went[2]), false);
  }
  if (last.size === 0) return undefined;
  return {
    linked: (num) => last.get(num),
    because: 'The kernel’s log (dmesg) says so last; /proc/net/tcp was not read.',
  };
}

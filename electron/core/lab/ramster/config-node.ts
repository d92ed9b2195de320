/** A node of the cluster in configfs: what each attribute takes, and in which order (nodemanager.c). */
import type { WriteOutcome } from '../machine.ts';
import { invalid, ok, refused } from '../linux/settings.ts';

const range = refused('ERANGE');

export interface ConfigNode {
  readonly name: string;
  num: number | undefined;
  port: number;
  address: string;
  local: boolean;
  readonly locked: Set<string>;
}

export interface ConfigCluster {
  readonly name: string;
  idleTimeoutMs: number;
  keepaliveMs: number;
  reconnectMs: number;
  fence: string;
  deadThreshold: number;
  mode: string;
  readonly nodes: Map<string, ConfigNode>;
}

/** Digits with one final newline at most. */
export function plain(value: string): number | undefined {
  const text = value.replace(/\n$/, '');
  return /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** The write itself; whether the attribute is locked is the caller's to look at. */
export function writeNode(cluster: ConfigCluster, node: ConfigNode, leaf: string, value: string): WriteOutcome {
  const number = plain(value);
  switch (leaf) {
    case 'ipv4_address':
      return writeAddress(node, value.replace(/\n$/, ''));
    case 'ipv4_port':
      if (number === undefined || number === 0) return invalid;
      if (number >= 65_536) return range;
      node.port = number;
      return ok;
    case 'num':
      return writeNumber(cluster, node, number);
    default:
      if (number !== 1 || node.num === undefined) return invalid;
      if ([...cluster.nodes.values()].some(({ local }) => local)) return refused('EBUSY');
      node.local = true;
      return ok;
  }
}

function writeAddress(node: ConfigNode, text: string): WriteOutcome {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return invalid;
  if (parts.some((part) => part > 255)) return range;
  node.address = parts.join('.');
  return ok;
}

function writeNumber(cluster: ConfigCluster, node: ConfigNode, number: number | undefined): WriteOutcome {
  if (number === undefined) return invalid;
  if (number > 254) return range;
  if (node.port === 0 || node.address === '0.0.0.0') return invalid;
  const others = [...cluster.nodes.values()].filter((other) => other !== node && other.num !== undefined);
  if (others.some((other) => other.num === number || (other.address === node.address && other.port === node.port))) {
    return refused('EEXIST');
  }
  node.num = number;
  return ok;
}

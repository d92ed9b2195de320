/** The cluster as configfs has it: /sys/kernel/config/cluster/NAME and its node/NODE directories. */
import { parseInteger } from '../kernel/integer.ts';
import { showableName } from '../kernel/cgroup-name.ts';
import { noteTrouble, quoted } from '../kernel/trouble.ts';
import { clusterAttributes, clusterId, clusterRoot, nodeAttributes, nodeId } from './catalogue/cluster.ts';
import type { Values } from './values.ts';

export interface NodeConfig {
  readonly name: string;
  /** undefined before it is set: the file reads 0 then, which is also a number of a node. */
  readonly num: number | undefined;
  readonly address: string;
  readonly port: number;
  readonly local: boolean;
}

export interface ClusterConfig {
  readonly name: string;
  readonly idleTimeoutMs: number | undefined;
  readonly keepaliveMs: number | undefined;
  readonly deadThreshold: number | undefined;
  readonly nodes: readonly NodeConfig[];
}

const nodeFile = /^\/sys\/kernel\/config\/cluster\/([^/]{1,255})\/node\/([^/]{1,255})\/[a-z0-9_]+$/;
const clusterFile = /^\/sys\/kernel\/config\/cluster\/([^/]{1,255})\/(?:heartbeat\/)?[a-z_]+$/;
const unsetAddress = '0.0.0.0';

/** The kernel allows one cluster; a capture that shows more has been put together, and each is listed. */
export function readClusters(out: Values): readonly ClusterConfig[] {
  const found = new Map<string, Set<string>>();
  for (const path of out.evidence.files.keys()) {
    if (!path.startsWith(`${clusterRoot}/`)) continue;
    const node = nodeFile.exec(path);
    const name = node?.[1] ?? clusterFile.exec(path)?.[1];
    if (name === undefined) continue;
    const nodes = found.get(name) ?? new Set<string>();
    found.set(name, nodes);
    if (node?.[2] !== undefined) nodes.add(node[2]);
  }
  return [...found].map(([name, nodes]) => readCluster(out, name, [...nodes].sort()));
}

function readCluster(out: Values, name: string, nodes: readonly string[]): ClusterConfig {
  const directory = `${clusterRoot}/${name}`;
  const shown = showableName(name);
  for (const [attribute, , unit] of clusterAttributes) {
    const path = `${directory}/${attribute}`;
    put(out, clusterId(attribute), path, shown, unit === 'text' ? word(out, path) : number(out, path));
  }
  const whole = (leaf: string): number | undefined => {
    const file = out.file(`${directory}/${leaf}`);
    return file && parseInteger(file.text);
  };
  return {
    name: shown,
    idleTimeoutMs: whole('idle_timeout_ms'),
    keepaliveMs: whole('keepalive_delay_ms'),
    deadThreshold: whole('heartbeat/dead_threshold'),
    nodes: nodes.map((node) => readNode(out, `${directory}/node/${node}`, shown, showableName(node))),
  };
}

function readNode(out: Values, directory: string, cluster: string, name: string): NodeConfig {
  const values = new Map<string, number | string | undefined>();
  for (const [attribute, , unit] of nodeAttributes) {
    const path = `${directory}/${attribute}`;
    const value = unit === 'text' ? word(out, path) : number(out, path);
    values.set(attribute, value);
    put(out, nodeId(attribute), path, `${cluster}/${name}`, value);
  }
  const num = values.get('num');
  const port = values.get('ipv4_port');
  const address = String(values.get('ipv4_address') ?? unsetAddress);
  // num can only be set once both port and address are.
  const settable = address !== unsetAddress && typeof port === 'number' && port > 0;
  return {
    name,
    num: typeof num === 'number' && (num !== 0 || settable) ? num : undefined,
    address,
    port: typeof port === 'number' ? port : 0,
    local: values.get('local') === 1,
  };
}

function put(out: Values, metric: string, path: string, instance: string, value: number | string | undefined): void {
  out.put(metric, value, path, out.file(path)?.line, instance);
}

function number(out: Values, path: string): number | undefined {
  const file = out.file(path);
  if (file === undefined) return undefined;
  const value = parseInteger(file.text);
  if (value === undefined) noteTrouble(out.troubles, file, 0, `expected a whole number, found ${quoted(file.text)}`);
  return value;
}

function word(out: Values, path: string): string | undefined {
  const file = out.file(path);
  if (file === undefined) return undefined;
  const text = file.text.trim();
  if (/^[A-Za-z0-9._-]{1,64}$/.test(text)) return text;
  noteTrouble(out.troubles, file, 0, `expected one word, found ${quoted(file.text)}`);
  return undefined;
}

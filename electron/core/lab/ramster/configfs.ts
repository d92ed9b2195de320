/**
 * /sys/kernel/config/cluster of one host: one cluster, its attributes, its nodes; with the order of writing and the
 * traps of the real one. The first write to a node's attribute locks it, also when that write was refused: the kernel
 * compares a signed with an unsigned length there. Only rmdir and mkdir open it again.
 */
import type { WriteOutcome } from '../machine.ts';
import { invalid, missing, ok, refused } from '../linux/settings.ts';
import { plain, writeNode } from './config-node.ts';
import type { ConfigCluster, ConfigNode } from './config-node.ts';
import type { KernelLog } from './kernel-log.ts';

export const configRoot = '/sys/kernel/config/cluster';

const busy = refused('EBUSY');
const range = refused('ERANGE');

export class Configfs {
  cluster: ConfigCluster | undefined = undefined;
  private readonly log: KernelLog;
  /** Whether a peer is linked: timeouts cannot be changed then. */
  linked: () => boolean = () => false;

  constructor(log: KernelLog) {
    this.log = log;
  }

  get local(): ConfigNode | undefined {
    return [...(this.cluster?.nodes.values() ?? [])].find(({ local }) => local);
  }

  byNumber(num: number): ConfigNode | undefined {
    return [...(this.cluster?.nodes.values() ?? [])].find((node) => node.num === num);
  }

  directories(): readonly string[] {
    const { cluster } = this;
    if (cluster === undefined) return [configRoot];
    const own = `${configRoot}/${cluster.name}`;
    return [
      configRoot,
      own,
      `${own}/heartbeat`,
      `${own}/node`,
      ...[...cluster.nodes.keys()].map((node) => `${own}/node/${node}`),
    ];
  }

  /** @returns the errno, undefined when it worked */
  mkdir(path: string): string | undefined {
    const parts = path.slice(configRoot.length + 1).split('/');
    const [name = '', kind, child] = parts;
    if (!path.startsWith(`${configRoot}/`) || name === '' || parts.length > 3) return 'ENOENT';
    if (parts.length === 1) return this.makeCluster(name);
    if (name !== this.cluster?.name) return 'ENOENT';
    if (parts.length === 2) return kind === 'node' || kind === 'heartbeat' ? 'EEXIST' : 'EPERM';
    if (kind === 'heartbeat') return this.refuseRegion();
    if (kind !== 'node' || child === undefined || child === '') return 'ENOENT';
    if (child.length > 64) return 'ENAMETOOLONG';
    if (this.cluster.nodes.has(child)) return 'EEXIST';
    this.cluster.nodes.set(child, {
      name: child,
      num: undefined,
      port: 0,
      address: '0.0.0.0',
      local: false,
      locked: new Set(),
    });
    return undefined;
  }

  private makeCluster(name: string): string | undefined {
    if (this.cluster?.name === name) return 'EEXIST';
    if (this.cluster !== undefined) return 'ENOSPC';
    this.cluster = {
      name,
      idleTimeoutMs: 30_000,
      keepaliveMs: 2000,
      reconnectMs: 2000,
      fence: 'reset',
      deadThreshold: 31,
      mode: 'local',
      nodes: new Map(),
    };
    return undefined;
  }

  private refuseRegion(): string {
    this.log.say('WARNING: at include/linux/kref.h:47 config_item_get+0x46/0x60()');
    return 'EINVAL';
  }

  rmdir(path: string): string | undefined {
    const [name, kind, child, more] = path.slice(configRoot.length + 1).split('/');
    if (!path.startsWith(`${configRoot}/`) || more !== undefined || name !== this.cluster?.name) return 'ENOENT';
    if (kind === undefined) {
      if (this.cluster !== undefined && this.cluster.nodes.size > 0) return 'ENOTEMPTY';
      this.cluster = undefined;
      return undefined;
    }
    if (kind !== 'node' || child === undefined) return 'EPERM';
    return this.cluster?.nodes.delete(child) === true ? undefined : 'ENOENT';
  }

  read(path: string): string | undefined {
    const { cluster, rest } = this.inside(path);
    if (cluster === undefined) return undefined;
    const attribute = attributes(cluster)[rest];
    if (attribute !== undefined) return `${attribute}\n`;
    const [kind, child, leaf, more] = rest.split('/');
    const node = kind === 'node' && more === undefined ? cluster.nodes.get(child ?? '') : undefined;
    if (node === undefined) return undefined;
    // `num` reads 0 before it is set.
    if (leaf === 'num') return `${String(node.num ?? 0)}\n`;
    if (leaf === 'ipv4_port') return `${String(node.port)}\n`;
    if (leaf === 'ipv4_address') return `${node.address}\n`;
    return leaf === 'local' ? (node.local ? '1\n' : '0\n') : undefined;
  }

  private inside(path: string): { readonly cluster: ConfigCluster | undefined; readonly rest: string } {
    const own = this.cluster === undefined ? undefined : `${configRoot}/${this.cluster.name}/`;
    const within = own !== undefined && path.startsWith(own);
    return { cluster: within ? this.cluster : undefined, rest: within ? path.slice(own.length) : '' };
  }

  write(path: string, value: string): WriteOutcome {
    const { cluster, rest } = this.inside(path);
    if (cluster === undefined || this.read(path) === undefined) return missing;
    const [kind, child, leaf] = rest.split('/');
    if (kind !== 'node') return this.writeCluster(cluster, rest, value);
    const node = cluster.nodes.get(child ?? '');
    if (node === undefined || leaf === undefined) return missing;
    if (node.locked.has(leaf)) return busy;
    node.locked.add(leaf);
    return writeNode(cluster, node, leaf, value);
  }

  private writeCluster(cluster: ConfigCluster, name: string, value: string): WriteOutcome {
    if (name === 'fence_method') return this.writeFence(cluster, value);
    if (name === 'heartbeat/mode') return this.writeMode(cluster, value);
    const number = plain(value);
    if (number === undefined) return invalid;
    if (name === 'heartbeat/dead_threshold') {
      // 1 and 2 are answered with success and change nothing.
      if (number > 2) cluster.deadThreshold = Math.min(number, 2 ** 32 - 1);
      return ok;
    }
    if (number === 0) return invalid;
    if (number >= 2 ** 32 - 1) return range;
    return this.writeSpan(cluster, name, number);
  }

  private writeSpan(cluster: ConfigCluster, name: string, number: number): WriteOutcome {
    if (name === 'reconnect_delay_ms') {
      cluster.reconnectMs = number;
      return ok;
    }
    const idle = name === 'idle_timeout_ms';
    if (number === (idle ? cluster.idleTimeoutMs : cluster.keepaliveMs)) return ok;
    if (this.linked()) return invalid;
    if (idle ? number <= cluster.keepaliveMs : number >= cluster.idleTimeoutMs) {
      this.log.say(
        idle
          ? 'r2net: idle timeout must be larger than keepalive delay'
          : 'r2net: keepalive delay must be smaller than idle timeout',
      );
      return invalid;
    }
    if (idle) cluster.idleTimeoutMs = number;
    else cluster.keepaliveMs = number;
    return ok;
  }

  /** Wants its newline, and does not look at upper and lower case. */
  private writeFence(cluster: ConfigCluster, value: string): WriteOutcome {
    const word = /^(reset|panic)\n$/i.exec(value)?.[1]?.toLowerCase();
    if (word === undefined) return invalid;
    if (word !== cluster.fence) this.log.say(`ramster: Changing fence method to ${word}`);
    cluster.fence = word;
    return ok;
  }

  /** Any beginning of a word is taken for it. */
  private writeMode(cluster: ConfigCluster, value: string): WriteOutcome {
    const word = value.replace(/\n$/, '');
    const mode = word === '' ? undefined : ['local', 'global'].find((known) => known.startsWith(word));
    if (mode === undefined) return invalid;
    cluster.mode = mode;
    this.log.say(`ramster: Heartbeat mode set to ${mode}`);
    return ok;
  }
}

const attributes = (cluster: ConfigCluster): Readonly<Record<string, string>> => ({
  idle_timeout_ms: String(cluster.idleTimeoutMs),
  keepalive_delay_ms: String(cluster.keepaliveMs),
  reconnect_delay_ms: String(cluster.reconnectMs),
  fence_method: cluster.fence,
  'heartbeat/dead_threshold': String(cluster.deadThreshold),
  'heartbeat/mode': cluster.mode,
});

/** /sys/kernel/mm/ramster: six files, their texts and what writing them does (docs/domain.md 2.6). */
import type { WriteOutcome } from '../machine.ts';
import { denied, invalid, missing, ok } from '../linux/settings.ts';
import type { NodeState } from './node-state.ts';

export const ramsterRoot = '/sys/kernel/mm/ramster';
/** RAMster raises nodes 0 to 7 by hand. */
const nodes = 8;

/** Texts of the six files; undefined for any other name. */
export function readSwitch(node: NodeState, name: string): string | undefined {
  switch (name) {
    case 'interface_revision':
      return '5\n';
    case 'manual_node_up':
      return `${[...node.up]
        .sort((a, b) => a - b)
        .map((num) => `${String(num)} `)
        .join('')}\n`;
    case 'remote_target_nodenum':
      return `${node.target === undefined ? 'unset' : String(node.target)}\n`;
    case 'pers_remotify_enable':
      return `${node.persEnable}\n`;
    case 'eph_remotify_enable':
      return `${node.ephEnable}\n`;
    case 'remote_pers_pages':
      return `${String(remotePersPages(node))}\n`;
    default:
      return undefined;
  }
}

/** Not what is held remotely: what was sent less what was flushed here; pages fetched back stay counted. */
export const remotePersPages = (node: NodeState): number =>
  Math.max(0, node.counted('ramster/pers_pages_remoted') - node.counted('ramster/remote_pages_flushed'));

export function writeSwitch(node: NodeState, name: string, value: string): WriteOutcome {
  switch (name) {
    case 'manual_node_up':
      return raise(node, value);
    case 'remote_target_nodenum':
      return aim(node, value);
    case 'pers_remotify_enable':
    case 'eph_remotify_enable': {
      const kept = unsigned64(value);
      if (kept === undefined) return invalid;
      if (name === 'pers_remotify_enable') node.persEnable = kept;
      else node.ephEnable = kept;
      return ok;
    }
    default:
      return readSwitch(node, name) === undefined ? missing : denied;
  }
}

/** kstrtoul with base 10: digits only, one final newline, up to 2^64 - 1. */
function unsigned64(value: string): string | undefined {
  const text = value.replace(/\n$/, '');
  if (!/^\d{1,30}$/.test(text)) return undefined;
  const number = BigInt(text);
  return number < 2n ** 64n ? number.toString() : undefined;
}

function nodeNumber(node: NodeState, value: string): number | undefined {
  const text = unsigned64(value);
  if (text === undefined) {
    node.log.say('ramster: bad strtoul?');
    return undefined;
  }
  const number = Number(text);
  if (number < nodes) return number;
  node.log.say(
    text === '18446744073709551615'
      ? 'ramster: disabling all remotification, data may still reside on remote nodes however'
      : `ramster: bad node_num=${text}?`,
  );
  return undefined;
}

/** One way. Before the cluster exists it answers success and uses the number up. */
function raise(node: NodeState, value: string): WriteOutcome {
  const num = nodeNumber(node, value);
  if (num === undefined) return invalid;
  if (node.up.has(num)) {
    node.log.say(`ramster: node ${String(num)} already up, ignoring`);
    return ok;
  }
  node.up.add(num);
  if (node.config.cluster === undefined) {
    node.log.say('ramster: cluster not alive, node_up_manual ignored');
    return ok;
  }
  if (node.config.byNumber(num)?.local !== true) {
    node.sides.set(num, { state: 'trying', since: node.seconds, silent: 0, dialPort: 0 });
  }
  return ok;
}

function aim(node: NodeState, value: string): WriteOutcome {
  const num = nodeNumber(node, value);
  if (num === undefined) return invalid;
  if (!node.up.has(num)) {
    node.log.say(`ramster: node ${String(num)} not up, ignoring setting of remotification target`);
    return ok;
  }
  if (node.config.byNumber(num) === undefined) {
    node.log.say(`ramster: bad num to node node_num=${String(num)}?`);
    return invalid;
  }
  node.target = num;
  node.log.say(`ramster: node ${String(num)} set as remotification target`);
  return ok;
}

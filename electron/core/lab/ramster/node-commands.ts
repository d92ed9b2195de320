/** Commands on a 3.10 host of the lab: mkdir and rmdir in configfs, dmesg, and the console's own fixed ones. */
import { addressesShown, linksShown, logShown } from '#core/platforms/ramster/commands.ts';
import type { CommandOutcome } from '../machine.ts';
import type { NodeState } from './node-state.ts';
import { netTcp } from './tables.ts';

const words: Readonly<Record<string, string>> = {
  EEXIST: 'File exists',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  EINVAL: 'Invalid argument',
  ENAMETOOLONG: 'File name too long',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
};

/** The words of a command, or those by which the console shows one of its own (`shown`). */
export function runOnNode(node: NodeState, given: readonly string[]): CommandOutcome {
  const whole = given.join(' ');
  if (whole === linksShown) return { text: clusterLinks(node), status: 0 };
  if (whole === logShown) {
    const lines = node.log.text((line) => /zcache|ramster|r2net/.test(line) && !line.includes('shutdown, state'));
    return { text: lastLines(lines, 200), status: 0 };
  }
  if (whole === addressesShown) return { text: `127.0.0.1\n${node.address}\n`, status: 0 };
  const [command = '', path = ''] = given;
  // There, for the console's fixed commands, which are known by their words above.
  if (command === 'grep' || command === 'sed') return { text: '', status: 2 };
  if (command === 'dmesg') return { text: node.log.text(), status: 0 };
  if (command === 'mkdir' || command === 'rmdir') {
    const errno = node.config[command](path);
    if (errno === undefined) return { text: '', status: 0 };
    const what = command === 'mkdir' ? `cannot create directory '${path}'` : `failed to remove '${path}'`;
    return { text: `${command}: ${what}: ${words[errno] ?? errno}\n`, status: 1 };
  }
  return { text: `sh: 1: ${command}: not found\n`, status: 127 };
}

/** What `grep` finds in /proc/net/tcp of the ports that nodes are configured with. */
function clusterLinks(node: NodeState): string {
  const ports = [...(node.config.cluster?.nodes.values() ?? [])].map(({ port }) => port).filter((port) => port > 0);
  const marks = ports.map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')} `);
  return netTcp(node)
    .split('\n')
    .filter((line) => marks.some((mark) => line.includes(mark)))
    .map((line) => `${line}\n`)
    .join('');
}

const lastLines = (text: string, most: number): string =>
  text
    .split('\n')
    .slice(-most - 1)
    .join('\n');

/** All files of a 3.10 host of the lab, by path: which part of the model renders each, and which can be written. */
import type { LabFiles, WriteOutcome } from '../machine.ts';
import { matchDirectories } from '../linux/directories.ts';
import { denied, invalid, missing, ok, unsigned } from '../linux/settings.ts';
import { configRoot } from './configfs.ts';
import { debugRoot, readDebug, writeDebug } from './debug-files.ts';
import type { NodeState } from './node-state.ts';
import { ramsterRoot, readSwitch, writeSwitch } from './switches.ts';
import { meminfo, netTcp, swaps, vmstat } from './tables.ts';

export const kernel = '3.10.35-ramster';
export const os = 'Debian GNU/Linux 7 (wheezy)';
export const commandLine = 'BOOT_IMAGE=/vmlinuz-3.10.35-ramster root=/dev/vda2 ro quiet zcache ramster';
const swappinessFile = '/proc/sys/vm/swappiness';

/** @param now gives the node's state, which is another one after a reboot */
export function filesOf(now: () => NodeState): LabFiles {
  return {
    read: (path) => readFile(now(), path),
    directories: (pattern) =>
      matchDirectories(
        [
          ...now().config.directories(),
          ramsterRoot,
          ...['zcache', 'zbud', 'ramster', 'frontswap', 'cleancache'].map((name) => `${debugRoot}/${name}`),
        ],
        pattern,
      ),
    write: (path, value) => {
      const node = now();
      if (path.startsWith(`${ramsterRoot}/`)) return writeSwitch(node, path.slice(ramsterRoot.length + 1), value);
      if (path.startsWith(`${configRoot}/`)) return node.config.write(path, value);
      if (path.startsWith(`${debugRoot}/`)) return writeDebug(node, path.slice(debugRoot.length + 1), value);
      if (path === swappinessFile) return setSwappiness(node, value);
      return readFile(node, path) === undefined ? missing : denied;
    },
  };
}

function setSwappiness(node: NodeState, value: string): WriteOutcome {
  const number = unsigned(value, 100);
  if (number === undefined) return invalid;
  node.swappiness = number;
  return ok;
}

function readFile(node: NodeState, path: string): string | undefined {
  if (path.startsWith(`${ramsterRoot}/`)) return readSwitch(node, path.slice(ramsterRoot.length + 1));
  if (path.startsWith(`${configRoot}/`)) return node.config.read(path);
  if (path.startsWith(`${debugRoot}/`)) return readDebug(node, path.slice(debugRoot.length + 1));
  switch (path) {
    case '/proc/meminfo':
      return meminfo(node);
    case '/proc/vmstat':
      return vmstat(node);
    case '/proc/swaps':
      return swaps(node);
    case '/proc/net/tcp':
      return netTcp(node);
    case '/proc/uptime':
      return `${node.seconds.toFixed(2)} ${(node.seconds * 1.7).toFixed(2)}\n`;
    case '/proc/cmdline':
      return `${commandLine}\n`;
    case '/proc/version':
      return `Linux version ${kernel} (root@vm) (gcc version 11.3.0 (Debian 11.3.0-12) ) #5 SMP Mon Nov 23 18:15:36 UTC 2026\n`;
    case '/proc/sys/kernel/random/boot_id':
      return `${node.bootId}\n`;
    case '/proc/sys/kernel/hostname':
      return `${node.name}\n`;
    case swappinessFile:
      return `${String(node.swappiness)}\n`;
    case '/proc/sys/vm/overcommit_memory':
      return '0\n';
    case '/proc/sys/vm/overcommit_ratio':
      return '50\n';
    case '/proc/sys/vm/page-cluster':
      return '3\n';
    case '/proc/sys/vm/min_free_kbytes':
      return `${String(node.lowMark * 2)}\n`;
    case '/etc/os-release':
      return `PRETTY_NAME="${os}"\nNAME="Debian GNU/Linux"\nVERSION_ID="7"\nVERSION="7 (wheezy)"\nID=debian\n`;
    default:
      return undefined;
  }
}
